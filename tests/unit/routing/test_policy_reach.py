"""Who can serve the callers of a queue in each ring: as the engine would have it."""

from hypothesis import given
from hypothesis import strategies as st

from routing.policy_reach import callers_of, reach_of
from tests.unit.routing.small_policy import policy_of, queue_text

ENGLISH = "languages: {en: {needs: [{skill: english, at_least: 2}], rings: [{after_s: 45, drop: [english]}]}}\n"
RINGS = "needs: [{skill: x, at_least: 4}], rings: [{after_s: 30, lower: {x: 2}}, {after_s: 60, also: b}]"
POLICY = policy_of(queue_text("a", RINGS), queue_text("b", "needs: [{skill: y}]"), more=ENGLISH)
AGENTS = {"best": {"x": 5, "english": 3}, "good": {"x": 2}, "other": {"y": 1, "english": 1}, "none": {}}


def test_a_ring_adds_those_who_meet_what_is_left_of_the_needs() -> None:
    plain, english = callers_of(POLICY, "a", AGENTS)
    assert [(ring.after_s, ring.able) for ring in plain.rings] == [
        (0, {"best"}), (30, {"best", "good"}), (60, {"best", "good", "other"}),
    ]  # fmt: skip
    assert [(ring.after_s, len(ring.able)) for ring in english.rings] == [(0, 1), (30, 1), (45, 2), (60, 3)]
    assert (plain.languages, english.languages) == (("id",), ("en",))


def test_callers_are_told_apart_only_where_their_language_makes_a_difference() -> None:
    [callers] = callers_of(policy_of(queue_text("a", RINGS), queue_text("b")), "a", {})
    assert callers.languages == ()
    assert [ring.able for ring in callers.rings] == [frozenset()] * 3


@given(st.dictionaries(st.sampled_from("klmn"), st.dictionaries(st.sampled_from(["x", "y", "english"]), st.integers(1, 5))))
def test_whoever_is_counted_is_in_the_circles_of_that_ring(agents: dict[str, dict[str, int]]) -> None:
    for queue in POLICY.names:
        for language in ("id", "en"):
            plan = POLICY.plan(queue, language)
            for number, ring in enumerate(reach_of(plan, agents)):
                able = {key for key, own in agents.items() if any(circle.holds(key, own) for circle in plan.circles_at(number))}
                assert ring.able == able
