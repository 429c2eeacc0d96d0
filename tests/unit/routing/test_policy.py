"""What a policy says of a caller: who may serve them when, and who comes before whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.asked_first import AskedAs, AskedFirst
from routing.needs import NOTHING, AtLeast, Needs, Skill, all_of, any_of, in_words, just_enough, relaxed, some_of
from routing.order import FIRST
from routing.place import Place
from routing.plans import Circle
from tests.unit.routing.small_policy import policy_of, queue_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ENGLISH = """
languages:
  en:
    needs: [{skill: english, at_least: 2}]
    rings: [{after_s: 45, drop: [english]}]
"""


def place(queue: str = "a", waited_s: float = 0, **more: object) -> Place:
    return Place(f"i{queue}{waited_s}{more}", queue, NOW - timedelta(seconds=waited_s), "c", **more)  # type: ignore[arg-type]


def needs_by_ring(policy, queue: str, language: str) -> list[tuple[float, list[list[str]]]]:
    return [(ring.after_s, [in_words(circle.needs) for circle in ring.circles]) for ring in policy.plan(queue, language).rings]


def test_each_ring_relaxes_what_came_before_it() -> None:
    asked = "needs: [{skill: tax, at_least: 4}, {any_of: [{skill: javanese}, {skill: sunda, at_least: 3}]}]"
    rings = "rings: [{after_s: 30, lower: {tax: 2}}, {after_s: 60, drop: [sunda]}, {after_s: 90, drop: [tax]}]"
    policy = policy_of(queue_text("a", f"{asked}, {rings}"))
    assert needs_by_ring(policy, "a", "id") == [
        (0, [["tax>=4", "any of (javanese>=1, sunda>=3)"]]),
        (30, [["tax>=2", "any of (javanese>=1, sunda>=3)"]]),
        (60, [["tax>=2"]]),
        (90, [[]]),
    ]


def test_a_language_asks_and_relaxes_beside_the_queue() -> None:
    policy = policy_of(queue_text("a", "needs: [{skill: tax}], rings: [{after_s: 60, drop: [tax]}]"), more=ENGLISH)
    assert needs_by_ring(policy, "a", "en") == [(0, [["tax>=1", "english>=2"]]), (45, [["tax>=1"]]), (60, [[]])]
    assert needs_by_ring(policy, "a", "id") == [(0, [["tax>=1"]]), (60, [[]])]


def test_the_agents_of_another_queue_come_second_and_speak_the_language_too() -> None:
    first, other = "needs: [{skill: tax}], rings: [{after_s: 20, also: b}]", "needs: [{skill: bill}]"
    policy = policy_of(queue_text("a", first), queue_text("b", other), more=ENGLISH)
    plan = policy.plan("a", "en")
    tax, bill, english = Skill("tax"), Skill("bill"), Skill("english", 2)
    assert plan.circles_at(1) == (Circle(all_of((tax, english))), Circle(all_of((bill, english))))
    assert plan.circles_at(2)[-2:] == (Circle(tax), Circle(bill))


def test_callers_of_a_kind_share_one_plan_and_those_of_a_queue_that_is_gone_go_by_the_fallback() -> None:
    policy = policy_of(queue_text("a", "needs: [{skill: tax}]"), queue_text("b"))
    assert policy.plan("b", "id") is policy.plan("b", "id")
    assert policy.plan("gone", "id").rings == policy.plan("a", "id").rings
    assert policy.number(place("gone")) == policy.number(place("a"))


def test_rings_begin_at_their_own_time_after_the_last_agent_was_asked() -> None:
    rings = "needs: [{skill: tax}, {skill: law}], rings: [{after_s: 10, drop: [law]}, {after_s: 60, drop: [tax]}]"
    policy = policy_of(queue_text("a", f"{rings}, last_agent: {{within_h: 1, wait_s: 20}}"))
    tax, law = Skill("tax"), Skill("law")
    one = AskedFirst("1001", 20, AskedAs.LAST)
    assert [(ring.after_s, ring.circles) for ring in policy.plan("a", "id", one).rings] == [
        (0, (Circle(NOTHING, agent="1001"),)), (20, (Circle(all_of((tax, law))), Circle(tax))), (60, (Circle(NOTHING),)),
    ]  # fmt: skip
    assert policy.plan("a", "id", one) is policy.plan("a", "id", one) is not policy.plan("a", "id", one._replace(agent_id="1002"))


def test_a_customers_own_agent_is_asked_before_the_last_one_each_for_as_long_as_the_queue_says() -> None:
    rules = "named_agent: {wait_s: 30}, last_agent: {within_h: 1, wait_s: 20}"
    policy = policy_of(queue_text("both", rules), queue_text("neither"))
    them = replace(place("both"), named_agent="1001", last_agent="1002", last_talk_ago_s=3600)
    own, last = AskedFirst("1001", 30, AskedAs.NAMED), AskedFirst("1002", 20, AskedAs.LAST)
    assert policy.asked_first(them) == [own, last]
    assert policy.asked_first(replace(them, last_talk_ago_s=3601)) == [own]
    assert policy.asked_first(replace(them, named_agent="")) == [last]
    assert policy.asked_first(replace(them, queue="neither")) == []
    assert policy.queue("both").longest_alone_s == 30
    assert policy.queue("neither").longest_alone_s == 0


def test_a_priority_is_worth_waiting_time_so_that_nobody_starves() -> None:
    policy = policy_of(queue_text("urgent", "priority: 4"), queue_text("usual"), more="order: {head_start_s: 100}")
    number = policy.number
    assert number(place("urgent")) < number(place("usual", 99)), "urgent, and hardly later"
    assert number(place("usual", 101)) < number(place("urgent")), "whoever has waited for so long is before them"
    assert number(place("usual", priority=FIRST)) < number(place("urgent", 86_000)), "an agent was lost: before everybody"


def test_credit_adds_up_and_has_a_bound() -> None:
    order = "order: {head_start_s: 10, credit_s: {segments: {gold: 30}, reasons: {fraud: 50, bill: 20}, second_call_today: 7}}"
    policy = policy_of(queue_text("a"), more=order)
    usual = policy.number(place())
    for worth, more in ((30, {"segment": "gold"}), (50, {"reason": "fraud:17"}), (7, {"second_call": True}), (0, {"segment": "x"})):
        assert usual - policy.number(place(**more)) == worth
    assert usual - policy.number(place(segment="gold", reason="bill", second_call=True)) == 57
    assert policy.order.most_ahead_s == 8 * 10 + 30 + 50 + 7


@given(
    st.integers(1, 9), st.integers(1, 9), st.sampled_from(["", "gold"]), st.sampled_from(["", "fraud"]), st.booleans(),
    st.floats(0, 5000),
)  # fmt: skip
def test_whoever_comes_later_than_the_bound_is_behind(
    mine: int, theirs: int, segment: str, reason: str, second: bool, later_s: float
) -> None:
    credit = "{segments: {gold: 90}, reasons: {fraud: 50}, second_call_today: 30}"
    policy = policy_of(queue_text("a"), more=f"order: {{head_start_s: 60, credit_s: {credit}}}")
    me = Place("me", "a", NOW, "c", mine)
    arrives = NOW + timedelta(seconds=policy.order.most_ahead_s + 0.001 + later_s)
    them = Place("them", "a", arrives, "c", theirs, segment=segment, reason=reason, second_call=second)
    assert policy.number(me) < policy.number(them)


def test_the_position_counts_only_the_same_queue_in_the_order_of_the_line() -> None:
    policy = policy_of(queue_text("a"), queue_text("b"), more="order: {credit_s: {second_call_today: 60}}")
    line = {key: Place(key, queue, NOW + timedelta(seconds=at), "c", second_call=again) for key, queue, at, again in (
        ("1", "a", 0, False), ("2", "b", 1, False), ("3", "a", 2, False), ("4", "a", 50, True),
    )}  # fmt: skip
    assert [policy.position(line, key) for key in ("4", "1", "3", "2", "9")] == [1, 2, 3, 1, None]


SKILLS = st.sampled_from(["a", "b", "c", "d"])
NEEDS = st.recursive(
    st.builds(Skill, SKILLS, st.integers(1, 5)) | st.just(NOTHING),
    lambda inner: st.lists(inner, min_size=1, max_size=4).flatmap(
        lambda parts: st.integers(1, len(parts)).map(lambda count: some_of(count, parts))
    ),
    max_leaves=8,
)


@given(NEEDS, st.sets(SKILLS), st.dictionaries(SKILLS, st.integers(1, 5)), st.dictionaries(SKILLS, st.integers(1, 5)))
def test_relaxing_never_takes_anybody_away(needs: Needs, drop: set[str], lower: dict[str, int], agent: dict[str, int]) -> None:
    if needs.met_by(agent):
        assert relaxed(needs, drop, lower).met_by(agent)
    better = {skill: max(agent.get(skill, 0), 5 if skill in drop else 0) for skill in "abcd"}
    assert relaxed(needs, drop, {}).met_by(agent) == needs.met_by(better), "what is dropped counts as if everybody were best at it"


def test_needs_are_as_small_as_they_can_be() -> None:
    a, b = Skill("a"), Skill("b", 3)
    assert some_of(2, [a, NOTHING, b]) == any_of([a, b]) == AtLeast(1, (a, b))
    assert some_of(1, [a, NOTHING]) == NOTHING
    assert some_of(2, [a, b]) == all_of([a, b, a, NOTHING]) == AtLeast(2, (a, b))
    with pytest.raises(ValueError, match="at least 3 of 2"):
        some_of(3, [a, b])


def test_just_enough_meets_the_needs_and_nothing_less_does() -> None:
    needs = all_of([Skill("x", 3), all_of([Skill("x", 2), Skill("y")])])
    least = just_enough(needs)
    assert least == {"x": 3, "y": 1}
    assert needs.met_by(least)
    assert not any(needs.met_by({**least, skill: level - 1}) for skill, level in least.items())
    assert just_enough(NOTHING) == {}
    assert just_enough(all_of([Skill("x"), any_of([Skill("y"), Skill("z")])])) is None
