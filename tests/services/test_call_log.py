"""The call log, from events on a real Redis to rows in a real database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.bus import EventBus
from core.event_archive import ArchivedEvent
from core.events import Event, EventKind
from core.ids import new_id
from crm.contact_history import Interaction, Outcome, Segment
from cti.call_log import CallLog

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


class Story:
    """Tells events of one call, in the order and with the times given."""

    def __init__(self, bus: EventBus) -> None:
        self.bus, self.interaction_id = bus, new_id()

    def tell(self, kind: EventKind, seconds: float, agent: str = "", key: str = "", **data: object) -> Event:
        event = Event(kind, at(seconds), self.interaction_id, agent, data, key=key or new_id())
        return self.bus.publish(event)

    def agent(self, seconds: float, action: str, before: str, state: str) -> None:
        self.tell(EventKind.AGENT_STATE_CHANGED, seconds, "1001", action=action, before=before, state=state, reason="", token=1)

    def arrive(self) -> None:
        self.tell(EventKind.INTERACTION_STARTED, 0, ani="+6281100000001", dnis="1500400", channel="PJSIP/carrier-1")

    def queue(self, seconds: float) -> None:
        data = {"queue": "billing", "priority": 5, "reason": "bill", "language": "id", "customer_id": None, "again": False}
        self.tell(EventKind.INTERACTION_QUEUED, seconds, **data)

    def ring(self, seconds: float) -> None:
        self.agent(seconds - 0.1, "reserve", "READY", "RESERVED")
        self.agent(seconds, "ring", "RESERVED", "RINGING")

    def answer(self, seconds: float) -> None:
        self.tell(EventKind.INTERACTION_ANSWERED, seconds, "1001", queue="billing", wait_s=seconds)
        self.agent(seconds, "answer", "RINGING", "TALKING")


@pytest.fixture
def bus(redis_url):
    bus = EventBus(redis_url)
    yield bus
    bus.close()


@pytest.fixture
def story(bus):
    return Story(bus)


def write(database, bus) -> None:
    log = CallLog(database, bus)
    while log.write_next(wait_s=0):
        pass


def segments(database, story) -> list[tuple[str, float, float | None]]:
    with database.reading() as session:
        rows = session.scalars(
            select(Segment).where(Segment.interaction_id == story.interaction_id).order_by(Segment.started_at, Segment.id)
        )
        return [
            (row.kind, (row.started_at - START).total_seconds(), row.ended_at and (row.ended_at - START).total_seconds())
            for row in rows
        ]


def interaction(database, story) -> Interaction:
    with database.reading() as session:
        return session.get_one(Interaction, story.interaction_id)


def test_an_answered_call_is_on_record_and_its_segments_add_up(database, bus, story):
    story.arrive()
    story.queue(10)
    story.ring(12)
    story.answer(15)
    story.agent(75, "hang_up", "TALKING", "WRAP_UP")
    story.tell(EventKind.INTERACTION_ENDED, 78, late=False)
    story.agent(100, "done", "WRAP_UP", "READY")
    write(database, bus)
    assert segments(database, story) == [
        ("IVR", 0, 10), ("QUEUE", 10, 12), ("RING", 12, 15), ("TALK", 15, 75), ("IVR", 75, 78), ("WRAP_UP", 75, 100),
    ]  # fmt: skip
    row = interaction(database, story)
    assert (row.outcome, row.agent_id, row.answered_at, row.ended_at) == (Outcome.ANSWERED, "1001", at(15), at(78))


def test_a_caller_who_gives_up_is_abandoned(database, bus, story):
    story.arrive()
    story.queue(10)
    story.tell(EventKind.INTERACTION_ABANDONED, 40, queue="billing", wait_s=30, ringing=False)
    story.tell(EventKind.INTERACTION_ENDED, 40, late=False)
    write(database, bus)
    assert segments(database, story) == [("IVR", 0, 10), ("QUEUE", 10, 40)]
    assert interaction(database, story).outcome == Outcome.ABANDONED


def test_a_phone_that_nobody_answers_puts_the_caller_back_in_line(database, bus, story):
    story.arrive()
    story.queue(10)
    story.ring(12)
    story.agent(27, "no_answer", "RINGING", "NOT_READY")
    story.tell(EventKind.INTERACTION_ENDED, 50, late=False)
    write(database, bus)
    assert segments(database, story) == [("IVR", 0, 10), ("QUEUE", 10, 12), ("RING", 12, 27), ("QUEUE", 27, 50)]


def test_a_talk_whose_phone_was_lost_holds_and_goes_on(database, bus, story):
    story.arrive()
    story.queue(1)
    story.ring(2)
    story.answer(3)
    story.tell(EventKind.INTERACTION_HELD, 20, "1001", why="device")
    story.tell(EventKind.INTERACTION_RESUMED, 25, "1001", why="device")
    story.tell(EventKind.INTERACTION_ENDED, 60, late=False)
    write(database, bus)
    kinds = [(kind, start) for kind, start, _ in segments(database, story)]
    assert kinds == [("IVR", 0), ("QUEUE", 1), ("RING", 2), ("TALK", 3), ("HOLD", 20), ("TALK", 25)]


def test_a_contained_call_and_one_given_up_in_the_menu_are_told_apart(database, bus):
    contained, gone = Story(bus), Story(bus)
    for story in (contained, gone):
        story.arrive()
    contained.tell(EventKind.INTERACTION_CONTAINED, 5, reason="order_status")
    for story in (contained, gone):
        story.tell(EventKind.INTERACTION_ENDED, 6, late=False)
    write(database, bus)
    assert interaction(database, contained).outcome == Outcome.CONTAINED
    assert interaction(database, gone).outcome == Outcome.GONE_IN_IVR


def test_the_same_event_told_twice_is_recorded_once(database, bus, story):
    story.arrive()
    for _ in range(2):
        story.tell(EventKind.INTERACTION_ENDED, 9, key="00000000-0000-0000-0000-000000000001", late=False)
    write(database, bus)
    assert segments(database, story) == [("IVR", 0, 9)]
    with database.reading() as session:
        assert len(list(session.scalars(select(ArchivedEvent)))) == 2


def test_an_event_told_twice_in_one_breath_is_no_error(database, bus, story, capsys):
    for _ in range(2):
        started = {"ani": "", "dnis": "1500400", "channel": ""}
        story.tell(EventKind.INTERACTION_STARTED, 0, key="00000000-0000-0000-0000-000000000002", **started)
    write(database, bus)
    assert segments(database, story) == [("IVR", 0, None)]
    assert "event_not_recorded" not in capsys.readouterr().out


def test_a_log_that_starts_again_goes_on_where_it_stood(database, bus, story):
    story.arrive()
    write(database, bus)
    story.queue(4)
    write(database, bus)
    write(database, bus)
    assert segments(database, story) == [("IVR", 0, 4), ("QUEUE", 4, None)]


def test_an_event_that_makes_no_sense_does_not_stop_the_others(database, bus, story):
    story.tell(EventKind.INTERACTION_QUEUED, 1)  # without its data
    other = Story(bus)
    other.arrive()
    write(database, bus)
    assert segments(database, other) == [("IVR", 0, None)]
