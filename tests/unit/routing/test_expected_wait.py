"""The line played forward: exact where all durations are known, and a moment that comes nearer unless something happens."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.expected_wait import simulated, told_on
from core.events import Event, EventKind
from routing.agent_state import AgentState
from routing.expectations import Cause, Expectation, next_expectation
from routing.expected_wait import Draws, Forecast, Wait
from routing.handling_times import HandlingTimes
from routing.live import LiveAgent
from routing.needs import Skill
from routing.outlook import FloorNow, Standing, newcomer_of, outlook
from routing.place import Place
from routing.plans import Circle, Plan, Ring

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SALES, HELP = Circle(Skill("sales")), Circle(Skill("help"))
PLAN, WIDENING = Plan((Ring(0, (SALES,)),)), Plan((Ring(0, (SALES,)), Ring(60, (HELP,))))
DRAWS = Draws(16)
EVERYBODY = {SALES: ("anna", "budi"), HELP: ("citra",)}


def sure_times() -> HandlingTimes:
    """Each call takes 90 s of talk and 10 s of wrap-up, is answered in a second, and nobody ever gives up."""
    times = HandlingTimes()
    of = times.of("q")
    for _ in range(3000):
        of.answering.learn(1)
        of.talk.learn(90)
        of.wrap_up.learn(10)
        of.forbearance.learn(10_000, gave_up=False)
    return times


def at_times(**free_s: float) -> Mapping[str, np.ndarray]:
    return {agent_id: np.full(DRAWS.count, float(seconds)) for agent_id, seconds in free_s.items()}


def forecast(members: Mapping[Circle, Collection[str]] = EVERYBODY, **free_s: float) -> Forecast:
    return Forecast(at_times(**free_s), lambda circle: members[circle], sure_times(), DRAWS)


def expected_s(wait: Wait | None) -> float:
    assert wait is not None
    return wait.expected_s


def test_each_caller_gets_the_agent_who_is_free_first_in_the_order_of_the_line() -> None:
    floor = forecast(anna=30, budi=50)
    waits = [expected_s(floor.serve(f"i{number}", "q", PLAN, 0)) for number in range(4)]
    assert waits == pytest.approx([31, 51, 31 + 100, 51 + 100], rel=0.15)  # their talks spread by 5 % at least


def test_whoever_comes_now_waits_for_all_in_line_and_changes_nothing() -> None:
    floor = forecast(anna=30, budi=50)
    floor.serve("i1", "q", PLAN, 0)
    floor.serve("i2", "q", PLAN, 0)
    assert expected_s(floor.newcomer("q", PLAN)) == expected_s(floor.newcomer("q", PLAN)) == pytest.approx(131, rel=0.15)


def test_an_agent_of_a_later_ring_counts_from_there_on() -> None:
    assert expected_s(forecast(anna=300, citra=0).serve("i1", "q", WIDENING, 20)) == pytest.approx(41, abs=2)
    assert expected_s(forecast(anna=10, citra=0).serve("i1", "q", WIDENING, 20)) == pytest.approx(11, abs=2)
    assert expected_s(forecast(anna=300, citra=0).serve("i1", "q", WIDENING, 90)) == pytest.approx(1, abs=2)


def test_who_is_ready_is_not_kept_for_somebody_whose_ring_has_not_begun() -> None:
    helped = Plan((Ring(0, (HELP,)),))
    floor = forecast(anna=300, citra=0)
    assert expected_s(floor.serve("i1", "q", WIDENING, 20)) == pytest.approx(41, abs=2)
    assert expected_s(floor.newcomer("q", helped)) == pytest.approx(1, abs=1), "citra is ready until then"
    assert expected_s(floor.serve("i2", "q", helped, 0)) == pytest.approx(1, abs=1)
    assert expected_s(floor.serve("i3", "q", helped, 0)) == pytest.approx(201, rel=0.15), "after i2 and i1"
    assert expected_s(floor.newcomer("q", PLAN)) == pytest.approx(301, rel=0.05)


def test_nothing_is_expected_where_nobody_is_there_who_could() -> None:
    assert forecast(citra=0).serve("i1", "q", PLAN, 0) is None
    assert forecast().newcomer("q", PLAN) is None


def test_those_who_will_give_up_before_are_not_waited_for() -> None:
    times = sure_times()
    for _ in range(3000):
        times.of("hasty").forbearance.learn(1, gave_up=True)
    floor = Forecast(at_times(anna=200), lambda _circle: ("anna",), times, DRAWS)
    floor.serve("hasty", "hasty", PLAN, 0)
    assert expected_s(floor.serve("i1", "q", PLAN, 0)) == pytest.approx(201, rel=0.05)
    at_home = Forecast(at_times(anna=200), lambda _circle: ("anna",), times, DRAWS)
    at_home.serve("hasty", "hasty", PLAN, 0, at_home=True)  # who is called back does not give up
    assert expected_s(at_home.serve("i1", "q", PLAN, 0)) > 220


# ---- a moment that comes nearer -------------------------------------------------------------------------------------


def a_floor(now: datetime, line: list[Standing], agents: list[LiveAgent], in_hand: Mapping[str, Place]) -> FloorNow:
    return FloorNow(now, line, agents, in_hand, lambda circle: EVERYBODY[circle], {"q": PLAN})


def standing(number: int, queued_at: datetime = NOW) -> Standing:
    return Standing(Place(f"i{number}", "q", queued_at, "c"), PLAN)


def talking(agent_id: str, since: datetime) -> LiveAgent:
    return LiveAgent(agent_id, AgentState.TALKING, since, interaction_id=f"of {agent_id}")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(0, 600), min_size=1, max_size=2), st.integers(1, 6), st.lists(st.floats(0.1, 120), min_size=1, max_size=8)
)
def test_it_never_rises_unless_something_happened(talked_s: list[float], waiting: int, pauses_s: list[float]) -> None:
    agents = [talking(name, NOW - timedelta(seconds=passed)) for name, passed in zip(("anna", "budi"), talked_s, strict=False)]
    in_hand = {agent.interaction_id: Place(agent.interaction_id, "q", NOW, "c") for agent in agents}
    line, times, now = [standing(number) for number in range(waiting)], HandlingTimes(), NOW
    book: dict[str, Expectation] = {}
    for pause_s in [0.0, *pauses_s]:
        now += timedelta(seconds=pause_s)
        found = dict(outlook(a_floor(now, line, agents, in_hand), times, book, list(book), new_rules=False))
        for key, before in book.items():
            after = found[key]
            assert after is not None
            if not key.startswith("@"):
                assert after.due_s <= before.due_s
                assert after.high_s <= before.high_s
                assert after.low_s <= after.due_s <= after.high_s
        book = {key: each for key, each in found.items() if each is not None}


def a_wait(expected_s: float, able: int = 2) -> Wait:
    return Wait(expected_s, expected_s / 2, expected_s * 2, able)


def test_it_rises_for_a_reason_and_says_which() -> None:
    first = next_expectation(None, a_wait(60), 1000.0, overtaken=False, new_rules=False)
    assert (first.due_s, first.cause) == (1060.0, Cause.FIRST)
    same = next_expectation(first, a_wait(90), 1010.0, overtaken=False, new_rules=False)
    assert same.due_s == 1060.0
    overtaken = next_expectation(first, a_wait(90), 1010.0, overtaken=True, new_rules=False)
    assert (overtaken.due_s, overtaken.cause) == (1100.0, Cause.LINE)
    fewer = next_expectation(first, a_wait(90, able=1), 1010.0, overtaken=False, new_rules=False)
    assert (fewer.due_s, fewer.cause) == (1100.0, Cause.AGENTS)
    rules = next_expectation(first, a_wait(90), 1010.0, overtaken=False, new_rules=True)
    assert (rules.due_s, rules.cause) == (1100.0, Cause.POLICY)


def test_it_is_told_anew_only_when_it_has_moved_by_much() -> None:
    first = next_expectation(None, a_wait(300), 0.0, overtaken=False, new_rules=False)
    near = next_expectation(first, a_wait(260), 0.0, overtaken=False, new_rules=False)
    far = next_expectation(near, a_wait(200), 0.0, overtaken=False, new_rules=False)
    assert (first.told_s, near.told_s, far.told_s) == (300.0, 300.0, 200.0)


def test_what_is_written_is_read_again() -> None:
    one = next_expectation(None, a_wait(61), 1000.0, overtaken=False, new_rules=False)
    assert Expectation.from_json(one.to_json()) == one
    with pytest.raises(ValueError, match="not what may be expected"):
        Expectation.from_json("7")
    with pytest.raises(ValueError, match="not enough values"):
        Expectation.from_json("[1]")


def test_only_who_shares_agents_with_a_newcomer_ahead_is_overtaken() -> None:
    agents = [talking("anna", NOW), LiveAgent("citra", AgentState.TALKING, NOW, interaction_id="x")]
    others = Standing(Place("other", "q", NOW, "c"), Plan((Ring(0, (HELP,)),)))
    line, times = [standing(1), others], sure_times()
    book = {key: each for key, each in outlook(a_floor(NOW, line, agents, {}), times, {}, (), new_rules=False) if each}
    urgent = Standing(Place("urgent", "q", NOW, "c", priority=1), PLAN)
    found = dict(outlook(a_floor(NOW, [urgent, *line], agents, {}), times, book, list(book), new_rules=False))
    mine, theirs = found["i1"], found["other"]
    assert mine is not None
    assert theirs is not None
    assert mine.due_s > book["i1"].due_s + 50
    assert mine.cause is Cause.LINE
    assert theirs.due_s == book["other"].due_s


def test_ready_agents_mean_no_wait_and_those_who_are_away_do_not_count() -> None:
    ready, away = LiveAgent("anna", AgentState.READY, NOW), LiveAgent("budi", AgentState.NOT_READY, NOW)
    found = dict(outlook(a_floor(NOW, [], [ready, away], {}), sure_times(), {}, (), new_rules=False))
    here = found[newcomer_of("q")]
    assert here is not None
    assert here.able == 1
    assert here.due_s == pytest.approx(1, abs=1)
    alone = dict(outlook(a_floor(NOW, [], [away], {}), sure_times(), {}, (), new_rules=False))
    assert alone[newcomer_of("q")] is None


def test_wrap_up_is_over_at_its_deadline_at_the_latest() -> None:
    agent = LiveAgent("anna", AgentState.WRAP_UP, NOW, interaction_id="x", deadline=NOW + timedelta(seconds=5))
    times = HandlingTimes()
    found = dict(outlook(a_floor(NOW, [standing(1)], [agent], {}), times, {}, (), new_rules=False))["i1"]
    assert found is not None
    assert found.high_s <= NOW.timestamp() + 5 + 12
    free = dict(outlook(a_floor(NOW, [standing(1)], [replace(agent, deadline=None)], {}), times, {}, (), new_rules=False))["i1"]
    assert free is not None
    assert free.due_s > found.due_s


# ---- learned from what happens -------------------------------------------------------------------------------------------


def changed(agent_id: str, action: str, before: str, state: str, at_s: float, **data: object) -> Event:
    told = {"action": action, "before": before, "state": state, "reason": "", **data}
    return Event(EventKind.AGENT_STATE_CHANGED, NOW + timedelta(seconds=at_s), "i", agent_id, told)


def test_times_are_learned_from_the_agents_states() -> None:
    times, whole = HandlingTimes(), (np.arange(1000) + 0.5) / 1000
    for round_ in range(400):
        at_s = 1000.0 * round_
        for event in (
            changed("a", "reserve", "READY", "RESERVED", at_s, queue="q"), changed("a", "ring", "RESERVED", "RINGING", at_s + 1),
            changed("a", "answer", "RINGING", "TALKING", at_s + 8), changed("a", "hang_up", "TALKING", "WRAP_UP", at_s + 68),
            changed("a", "done", "WRAP_UP", "READY", at_s + 88),
        ):  # fmt: skip
            times.take(event)
    of = times.of("q")
    medians = [float(np.median(each.drawn(whole))) for each in (of.answering, of.talk, of.wrap_up)]
    assert medians == pytest.approx([8, 60, 20], rel=0.05)


def test_on_simulated_days_the_truth_lies_in_the_bounds_four_times_in_five_and_others_err_more() -> None:
    told = [one for one, _took_s in told_on(simulated(0, 1.05))]
    assert len(told) > 1000
    assert 0.74 <= fmean(one.low_s <= one.truth_s <= one.high_s for one in told) <= 0.87

    def error_s(name: str) -> float:
        return fmean(abs(getattr(one, name) - one.truth_s) for one in told)

    assert error_s("expected_s") < 0.8 * min(error_s("queue_length_s"), error_s("last_answered_s"), error_s("app_queue_s"))
