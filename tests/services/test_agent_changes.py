"""Agent changes and reservations on a real Redis."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from core.bus import START, EventBus
from core.clock import SystemClock, VirtualClock
from core.events import Event, EventKind
from routing.agent_changes import AgentChanges, StaleReservation
from routing.agent_state import Action, AgentState, IllegalChange, NotReadyReason
from routing.live import LiveAgent, LiveStore, Refusal
from routing.place import Place

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def waiting(number: int = 1) -> Place:
    return Place(f"00000000-0000-0000-0000-{number:012d}", "billing", NOON, f"PJSIP/carrier-{number}")


def queued(place: Place) -> Event:
    return Event(EventKind.INTERACTION_QUEUED, NOON, place.interaction_id, data={"queue": place.queue})


@pytest.fixture
def store(redis_url: str):
    store = LiveStore(redis_url)
    yield store
    store.close()


@pytest.fixture
def changes(store: LiveStore) -> AgentChanges:
    return AgentChanges(store, VirtualClock(NOON), presence_lease_s=12)


def ready_agent(changes: AgentChanges, agent_id: str = "1001") -> None:
    changes.log_in(agent_id)
    changes.phone_changed(agent_id, up=True)
    changes.make_ready(agent_id)


def reserve(changes: AgentChanges, place: Place, agent_id: str = "1001") -> LiveAgent | Refusal:
    return changes.try_reserve(agent_id, place, NOON + timedelta(seconds=20), {})


def test_a_reservation_takes_the_agent_and_the_place_together(store, changes):
    ready_agent(changes)
    store.put_in_line(waiting(), queued(waiting()))
    reserved = reserve(changes, waiting())
    assert isinstance(reserved, LiveAgent)
    now = store.snapshot()
    assert now.agents["1001"].state is AgentState.RESERVED
    assert now.agents["1001"].interaction_id == waiting().interaction_id
    assert not now.line
    assert list(now.taken) == [waiting().interaction_id]


def test_a_place_is_given_to_one_of_many_who_race_for_it(redis_url):
    racers, outcomes, start = 10, [], Barrier(10)
    first = LiveStore(redis_url)
    first.put_in_line(waiting(), queued(waiting()))
    for number in range(racers):
        ready_agent(AgentChanges(first, SystemClock(), 12), f"10{number:02d}")

    def race(agent_id: str) -> None:
        store = LiveStore(redis_url)
        start.wait()
        outcomes.append(reserve(AgentChanges(store, SystemClock(), 12), waiting(), agent_id))
        store.close()

    threads = [Thread(target=race, args=(f"10{number:02d}",)) for number in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, LiveAgent) for outcome in outcomes) == 1
    assert {outcome.cause for outcome in outcomes if isinstance(outcome, Refusal)} == {"place"}
    first.close()


def test_an_agent_whose_phone_is_away_is_not_reserved(store, changes):
    ready_agent(changes)
    changes.phone_changed("1001", up=False)
    store.put_in_line(waiting(), queued(waiting()))
    refusal = reserve(changes, waiting())
    assert isinstance(refusal, Refusal)
    assert refusal.cause == "phone"
    assert list(store.snapshot().line) == [waiting().interaction_id]


def test_a_step_with_an_old_token_changes_nothing(store, changes):
    ready_agent(changes)
    store.put_in_line(waiting(), queued(waiting()))
    old = reserve(changes, waiting())
    changes.apply_reserved("1001", Action.RELEASE, old.token, interaction_id=waiting().interaction_id, place="restore")
    new = reserve(changes, waiting())
    with pytest.raises(StaleReservation):
        changes.apply_reserved("1001", Action.RING, old.token, interaction_id=waiting().interaction_id)
    assert new.token > old.token
    assert store.agent("1001").state is AgentState.RESERVED


def test_a_released_caller_has_the_old_place_again(store, changes):
    ready_agent(changes)
    store.put_in_line(waiting(), queued(waiting()))
    reserved = reserve(changes, waiting())
    changes.apply_reserved("1001", Action.RELEASE, reserved.token, interaction_id=waiting().interaction_id, place="restore")
    assert store.snapshot().line == {waiting().interaction_id: waiting()}
    assert store.snapshot().taken == {}


def test_an_illegal_change_names_what_is_possible(changes):
    changes.log_in("1001")
    with pytest.raises(IllegalChange, match="Possible now: ready, not_ready, log_out, dial, device_lost"):
        changes.apply_reserved("1001", Action.ANSWER, 0, interaction_id="")


def test_every_change_is_told_once_in_order(store, changes, redis_url):
    ready_agent(changes)
    changes.make_ready("1001")
    changes.make_not_ready("1001", NotReadyReason.BREAK)
    bus = EventBus(redis_url)
    told = [event for event in bus.read(START) if event.kind is EventKind.AGENT_STATE_CHANGED]
    assert [(event.data["before"], event.data["state"], event.data["reason"]) for event in told] == [
        ("OFFLINE", "NOT_READY", "logged_in"),
        ("NOT_READY", "READY", ""),
        ("READY", "NOT_READY", "break"),
    ]
    bus.close()


def test_a_caller_leaves_the_line_only_once(store, redis_url):
    store.put_in_line(waiting(), queued(waiting()))
    gone = Event(EventKind.INTERACTION_ABANDONED, NOON, waiting().interaction_id, data={"queue": "billing"})
    assert store.take_out_of_line(waiting().interaction_id, gone)
    assert not store.take_out_of_line(waiting().interaction_id, gone)
    bus = EventBus(redis_url)
    assert sum(event.kind is EventKind.INTERACTION_ABANDONED for event in bus.read(START)) == 1
    bus.close()


def test_logging_in_again_after_a_reload_changes_nothing(store, changes):
    ready_agent(changes)
    before = store.agent("1001")
    assert changes.log_in("1001").state is before.state
    assert store.agent("1001").since == before.since
