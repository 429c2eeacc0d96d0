"""Real cti processes of which each leads something: the callers of each partition are reserved and rung for by its leader, and when
any leader dies under load another goes on: each caller rings one phone, once, in the order of the partition's line."""

import signal
import threading
from collections import Counter, defaultdict

import pytest

from core.clock import SystemClock, stopwatch_s
from core.events import Event
from routing.agent_changes import AgentChanges
from routing.live import Refusal, term_key
from routing.policy_versions import put_in_force
from tests.services.served_once import check_that_each_was_served_once_in_turn
from tests.services.standby_house import StandbyHouse, standby_house
from tests.unit.routing.small_policy import policy_text, queue_text

pytestmark = [pytest.mark.one_database, pytest.mark.leases]
AGENTS = 60
MOST_S = 3.0  # from the end of a leader to the next
TALK_S = (2.0, 4.0)
EAST, WEST, GENERAL = "east", "west", "general"
PARTITION_OF = {GENERAL: "", EAST: EAST, WEST: WEST}
POLICY = policy_text(queue_text(GENERAL), queue_text(EAST, "partition: east"), queue_text(WEST, "partition: west"))


@pytest.fixture
def house(tmp_path, redis_url, database):
    with database.writing() as session:
        put_in_force(session, POLICY, SystemClock().now(), "sari", "")
        session.commit()
    with standby_house(tmp_path / "house", redis_url, database, AGENTS, TALK_S, ("", "standby", "third")) as house:
        house.wait(lambda: house.said().count('"ami_connected"') == 3 and '"resynced"' in house.said(), "all to be there")
        house.wait(lambda: len(all_leaders(house)) == 3, "each to lead one of three")
        call_everywhere(house, 1)
        house.wait(lambda: len(house.asterisk.rang) == 3, "all to have begun")
        yield house


def all_leaders(house: StandbyHouse) -> set[str]:
    return {role for partition in PARTITION_OF.values() if (role := house.leader(partition)) is not None}


def reservations(house: StandbyHouse) -> list[Event]:
    return [event for event in house.events() if event.data.get("action") == "reserve"]


def call_everywhere(house: StandbyHouse, each: int) -> None:
    for _ in range(each):
        for queue in PARTITION_OF:
            house.call(queue)


def check_that_each_was_served_once_in_turn_by_its_leader(house: StandbyHouse) -> None:
    check_that_each_was_served_once_in_turn(house, one_line=False)
    assert {(event.data["queue"], event.data.get("partition", "")) for event in reservations(house)} <= set(PARTITION_OF.items())


def test_callers_of_each_partition_are_served_by_a_process_of_its_own_at_once(house):
    main = house.leader()
    call_everywhere(house, AGENTS)
    house.wait(lambda: len(house.asterisk.rang) >= AGENTS, "every agent to be called")
    check_that_each_was_served_once_in_turn_by_its_leader(house)
    by: dict[str, set[str | None]] = defaultdict(set)
    for event in reservations(house):
        by[event.data["queue"]].add(house.role_of(event.data["term"]) if "term" in event.data else main)
    assert all(len(roles) == 1 for roles in by.values()), by
    assert set().union(*by.values()) == {"", "standby", "third"}
    queues = [event.data["queue"] for event in reservations(house)[:AGENTS]]
    assert min(Counter(queues)[queue] for queue in PARTITION_OF) > AGENTS / 6, "all at once, and nobody takes all agents"


@pytest.mark.parametrize("partition", [pytest.param("", marks=pytest.mark.long), EAST])
def test_when_a_leader_is_killed_under_load_another_goes_on(house, partition):
    call_everywhere(house, AGENTS)
    house.wait(lambda: house.is_between_steps(partition), "somebody to be reserved whose phone does not ring yet")
    killed, at_s = house.signal_leader(signal.SIGKILL, partition), stopwatch_s()
    house.wait(lambda: house.leader(partition) not in (None, killed), "another to lead", MOST_S)
    call_everywhere(house, 5)
    house.wait(lambda: any(at > at_s + MOST_S for at in house.asterisk.rang_at_s), "to go on")
    check_that_each_was_served_once_in_turn_by_its_leader(house)
    assert house.leader("") not in (house.leader(EAST), house.leader(WEST)), "the main leader leaves them to the other"


@pytest.mark.long
def test_leaders_killed_and_stopped_at_any_moment_serve_everybody_once_and_in_turn(house):
    call_everywhere(house, AGENTS // 2)
    arrivals = threading.Thread(target=lambda: [(call_everywhere(house, 1), house.pass_time(0.1)) for _ in range(AGENTS)])
    arrivals.start()
    for partition, number in ((EAST, signal.SIGKILL), ("", signal.SIGSTOP), (WEST, signal.SIGSTOP), ("", signal.SIGKILL)):
        house.wait(
            lambda partition=partition: house.is_between_steps(partition), "somebody to be reserved whose phone does not ring yet"
        )
        hit = house.signal_leader(number, partition)
        house.wait(lambda hit=hit, partition=partition: house.leader(partition) not in (None, hit), "another to lead", MOST_S)
        if number == signal.SIGKILL:
            house.processes[hit].wait(10)
            house.start(hit)
            house.wait(lambda hit=hit: hit in all_leaders(house), "it to lead something")
        else:
            house.processes[hit].send_signal(signal.SIGCONT)
    arrivals.join()
    check_that_each_was_served_once_in_turn_by_its_leader(house)


def test_the_last_process_leads_everything(house):
    kept = house.leader()
    for role in ("", "standby", "third"):
        if role != kept:
            house.processes[role].kill()
            house.processes[role].wait(10)
    house.wait(lambda: {house.leader(partition) for partition in PARTITION_OF.values()} == {kept}, "one to lead all", 2 * MOST_S)
    call_everywhere(house, AGENTS // 3)
    check_that_each_was_served_once_in_turn_by_its_leader(house)


def test_steps_of_a_partition_leader_of_before_are_refused(house):
    place = house.call(EAST)
    house.wait(lambda: not house.asterisk.callers, "the caller to be served")
    *_, reserved = reservations(house)
    assert reserved.data["term"] == house.store.redis.get(term_key(EAST))
    before = AgentChanges(house.store, SystemClock(), 60, lambda: "1@elsewhere:1", EAST)
    refused = before.try_reserve("1001", place, SystemClock().now(), {})
    assert isinstance(refused, Refusal)
    assert refused.cause == "leader"
    main = AgentChanges(house.store, SystemClock(), 60, lambda: reserved.data["term"])
    assert isinstance(main.try_reserve("1001", place, SystemClock().now(), {}), Refusal), "its term is not the main leader's"
