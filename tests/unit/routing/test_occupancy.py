"""How occupied agents are today, from what they do; and whom a queue chooses by it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Event, EventKind
from routing.agent_state import AgentState
from routing.balance import Balance, Choice
from routing.engine import Engine
from routing.needs import NOTHING, Skill
from routing.occupancy import Occupancies
from routing.plans import Circle, Plan, Ring

S = AgentState
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)  # in Jakarta


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def today() -> Occupancies:
    return Occupancies("Asia/Jakarta")


def test_handling_is_talk_and_wrap_up_and_breaks_do_not_count(today: Occupancies) -> None:
    for state, seconds in ((S.READY, 0), (S.RESERVED, 60), (S.RINGING, 61), (S.TALKING, 65), (S.WRAP_UP, 125), (S.NOT_READY, 160)):
        today.see("a", state, at(seconds))
    today.see("a", S.READY, at(760))
    assert today.occupancy("a") == pytest.approx(95 / (65 + 95))
    assert today.occupancy("nobody") == 0


def test_what_is_told_twice_counts_once_and_the_rank_stays_while_they_are_ready(today: Occupancies) -> None:
    for _time in range(2):
        today.see("a", S.READY, at(0))
        today.see("a", S.TALKING, at(50))
        today.see("a", S.READY, at(100))
    today.see("a", S.TALKING, at(50))
    assert today.occupancy("a") == 0.5


def test_a_new_day_begins_at_midnight_over_there(today: Occupancies) -> None:
    midnight = datetime(2026, 3, 2, 17, tzinfo=UTC)
    today.see("a", S.TALKING, midnight - timedelta(seconds=500))
    today.see("a", S.READY, midnight + timedelta(seconds=30))
    today.see("a", S.TALKING, midnight + timedelta(seconds=60))
    today.see("a", S.READY, midnight + timedelta(seconds=120))
    assert today.occupancy("a") == pytest.approx(90 / 120)


def test_what_has_lasted_since_midnight_counts_from_midnight_after_a_restart(today: Occupancies) -> None:
    midnight = datetime(2026, 3, 2, 17, tzinfo=UTC)

    def change(before: AgentState, state: AgentState, seconds: float) -> Event:
        data = {"before": before.value, "state": state.value}
        return Event(EventKind.AGENT_STATE_CHANGED, midnight + timedelta(seconds=seconds), agent_id="a", data=data)

    today.fold([change(S.READY, S.TALKING, 1800), change(S.TALKING, S.READY, 2400)])
    assert today.occupancy("a") == pytest.approx(600 / 2400)


STATES = st.sampled_from([S.READY, S.TALKING, S.WRAP_UP, S.NOT_READY, S.OFFLINE])


@given(st.lists(st.tuples(STATES, st.integers(1, 500)), max_size=20))
def test_folded_from_the_log_it_is_the_same_as_seen_live(steps: list[tuple[AgentState, int]]) -> None:
    live, folded, events, passed = Occupancies("Asia/Jakarta"), Occupancies("Asia/Jakarta"), [], 0
    handling, ready, before = 0, 0, S.OFFLINE
    for state, seconds in [*steps, (S.NOT_READY, 1), (S.READY, 1)]:
        data = {"state": state.value, "before": before.value}
        events.append(Event(EventKind.AGENT_STATE_CHANGED, at(passed), agent_id="a", data=data))
        live.see("a", state, at(passed))
        truth = handling / (handling + ready) if handling + ready else 0
        before, passed = state, passed + seconds
        handling += seconds if state in (S.TALKING, S.WRAP_UP) else 0
        ready += seconds if state is S.READY else 0
    folded.fold(events)
    assert live.occupancy("a") == pytest.approx(truth) == pytest.approx(folded.occupancy("a"))


def engine_with(choice: Choice, *agents: tuple[str, dict[str, int], float, float]) -> tuple[Engine, Plan]:
    engine = Engine(["sales", "javanese", "english"])
    for name, skills, _idle_since_s, _occupancy in agents:
        engine.know(name, skills)
    for name, _skills, idle_since_s, occupancy in agents:
        engine.ready(name, idle_since_s, occupancy)
    return engine, Plan((Ring(0, (Circle(NOTHING),)),), choice)


def who_gets_it(engine: Engine, plan: Plan) -> str:
    engine.wait("i", 0, 10, plan, 10)
    [found] = engine.match(10)
    return found.agent_id


def test_the_least_occupied_is_chosen_and_of_two_the_longest_idle() -> None:
    agents = (("busy", {}, 0.0, 0.8), ("calm", {}, 5.0, 0.3), ("as_calm", {}, 4.0, 0.3))
    assert who_gets_it(*engine_with(Choice(Balance.LEAST_OCCUPIED), *agents)) == "as_calm"
    assert who_gets_it(*engine_with(Choice(), *agents)) == "busy"


def test_the_scarce_one_is_kept_free_for_those_who_need_them() -> None:
    many = [(f"usual{number}", {"sales": 3}, 5.0 + number, 0.0) for number in range(20)]
    scarce = ("scarce", {"sales": 3, "javanese": 4}, 0.0, 0.0)
    assert who_gets_it(*engine_with(Choice(), scarce, *many)) == "scarce"
    assert who_gets_it(*engine_with(Choice(keep_scarce_free=True), scarce, *many)) == "usual0", "the longest idle of the others"
    engine, _plan = engine_with(Choice(keep_scarce_free=True), scarce, *many)
    needed = Plan((Ring(0, (Circle(Skill("javanese")),)),), Choice(keep_scarce_free=True))
    assert who_gets_it(engine, needed) == "scarce", "who needs them gets them"


def test_a_scarce_one_alone_does_not_stand_idle() -> None:
    assert who_gets_it(*engine_with(Choice(keep_scarce_free=True), ("scarce", {"javanese": 4}, 0.0, 0.0))) == "scarce"


def test_a_skill_that_nobody_asks_for_is_not_scarce() -> None:
    agents = (("juggler", {"juggling": 5}, 0.0, 0.0), ("usual", {}, 5.0, 0.0))
    assert who_gets_it(*engine_with(Choice(keep_scarce_free=True), *agents)) == "juggler"


def test_scarcity_follows_who_is_there_also_for_those_who_are_ready_already() -> None:
    engine = Engine(["sales", "javanese"])
    for number in range(10):  # each is ready before the next comes on duty
        engine.know(f"a{number}", {"sales": 3, "javanese": 1})
        engine.ready(f"a{number}", float(number))
        engine.match(float(number))
    plan, given_to = Plan((Ring(0, (Circle(Skill("sales")),)),), Choice(keep_scarce_free=True)), []
    for call in range(40):
        engine.wait(f"i{call}", call, 10.0 + call, plan, 10.0 + call)
        [found] = engine.match(10.0 + call)
        given_to.append(found.agent_id)
        engine.ready(found.agent_id, 10.5 + call)
    assert given_to == [f"a{number % 10}" for number in range(40)], "alike, they take turns"


def test_who_becomes_less_scarce_is_chosen_again() -> None:
    engine, plan = engine_with(Choice(keep_scarce_free=True), ("scarce", {"javanese": 4}, 0.0, 0.0), ("usual", {}, 5.0, 0.0))
    assert engine.match(6) == []
    for number in range(30):
        engine.know(f"new{number}", {"javanese": 2})
    assert who_gets_it(engine, plan) == "scarce", "the longest idle, now that many know Javanese"
