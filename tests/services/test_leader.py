"""The lease, the term, and what becomes of a leader that was away, on a real Redis."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import redis

from core.clock import SystemClock, stopwatch_s
from cti.leader import LEASE, LEASE_S, MARGIN_S, Leader, pid_of
from cti.queued import queued_event
from routing.agent_changes import AgentChanges, StaleLeader
from routing.agent_state import Action, AgentState
from routing.live import NO_TERM, TERM, LiveAgent, LiveStore, Refusal
from routing.place import Place

LONGEST_S = 10


class Candidate:
    """One who would lead, and how often they began to."""

    def __init__(self, redis_url: str) -> None:
        self.gained, self.lost, self.times = threading.Event(), threading.Event(), 0
        self.leader = Leader(redis_url, self._on_gained, self.lost.set)
        self.store = LiveStore(redis_url)
        self.changes = AgentChanges(self.store, SystemClock(), 60, self.leader.term)

    def _on_gained(self) -> None:
        self.times += 1
        self.gained.set()

    def begin(self) -> "Candidate":
        self.leader.start()
        return self

    def leads_after(self, event: threading.Event) -> bool:
        return event.wait(LONGEST_S) and self.leader.leads()

    def go_deaf(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """From now on it asks Redis in vain, as if Redis were slow, or it itself stood still."""

        def late(**_given: object) -> None:
            raise redis.TimeoutError

        monkeypatch.setattr(self.leader, "_lead", late)

    def end(self) -> None:
        self.leader.stop()
        self.store.close()


@pytest.fixture
def two(redis_url):
    candidates = [Candidate(redis_url).begin()]
    assert candidates[0].leads_after(candidates[0].gained)
    candidates.append(Candidate(redis_url).begin())
    yield candidates
    for candidate in candidates:
        candidate.end()


@pytest.fixture
def place() -> Place:
    return Place("00000000-0000-0000-0000-000000000001", "general", datetime(2026, 3, 2, tzinfo=UTC), "PJSIP/carrier-1")


def with_a_ready_agent(store: LiveStore, place: Place) -> None:
    people = AgentChanges(store, SystemClock(), 60)
    people.log_in("1001")
    people.phone_changed("1001", up=True)
    people.make_ready("1001")
    store.put_in_line(place, queued_event(place))


def reserve(candidate: Candidate, place: Place) -> LiveAgent | Refusal:
    return candidate.changes.try_reserve("1001", place, SystemClock().now() + timedelta(seconds=60), {})


def test_one_leads_and_the_other_knows(two):
    first, second = two
    assert not second.gained.wait(LEASE_S + 0.5), "the lease is kept for longer than it lasts"
    assert second.leader.other == first.leader.term() == first.store.redis.get(LEASE)
    assert second.leader.term() == NO_TERM


def test_who_gives_up_is_followed_at_once_and_never_in_the_same_term(two):
    first, second = two
    before = first.leader.term()
    first.leader.stop()
    assert second.gained.wait(LEASE_S / 2), "nobody waits for the lease to run out"
    assert second.leader.term() not in (before, NO_TERM)


def test_a_leader_that_can_not_renew_stops_before_anybody_else_may_begin(two, monkeypatch):
    first, second = two
    first.go_deaf(monkeypatch)
    first.lost.clear()  # it may have lost and won before, on a busy machine
    own_end_s = first.leader._until_s
    lease_end_s = max(stopwatch_s() + first.store.redis.pttl(LEASE) / 1000 for _ in range(20))
    assert own_end_s < lease_end_s, "for Redis and so for the other, the lease is still the first one's then"
    first.lost.wait(LONGEST_S)
    assert not first.leader.leads()
    assert second.leads_after(second.gained)


def test_a_leader_that_was_away_while_nobody_followed_begins_again_in_its_term(redis_url, monkeypatch):
    alone = Candidate(redis_url).begin()
    assert alone.leads_after(alone.gained)
    term, lead = alone.leader.term(), alone.leader._lead
    alone.gained.clear()
    alone.go_deaf(monkeypatch)
    assert alone.lost.wait(LONGEST_S)
    assert alone.leader.term() == NO_TERM
    monkeypatch.setattr(alone.leader, "_lead", lead)
    assert alone.leads_after(alone.gained), "what happened meanwhile was let go by: notes are compared again"
    assert (alone.leader.term(), alone.times) == (term, 2)
    alone.end()


def test_redis_refuses_a_leader_who_believes_to_lead_when_another_does(two, place, monkeypatch):
    first, second = two
    with_a_ready_agent(first.store, place)
    reserved = reserve(first, place)
    first.go_deaf(monkeypatch)
    assert second.leads_after(second.gained)
    monkeypatch.setattr(first.leader, "leads", lambda: True)
    with pytest.raises(StaleLeader):  # its token is in force still
        first.changes.apply_reserved("1001", Action.RING, reserved.token, interaction_id=place.interaction_id)
    assert not first.store.put_in_line(place, queued_event(place, again=True), first.leader.term())
    assert first.store.place(place.interaction_id) == place
    assert not first.store.snapshot().line
    second.changes.apply_reserved(
        "1001", Action.RELEASE, reserved.token, interaction_id=place.interaction_id, place="restore"
    )  # the one who leads may
    refused = reserve(first, place)
    assert isinstance(refused, Refusal)
    assert (refused.cause, refused.state) == ("leader", AgentState.READY)
    assert isinstance(reserve(second, place), LiveAgent)


def test_who_does_not_lead_changes_nothing(two, place):
    second = two[1]
    with_a_ready_agent(second.store, place)
    assert isinstance(reserve(second, place), Refusal)
    second.changes.phone_changed("1001", up=False)
    assert second.store.agent("1001").phone_up
    AgentChanges(second.store, SystemClock(), 60).log_out("1001")  # people need no leader


def test_terms_are_counted_also_where_redis_has_forgotten_the_lease(two):
    first = two[0]
    number = int(first.store.redis.get(TERM).split("@")[0])
    first.leader.stop()
    assert two[1].leads_after(two[1].gained)
    assert int(two[1].leader.term().split("@")[0]) == number + 1


def test_the_margin_leaves_time_to_lead():
    assert LEASE_S - MARGIN_S > 2 * 0.4


@pytest.mark.parametrize(("term", "pid"), [("7@here:42", 42), ("7@there:42", 0), ("", 0), ("none", 0)])
def test_the_process_of_a_term_is_known_on_its_machine_only(term, pid):
    assert pid_of(term, "here") == pid
