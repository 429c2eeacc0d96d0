"""Two real cti processes, of which one leads. It is killed, and stopped and let go on, while callers wait: each is served once,
in turn."""

import random
import signal
import threading
from datetime import datetime, timedelta

import pytest

from core.clock import stopwatch_s
from core.events import Event, EventKind
from routing.expectations import Cause
from routing.expected_live import ExpectedLive
from routing.told_waits import ToldWait
from tests.services.served_once import check_that_each_was_served_once_in_turn, told
from tests.services.standby_house import StandbyHouse, standby_house

pytestmark = [pytest.mark.one_database, pytest.mark.leases]
CALLERS, AGENTS = 300, 100
MOST_S = 3.0  # from the end of a leader to the next
TALK_S = (2.0, 4.0)


@pytest.fixture
def house(tmp_path, redis_url, database):
    with standby_house(tmp_path / "house", redis_url, database, AGENTS, TALK_S) as house:
        house.wait(lambda: house.said().count('"ami_connected"') == 2 and '"resynced"' in house.said(), "both to be there")
        yield house


def check_served_and_told(house: StandbyHouse) -> None:
    check_that_each_was_served_once_in_turn(house)
    assert risen_for_nothing(house.events()) == []
    expected = ExpectedLive(house.store)
    house.wait(lambda: all(name.startswith("@") for name in expected.all()), "nobody to expect anything")


def risen_for_nothing(events: list[Event]) -> list[str]:
    """Whose wait was expected to end later than told before, while nothing had happened."""
    told: dict[str, datetime] = {}
    wrong = []
    for event in events:
        if event.kind is EventKind.WAIT_EXPECTED and event.interaction_id and "cause" in event.data:
            due = ToldWait.of(event).due
            before = told.get(event.interaction_id)
            if before is not None and due > before + timedelta(seconds=1) and event.data["cause"] in (Cause.SOONER, Cause.FIRST):
                wrong.append(f"{event.interaction_id}: {before:%T} became {due:%T}")
            told[event.interaction_id] = due
        elif event.data.get("action") == "reserve":
            told.pop(event.interaction_id, None)
    return wrong


def test_when_the_leader_is_killed_the_other_leads_within_three_seconds_and_goes_on(house):
    for _ in range(2 * AGENTS):
        house.call()
    house.wait(lambda: len(house.asterisk.rang) > AGENTS // 2, "half of the agents to be called")
    killed = house.signal_leader(signal.SIGKILL)
    house.wait(lambda: house.leader() not in (None, killed), "the other to lead", MOST_S)
    house.wait(lambda: len(house.asterisk.rang) == 2 * AGENTS, "everybody to be called")
    check_served_and_told(house)
    assert len(told(house, EventKind.WAIT_EXPECTED)) > AGENTS // 2, "who waited was told for how long"


def test_a_leader_that_ends_when_asked_hands_over_at_once(house):
    ended, at_s = house.signal_leader(signal.SIGTERM), stopwatch_s()
    house.wait(lambda: house.leader() not in (None, ended), "the other to lead", MOST_S)
    assert stopwatch_s() - at_s < 1.0, "the lease did not have to run out"
    house.processes[ended].wait(10)
    house.call()
    check_served_and_told(house)


def test_leaders_killed_and_stopped_at_any_moment_serve_everybody_once_and_in_turn(house):
    chance = random.Random(4)
    for _ in range(CALLERS // 2):
        house.call()
    arrivals = threading.Thread(target=lambda: [(house.call(), house.pass_time(0.04)) for _ in range(CALLERS // 2)])
    arrivals.start()
    for how in ("take-over", "any time", "take-over", "kill", "take-over", "any time", "take-over", "take-over"):
        house.wait(house.is_between_steps, "somebody to be reserved whose phone does not ring yet")
        if how == "kill":
            killed = house.signal_leader(signal.SIGKILL)
            house.processes[killed].wait(10)
            house.start(killed)
            continue
        stopped = house.signal_leader(signal.SIGSTOP)
        if how == "take-over":
            house.wait(lambda stopped=stopped: house.leader() not in (None, stopped), "another to lead")
            house.pass_time(chance.uniform(0, 0.1))  # it goes on while the other compares notes
        else:
            house.pass_time(chance.uniform(1.0, 2.0))
        house.processes[stopped].send_signal(signal.SIGCONT)
    arrivals.join()
    check_served_and_told(house)
