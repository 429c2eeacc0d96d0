"""What callers in line may expect, and queues that overflow: on a real floor, while things happen."""

import asyncio
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from core.database import Database
from core.events import Event, EventKind
from crm.contact_history import Interaction, Outcome, Segment, SegmentKind
from cti.expected_waits import ExpectedWaits
from cti.overflow_watch import OverflowWatch
from cti.queued import queued_event
from routing.agents import Profile
from routing.expectations import Cause
from routing.expected_live import ExpectedLive, OverflowLive
from routing.live import TERM
from routing.outlook import newcomer_of
from routing.overflow import Overflowing
from routing.place import Place
from tests.journeys.floor_house import FloorHouse
from tests.unit.routing.small_policy import policy_of, queue_text

OURS = "7@here"
CLOSING = "{closes_within_s: 600, offer_callback: true}"
POLICY = policy_of(
    queue_text("general", "needs: [{skill: general}]"),
    queue_text("sales", f"needs: [{{skill: sales}}], overflow: [{{waiting: 4, also: general}}, {CLOSING}]"),
    queue_text("help", "needs: [{skill: help}], overflow: [{unstaffed: true, also: general}]"),
)  # fmt: skip


class Outlooks(SimpleNamespace):
    """The floor with what looks at it. `look` once, and see."""

    house: FloorHouse
    waits: ExpectedWaits
    expected: ExpectedLive
    overflow: OverflowLive
    closes_at: datetime | None

    def look(self) -> None:
        self.house.do(self._look())

    async def _look(self) -> None:
        await self.house.a_moment()
        await self.waits.look()

    def told(self, kind: EventKind) -> list[Event]:
        return [event for event in self.house.events if event.kind is kind]

    def due(self, place: Place) -> float:
        found = self.expected.of(place.interaction_id)
        assert found is not None
        return found.due_s


@pytest.fixture
def outlooks(redis_url, database: Database):
    house = FloorHouse(redis_url)
    house.dispatcher.use(POLICY)
    house.store.redis.set(TERM, OURS)
    made = Outlooks(house=house, closes_at=None, term=OURS, expected=ExpectedLive(house.store), overflow=OverflowLive(house.store))

    def new_waits() -> ExpectedWaits:
        watch = OverflowWatch(house.clock, house.dispatcher, made.overflow, lambda _queue, _at: made.closes_at, lambda: made.term)
        return ExpectedWaits(house.clock, database, house.dispatcher, house.floor, made.expected, watch, lambda: made.term)

    made.successor = new_waits
    made.waits = new_waits()
    yield made
    house.close()


def test_who_waits_is_told_at_once_and_again_only_when_much_has_changed(outlooks):
    house = outlooks.house
    house.ready_agent("1001", general=3)
    house.talk(house.queue(1))
    second = house.queue(2)
    outlooks.look()
    [told] = [event for event in outlooks.told(EventKind.WAIT_EXPECTED) if event.interaction_id == second.interaction_id]
    assert told.data["cause"] == Cause.FIRST
    assert 0 < told.data["low_s"] < told.data["expected_s"] < told.data["high_s"]
    before = outlooks.due(second)
    house.later(5, "1001")
    outlooks.look()
    assert outlooks.due(second) <= before
    assert len([event for event in outlooks.told(EventKind.WAIT_EXPECTED) if event.interaction_id == second.interaction_id]) == 1


def test_an_urgent_caller_and_an_agent_less_make_it_later_and_the_event_says_why(outlooks):
    house = outlooks.house
    for agent_id in ("1001", "1002"):
        house.ready_agent(agent_id, general=3)
    house.talk(house.queue(1), "1001")
    house.talk(house.queue(2), "1002")
    waiting = house.queue(3)
    outlooks.look()
    first = outlooks.due(waiting)
    urgent = Place("00000000-0000-0000-0000-000000000009", "general", house.clock.now(), "c", priority=1)
    house.store.put_in_line(urgent, queued_event(urgent))
    outlooks.look()
    second = outlooks.due(waiting)
    assert second > first
    assert outlooks.expected.of(waiting.interaction_id).cause is Cause.LINE
    house.do(house.calls.leg_ended(house.agent("1002").token, "16"))
    house.changes.finish_wrap_up("1002", house.agent("1002").interaction_id, ready=False)
    outlooks.look()
    assert outlooks.due(waiting) > second
    assert outlooks.expected.of(waiting.interaction_id).cause is Cause.AGENTS


def test_who_leads_next_goes_on_with_what_was_told_and_whoever_led_writes_nothing_more(outlooks):
    house = outlooks.house
    house.ready_agent("1001", general=3)
    house.talk(house.queue(1))
    second = house.queue(2)
    outlooks.look()
    before = outlooks.expected.all()
    outlooks.term = "6@elsewhere"
    house.later(400, "1001")
    outlooks.look()
    assert outlooks.expected.all() == before
    outlooks.term = OURS
    house.do(outlooks.waits.begin())
    outlooks.look()
    assert outlooks.due(second) <= before[second.interaction_id].due_s


