"""A recorded day, folded from events and played once more."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Event, EventKind
from cti.queued import queued_event
from routing.agent_state import AgentState
from routing.patience import PatienceCurve
from routing.place import Place
from routing.policy import Policy
from routing.recorded_day import RecordedCall, RecordedDay, recorded_day
from routing.replay import replay, streams_of_queue, team_of
from routing.simulated_day import Outcome
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text

S = AgentState
START, END = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
POLICY = policy_of(queue_text("tax", "needs: [{skill: tax}]"), queue_text("bill"))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def change(agent_id: str, seconds: float, state: AgentState, key: str = "") -> Event:
    return Event(EventKind.AGENT_STATE_CHANGED, at(seconds), key, agent_id, {"state": state.value})


def queued(key: str, seconds: float, queue: str = "tax") -> Event:
    return queued_event(Place(key, queue, at(seconds), "c"))


def ended(kind: EventKind, key: str, seconds: float) -> Event:
    return Event(kind, at(seconds), key)


def call(key: str, at_s: float, wait_s: float, handling_s: float | None = 60, queue: str = "tax") -> RecordedCall:
    return RecordedCall(Place(key, queue, at(at_s), "c"), wait_s, handling_s is None, handling_s)


def test_a_day_is_folded_from_its_events() -> None:
    day = recorded_day([
        change("a", 100, S.NOT_READY), change("a", 150, S.READY), queued("one", 200), queued("two", 210), queued("three", 220),
        change("a", 200, S.RESERVED, "one"), change("a", 205, S.TALKING, "one"), ended(EventKind.INTERACTION_ANSWERED, "one", 205),
        ended(EventKind.INTERACTION_ABANDONED, "two", 240), ended(EventKind.CALLBACK_PROMISED, "three", 250),
        change("a", 265, S.WRAP_UP, "one"), change("a", 300, S.NOT_READY), change("a", 400, S.READY), change("a", 500, S.OFFLINE),
        queued("late", 600),
    ], START, END)  # fmt: skip
    assert [(each.place.interaction_id, each.wait_s, each.gave_up, each.handling_s) for each in day.calls] == [
        ("one", 5, False, 95), ("two", 30, True, None),
    ]  # fmt: skip
    assert day.duty == {"a": ((150, 300), (400, 500))}


def test_who_was_handed_over_came_twice_and_each_agent_handled_them_for_their_own_time() -> None:
    answered = EventKind.INTERACTION_ANSWERED
    day = recorded_day([
        queued("one", 0), Event(answered, at(5), "one", "a"), change("a", 5, S.TALKING, "one"),
        Event(EventKind.INTERACTION_HANDED_OVER, at(65), "one", "a"),
        queued_event(Place("one", "tax", at(0), "c").handed_on("bill", at(65))),
        change("a", 65, S.WRAP_UP, "one"), change("a", 95, S.READY),
        Event(answered, at(85), "one", "b"), change("b", 85, S.TALKING, "one"), change("b", 185, S.READY),
    ], START, END)  # fmt: skip
    assert [(each.place.queue, each.place.queued_at, each.wait_s, each.handling_s) for each in day.calls] == [
        ("tax", at(0), 5, 90), ("bill", at(65), 20, 100),
    ]  # fmt: skip


def test_who_was_handed_over_keeps_the_turn_of_their_first_moment_in_a_replay() -> None:
    handed = replace(call("handed", 60, 10), place=Place("handed", "bill", at(60), "c", credit_s=55.0))
    calls = (call("first", 0, 0, 100, "bill"), call("before", 30, 10, 20, "bill"), handed)
    day = replay(RecordedDay(START, calls, {"a": ((0, 1000),)}), POLICY, {"a": {}}, 1)
    assert {one.arrival_s: one.wait_s for one in day.records()} == {0: 0, 60: 40, 30: 130}, "they had come before that one"


def test_what_is_known_of_each_caller_is_kept_and_the_rest_drawn() -> None:
    calls = (call("one", 0, 0, 100), call("two", 10, 30, None), call("three", 20, 95, 50), call("four", 25, 500, None))
    day = RecordedDay(START, calls, {"a": ((0, 1000),)})
    done = list(replay(day, POLICY, {"a": {"tax": 3}}, seed=1).records())
    assert [(one.arrival_s, one.outcome, one.wait_s) for one in done] == [
        (0, Outcome.ANSWERED, 0), (10, Outcome.ABANDONED, 30), (20, Outcome.ANSWERED, 80), (25, Outcome.ANSWERED, 125),
    ]  # fmt: skip
    assert [one.handling_s for one in done[:3]] == [100, done[1].handling_s, 50]
    assert done[1].handling_s in (50, 100), "as somebody's of the queue"


def test_another_policy_meets_the_same_callers() -> None:
    calls = tuple(call(f"c{number:02}", number * 5, 20, 40 if number % 3 else None) for number in range(40))
    day = RecordedDay(START, calls, {"a": ((0, 400),), "b": ((0, 400),)})
    skills = {"a": {"tax": 3}, "b": {}}
    strict, open_to_all = replay(day, POLICY, skills, 1), replay(day, policy_of(queue_text("tax"), queue_text("bill")), skills, 1)
    for name in ("arrival_s", "patience_s", "handling_s"):
        assert list(getattr(strict.calls, name)) == list(getattr(open_to_all.calls, name))
    assert open_to_all.figures().answered > strict.figures().answered
    again = replay(day, POLICY, skills, 1)
    assert list(again.records()) == list(strict.records())


def test_more_agents_are_a_roster_of_their_own() -> None:
    day = RecordedDay(START, tuple(call(f"c{number}", number, 50, 100) for number in range(6)), {"a": ((0, 900),)})
    one = team_of(day, {"a": {"tax": 1}})
    three = [*one, replace(one[0], agent_id="b"), replace(one[0], agent_id="c")]
    waits = [replay(day, POLICY, {"a": {"tax": 1}}, 1, agents).figures().mean_wait_s for agents in (None, three)]
    assert waits[1] < waits[0]


def test_callers_stand_in_line_as_the_policy_says_and_are_counted_by_queue() -> None:
    calls = (call("first", 0, 0, 100), call("usual", 1, 50, 10), call("urgent", 2, 50, 10, "bill"))
    policy = policy_of(queue_text("tax"), queue_text("bill", "priority: 1"))
    done = replay(RecordedDay(START, calls, {"a": ((0, 500),)}), policy, {}, 1)
    assert done.figures(streams_of_queue(done, "bill")).asa_s == 98
    assert done.figures(streams_of_queue(done, "tax")).asa_s == pytest.approx((0 + 109) / 2)


def test_patience_is_that_of_those_who_gave_up_later() -> None:
    curve = PatienceCurve([(10, True), (20, False), (30, True), (40, False)])
    assert [curve.share_after(moment) for moment in (0, 10, 25, 30, 99)] == [1, 0.75, 0.75, 0.375, 0.375]
    assert curve.beyond(20, 0.4) == 30
    assert curve.beyond(20, 0.6) == math.inf, "half of those who are left never gave up"
    assert curve.beyond(40, 0.0) == math.inf
    assert PatienceCurve([]).beyond(5, 0.5) == math.inf


class CountedWait(float):
    """A wait that counts how often it is compared with another."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        CountedWait.compared += 1
        return float(self) == other

    def __lt__(self, other: float) -> bool:
        CountedWait.compared += 1
        return float(self) < float(other)

    __hash__ = float.__hash__


