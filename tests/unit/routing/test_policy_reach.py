"""Who can serve the callers of a queue in each ring: as the engine would have it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.agents import Profile
from routing.engine import Engine
from routing.needs import Skill
from routing.plans import ELSEWHERE, Plan
from routing.policy import Policy
from routing.policy_reach import callers_of, reach_of
from tests.unit.routing.small_policy import floor, policy_of, queue_text, site_text, sites_text

ENGLISH = "languages: {en: {needs: [{skill: english, at_least: 2}], rings: [{after_s: 45, drop: [english]}]}}\n"
RINGS = "needs: [{skill: x, at_least: 4}], rings: [{after_s: 30, lower: {x: 2}}, {after_s: 60, also: b}]"
POLICY = policy_of(queue_text("a", RINGS), queue_text("b", "needs: [{skill: y}]"), more=ENGLISH)
AGENTS = floor(best={"x": 5, "english": 3}, good={"x": 2}, other={"y": 1, "english": 1}, none={})


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
def test_whoever_is_counted_is_in_the_circles_of_that_ring(skills: dict[str, dict[str, int]]) -> None:
    for queue in POLICY.names:
        for language in ("id", "en"):
            plan = POLICY.plan(queue, language)
            for number, ring in enumerate(reach_of(POLICY, plan, floor(**skills))):
                able = {key for key, own in skills.items() if any(circle.holds(key, own) for circle in plan.circles_at(number))}
                assert ring.able == able


SITES = sites_text(site_text("jkt", "Jakarta"), site_text("sby", "Surabaya", "hours: always, languages: [id]"))
SHARED = policy_of(queue_text("a", "needs: [{skill: x}], sites: {share: {jkt: 1}, any_after_s: 60}"), queue_text("b"), more=SITES)


def reached(policy: Policy, agents: dict[str, Profile]) -> list[list[tuple[float, set[str]]]]:
    return [[(ring.after_s, set(ring.able)) for ring in each.rings] for each in callers_of(policy, "a", agents)]


def test_agents_count_from_when_on_their_site_is_asked() -> None:
    where = {"jan": "jkt", "surya": "sby", "gone": "bandung"}
    agents = floor(where, jan={"x": 1}, surya={"x": 1}, gone={"x": 1}, none={"x": 1}, unskilled={})
    assert reached(SHARED, agents) == [[(0, {"jan"}), (60, {"jan", "surya", "gone", "none"})]]
    [everywhere] = callers_of(SHARED, "b", agents)
    assert [ring.able for ring in everywhere.rings] == [frozenset(agents)], "this queue does not heed sites"
    [callers] = callers_of(SHARED, "a", agents)
    assert [{circle.site for circle in ring.circles} for ring in callers.rings] == [{"jkt"}, {"sby", ELSEWHERE}]


def test_a_site_where_nobody_could_is_passed_at_once() -> None:
    assert reached(SHARED, floor({"surya": "sby"}, surya={"x": 1}, none={"x": 1})) == [[(0, {"surya"}), (60, {"surya", "none"})]]
    assert reached(SHARED, floor({"jan": "jkt"}, jan={}, none={"x": 1})) == [[(0, {"none"})]]
    assert reached(SHARED, {}) == [[(0, set())]]


def test_a_site_that_does_not_speak_the_language_comes_late() -> None:
    near = policy_of(queue_text("a", "sites: {near_km: 0, any_after_s: 60}"), more=SITES)
    agents = floor({"jan": "jkt", "surya": "sby"}, jan={}, surya={})
    assert reached(near, agents) == [[(0, {"jan", "surya"}), (60, {"jan", "surya"})], [(0, {"jan"}), (60, {"jan", "surya"})]]


def test_what_a_ring_asks_for_at_a_site_is_told_without_what_asks_for_more() -> None:
    asked = "needs: [{skill: x, at_least: 4}], rings: [{after_s: 30, lower: {x: 1}, also: b}]"
    policy = policy_of(
        queue_text("a", f"{asked}, sites: {{share: {{jkt: 1}}, any_after_s: 60}}"),
        queue_text("b", "needs: [{skill: y}]"),
        more=SITES,
    )
    [callers] = callers_of(policy, "a", floor({"jan": "jkt"}, jan={"x": 4}))
    told = [[(circle.site, circle.needs) for circle in ring.circles] for ring in callers.rings]
    assert told[:2] == [[("jkt", Skill("x", 4))], [("jkt", Skill("x")), ("jkt", Skill("y"))]]
    assert told[2] == [(site, Skill(skill)) for skill in "xy" for site in ("sby", ELSEWHERE)]


RULES = ("near_km: 0", "share: {jkt: 2, mks: 1}", "share: {sby: 1}", "near_km: 0, widen: [{after_s: 10, km: 900}]")
people = st.dictionaries(st.sampled_from("klmnop"), st.tuples(st.integers(1, 5), st.sampled_from(["jkt", "sby", "mks", ""])))


@settings(deadline=None)
@given(people, st.sampled_from(RULES), st.sampled_from(["", "id", "en"]))
def test_who_is_counted_is_whom_the_engine_would_give_the_caller(
    people: dict[str, tuple[int, str]], rule: str, language: str
) -> None:
    queue = f"needs: [{{skill: x, at_least: 3}}], rings: [{{after_s: 30, lower: {{x: 1}}}}], sites: {{{rule}, any_after_s: 60}}"
    policy = policy_of(queue_text("a", queue), more=SITES + "  " + site_text("mks", "Makassar", "hours: always, cost: 2") + "\n")
    agents = {key: Profile(key, key, {"x": level}, site) for key, (level, site) in people.items()}
    plan = policy.plan("a", language)
    for ring in reach_of(policy, plan, agents):
        assert ring.able == {key for key in agents if gets_the_caller(policy, plan, agents, key, ring.after_s)}


def gets_the_caller(policy: Policy, plan: Plan, agents: dict[str, Profile], who: str, after_s: float) -> bool:
    """Whether this one of all who are on duty, ready after so long a wait, is given the caller."""
    engine = Engine(sites=policy.site_limits)
    for key, one in agents.items():
        engine.know(key, one.proficiencies, policy.site_of_agent(one.site))
    engine.wait("caller", 0.0, 0.0, plan, 0.0)
    for now_s in (0.0, 10.0, 30.0, 60.0):
        if now_s <= after_s:
            engine.match(now_s)
    engine.ready(who, after_s)
    return [match.agent_id for match in engine.match(after_s)] == [who]