def test_what_is_on_record_says_how_long_talks_last(outlooks, database):
    house = outlooks.house
    begun = house.clock.now() - timedelta(hours=5)
    with database.writing() as session:
        for number in range(300):
            at, key = begun + timedelta(seconds=number), f"00000000-0000-0000-0001-{number:012d}"
            call = Interaction(id=key, queue="general", started_at=at, offered_at=at, answered_at=at, ended_at=at, ivr_path=[])
            call.outcome = Outcome.ANSWERED
            call.segments = [Segment(kind=SegmentKind.TALK, started_at=at, ended_at=at + timedelta(seconds=900), queue="general")]
            session.add(call)
        session.commit()
    house.ready_agent("1001", general=3)
    house.talk(house.queue(1))
    waiting = house.queue(2)
    house.do(outlooks.waits.begin())
    outlooks.look()
    assert 800 < outlooks.due(waiting) - house.clock.now().timestamp() < 1100


def test_a_queue_that_overflows_is_helped_and_it_is_told_until_it_is_over(outlooks):
    house = outlooks.house
    house.ready_agent("1001", general=3)
    house.dispatcher.profiles["1002"] = Profile("1002", "1002", {"sales": 3, "help": 3})
    house.changes.log_in("1002")
    places = [house.queue(number, queue="sales") for number in (1, 2, 3)]
    outlooks.look()
    assert outlooks.overflow.all() == {}
    places.append(house.queue(4, queue="sales"))
    outlooks.look()
    assert outlooks.overflow.of("sales") == Overflowing(("general",), False, ("waiting",))
    house.do()
    assert house.agent("1001").interaction_id == places[0].interaction_id, "whoever helps takes the first in line"
    outlooks.look()  # three are left of four: not well below
    assert outlooks.overflow.of("sales")
    key = places[1].interaction_id
    house.store.take_out_of_line(key, Event(EventKind.INTERACTION_ABANDONED, house.clock.now(), key, data={"queue": "sales"}))
    outlooks.look()
    assert not outlooks.overflow.of("sales")
    told = [event.data for event in outlooks.told(EventKind.QUEUE_OVERFLOWS)]
    assert [each["why"] for each in told if each["queue"] == "sales"] == [["waiting"], []]


def test_nobody_on_duty_and_closing_time_are_reasons_too(outlooks):
    house = outlooks.house
    outlooks.look()
    assert outlooks.overflow.of("help") == Overflowing(("general",), False, ("unstaffed",))
    house.dispatcher.profiles["1002"] = Profile("1002", "1002", {"help": 3})
    house.changes.log_in("1002")  # not ready, but there
    outlooks.look()
    assert not outlooks.overflow.of("help")
    outlooks.closes_at = house.clock.now() + timedelta(seconds=700)
    outlooks.look()
    assert outlooks.overflow.all() == {}
    house.later(100)
    outlooks.look()
    assert outlooks.overflow.of("sales") == Overflowing((), True, ("closing",))


def test_somebody_who_would_come_now_is_answered_at_once_while_an_agent_is_ready(outlooks):
    outlooks.house.ready_agent("1001", general=3)
    outlooks.look()
    general, sales = (outlooks.expected.of(newcomer_of(queue)) for queue in ("general", "sales"))
    assert general is not None
    assert general.due_s < 10
    assert sales is None


def test_it_runs_by_itself_and_lets_calls_have_their_turn(outlooks):
    house = outlooks.house
    house.ready_agent("1001", general=3)
    house.talk(house.queue(1))
    second = house.queue(2)

    async def for_a_while() -> None:
        running = asyncio.create_task(outlooks.waits.run())
        outlooks.waits.take_note(Event(EventKind.INTERACTION_QUEUED, house.clock.now(), second.interaction_id))
        async with asyncio.timeout(5):
            while outlooks.expected.of(second.interaction_id) is None:
                await house.a_moment()
        running.cancel()

    house.do(for_a_while())


def test_that_nobody_is_there_any_more_is_told(outlooks):
    house = outlooks.house
    house.ready_agent("1001", general=3)
    outlooks.look()
    house.changes.log_out("1001")
    outlooks.look()
    told = [event.data for event in outlooks.told(EventKind.WAIT_EXPECTED) if event.data["queue"] == "general"]
    assert ["expected_s" in each for each in told] == [True, False]


def test_what_is_noted_to_overflow_ends_though_the_records_are_away_when_another_leads(outlooks, monkeypatch):
    house = outlooks.house
    outlooks.look()
    assert outlooks.overflow.of("help")
    house.dispatcher.profiles["1002"] = Profile("1002", "1002", {"help": 3})
    house.changes.log_in("1002")

    def fail() -> None:
        raise OperationalError("select", {}, Exception("away"))

    successor = outlooks.successor()
    monkeypatch.setattr(successor, "_recall", fail)
    house.do(successor.begin())
    outlooks.waits = successor
    outlooks.look()
    assert not outlooks.overflow.of("help")