def test_the_curve_of_many_callers_takes_as_long_as_they_are_many() -> None:
    """A large queue has a hundred thousand waits, all different: whoever looks at all of them for each takes minutes."""
    many = 2000
    waits = [(CountedWait(number * 7919 % many), number % 3 == 0) for number in range(many)]
    CountedWait.compared = 0
    curve = PatienceCurve(waits)
    assert CountedWait.compared < 40 * many
    assert 1 > curve.share_after(many / 2) > curve.share_after(many)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=30), st.integers(0, 60), st.floats(0, 0.999))
def test_nobody_gives_up_before_they_are_known_to_have_waited(waits: list[tuple[int, bool]], waited: int, chance: float) -> None:
    beyond = PatienceCurve(waits).beyond(waited, chance)
    assert beyond > waited
    assert beyond == math.inf or (beyond, True) in waits


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(0, 60))
def test_without_answers_the_curve_is_the_plain_share(waits: list[int], moment: int) -> None:
    share = PatienceCurve([(wait, True) for wait in waits]).share_after(moment)
    assert share == pytest.approx(sum(wait > moment for wait in waits) / len(waits))


def test_a_day_is_played_with_its_sites_hours_and_callers_whereabouts() -> None:
    """START is 7:00 in Jakarta and Surabaya: Jakarta opens at 7:05, Surabaya takes one call at once and closes at 7:10."""
    sites = sites_text(
        site_text("jakarta", "Jakarta", "hours: {mon: 07:05-20:00}"),
        site_text("surabaya", "Surabaya", "hours: {mon: 06:00-07:10}, capacity: 1"),
    )  # fmt: skip
    policy = policy_of(queue_text("tax", "sites: {near_km: 0, any_after_s: 600}"), more=sites)
    calls = tuple(
        RecordedCall(Place(key, "tax", at(at_s), "c", region="surabaya", confidence=2), 0, False, 200)
        for key, at_s in (("one", 0), ("two", 10), ("three", 250), ("four", 700), ("five", 710))
    )  # fmt: skip
    duty = dict.fromkeys(("jak", "sby1", "sby2"), ((0.0, 2000.0),))
    day = RecordedDay(START, calls, duty)
    agent_sites = {"jak": "jakarta", "sby1": "surabaya", "sby2": "surabaya"}
    played = list(replay(day, policy, {}, 1, sites=agent_sites).records())
    assert [(one.agent_id, one.wait_s) for one in played] == [
        ("sby1", 0),  # the nearest
        ("sby2", 190),  # its one call at once is over, and Jakarta is closed till then
        ("jak", 50),  # Surabaya is full, so Jakarta, as soon as it opens
        ("jak", 0), ("jak", 190),  # Surabaya has closed
    ]  # fmt: skip
    anywhere = list(replay(day, policy_of(queue_text("tax")), {}, 1, sites=agent_sites).records())
    assert [one.wait_s for one in anywhere] == [0] * 5, "a policy without sites has no use for them"
    assert list(replay(day, policy, {}, 1, sites=agent_sites).records()) == played


def helped_by_bill(overflow: str) -> Policy:
    return policy_of(queue_text("tax", f"needs: [{{skill: tax}}], overflow: [{overflow}]"), queue_text("bill"))


def test_a_queue_overflows_on_length_as_it_would_live_and_helps_those_who_wait() -> None:
    calls = (call("one", 0, 0, 100), call("two", 10, 500, 60), call("three", 20, 500, 60), call("four", 30, 500, 60))
    day = RecordedDay(START, calls, {"a": ((0, 2000),), "b": ((0, 2000),)})
    skills = {"a": {"tax": 3}, "b": {}}
    done = list(replay(day, helped_by_bill("{waiting: 2, also: bill}"), skills, seed=1).records())
    # At 20 two wait, and the first of them is helped at once; then one waits, until the fourth comes: b is busy until 80.
    assert [(one.agent_id, one.wait_s) for one in done] == [("a", 0), ("b", 10), ("b", 60), ("a", 70)]
    alone = list(replay(day, POLICY, skills, seed=1).records())
    assert [one.agent_id for one in alone] == ["a", "a", "a", "a"]


def test_a_queue_overflows_where_nobody_is_there_until_somebody_comes() -> None:
    calls = (call("one", 0, 0, 30), call("two", 110, 0, 30))
    day = RecordedDay(START, calls, {"a": ((100, 2000),), "b": ((0, 2000),)})
    skills = {"a": {"tax": 3}, "b": {}}
    done = list(replay(day, helped_by_bill("{unstaffed: true, also: bill}"), skills, seed=1).records())
    assert [(one.agent_id, one.wait_s) for one in done] == [("b", 0), ("a", 0)]


def test_what_a_replay_can_not_judge_changes_nothing() -> None:
    calls = (call("one", 0, 0, 30), call("two", 1, 0, 30))
    day = RecordedDay(START, calls, {"a": ((0, 2000),), "b": ((0, 2000),)})
    done = list(replay(day, helped_by_bill("{expected_wait_s: 1, also: bill}"), {"a": {"tax": 3}, "b": {}}, seed=1).records())
    assert [one.agent_id for one in done] == ["a", "a"]
