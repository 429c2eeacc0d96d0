"""The call log, from events on a real Redis to rows in a real database."""

from random import Random

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from core.bus import EventBus
from core.event_archive import ArchivedEvent, Checkpoint
from core.events import Event, EventKind
from crm.contact_history import Interaction, Outcome, Segment
from cti import call_log
from cti.call_log import CallLog
from tests.services.call_story import START, Story, at


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


def test_what_a_new_leader_tells_again_of_a_hold_cuts_nothing_in_two(database, bus, story):
    story.arrive()
    story.queue(1)
    story.ring(2)
    story.answer(3)
    story.tell(EventKind.INTERACTION_RESUMED, 5, "1001", why="agent")
    story.tell(EventKind.INTERACTION_HELD, 20, "1001", why="agent")
    story.tell(EventKind.INTERACTION_HELD, 24, "1001", why="agent")
    story.tell(EventKind.INTERACTION_RESUMED, 31, "1001", why="agent")
    story.tell(EventKind.INTERACTION_RESUMED, 40, "1001", why="agent")
    story.tell(EventKind.INTERACTION_ENDED, 60, late=False)
    write(database, bus)
    spoken = [each for each in segments(database, story) if each[0] in ("TALK", "HOLD")]
    assert spoken == [("TALK", 3, 20), ("HOLD", 20, 31), ("TALK", 31, 60)]


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


def archived(database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(ArchivedEvent))


# Each fails in its own way: at once; half done; and only when the database is told (there is no such customer).
NONSENSE = {
    "without its data": (EventKind.INTERACTION_QUEUED, {}),
    "half done": (EventKind.INTERACTION_QUEUED, {"queue": "sales", "reason": "order"}),
    "refused by the database": (EventKind.INTERACTION_IDENTIFIED, {"customer_id": 987_654, "language": "en"}),
}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_an_event_that_makes_no_sense_leaves_its_batch_unharmed(database, bus, story, nonsense):
    others = [Story(bus) for _ in range(6)]
    story.arrive()
    for other in others[:3]:
        other.arrive()
    kind, data = NONSENSE[nonsense]
    story.tell(kind, 2, **data)
    story.queue(4)
    for other in others[3:]:
        other.arrive()
    story.tell(EventKind.INTERACTION_ENDED, 9, late=False)
    with capture_logs() as said:
        write(database, bus)
    assert segments(database, story) == [("IVR", 0, 4), ("QUEUE", 4, 9)]
    row = interaction(database, story)
    assert (row.queue, row.language, row.customer_id, row.outcome) == ("billing", "id", None, Outcome.ABANDONED)
    assert [segments(database, other) for other in others] == [[("IVR", 0, None)]] * len(others)
    assert archived(database) == 10
    assert [line["event"] for line in said] == ["event_not_recorded"]


def test_an_interaction_that_begins_with_nonsense_begins_with_its_next_event(database, bus, story):
    story.tell(EventKind.INTERACTION_QUEUED, 1)
    story.queue(3)
    write(database, bus)
    assert segments(database, story) == [("QUEUE", 3, None)]
    assert interaction(database, story).started_at == at(3)


def test_an_event_told_again_in_a_later_batch_changes_nothing(database, bus, story):
    told = [story.tell(EventKind.INTERACTION_STARTED, 0, ani="", dnis="1500400", channel="")]
    told.append(story.tell(EventKind.IVR_STEP_TAKEN, 2, step="language", detail="id"))
    story.queue(4)
    write(database, bus)
    other = Story(bus)
    other.arrive()
    for event in told:
        bus.publish(event)
    story.tell(EventKind.INTERACTION_ENDED, 9, late=False)
    write(database, bus)
    assert segments(database, story) == [("IVR", 0, 4), ("QUEUE", 4, 9)]
    assert [step["step"] for step in interaction(database, story).ivr_path] == ["language"]
    assert segments(database, other) == [("IVR", 0, None)]
    assert archived(database) == 5


def test_a_database_that_fails_is_no_event_s_fault_the_whole_batch_is_written_when_it_is_back(database, bus, story, monkeypatch):
    def fails(*_given: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    story.arrive()
    story.queue(4)
    log = CallLog(database, bus)
    with monkeypatch.context() as broken:
        broken.setattr(call_log, "record", fails)
        with pytest.raises(OperationalError):
            log.write_next(wait_s=0)
    assert archived(database) == 0
    write(database, bus)
    assert segments(database, story) == [("IVR", 0, 4), ("QUEUE", 4, None)]


def test_what_cannot_be_archived_does_not_stop_the_others(database, bus, story, monkeypatch):
    archive = call_log.archive

    def picky(session, events: list[Event]) -> None:
        if any(event.agent_id == "refused" for event in events):
            raise ValueError("refused")
        archive(session, events)

    monkeypatch.setattr(call_log, "archive", picky)
    story.arrive()
    story.tell(EventKind.AGENT_PHONE_CHANGED, 1, "refused", up=True)
    story.queue(4)
    with capture_logs() as said:
        write(database, bus)
    assert segments(database, story) == [("IVR", 0, 4), ("QUEUE", 4, None)]
    assert archived(database) == 2
    assert [line["event"] for line in said] == ["event_not_archived"]


def record_of(database) -> list[tuple[object, ...]]:
    """Every interaction and segment, in an order that does not depend on how they were written."""
    with database.reading() as session:
        interactions = [
            (
                row.id,
                row.queue,
                row.reason,
                row.language,
                row.agent_id,
                row.outcome,
                row.started_at,
                row.ended_at,
                len(row.ivr_path),
            )
            for row in session.scalars(select(Interaction))
        ]
        parts = [
            (row.interaction_id, row.kind, row.started_at, row.ended_at, row.agent_id) for row in session.scalars(select(Segment))
        ]
    return sorted(interactions) + sorted(parts, key=repr)


def tell_many_mixed_up(bus, chance: Random, calls: int) -> None:
    """Calls that go on at once, each in its own order; a tenth of the events told twice, and some that make no sense."""
    stories = [Story(bus) for _ in range(calls)]
    ways = [
        lambda story: story.arrive(),
        lambda story: story.tell(EventKind.IVR_STEP_TAKEN, 1, step="main_menu", detail="person"),
        lambda story: story.queue(2),
        lambda story: story.tell(EventKind.INTERACTION_QUEUED, 2.5),
        lambda story: story.ring(3),
        lambda story: story.answer(4),
        lambda story: story.agent(60, "hang_up", "TALKING", "WRAP_UP"),
        lambda story: story.tell(EventKind.INTERACTION_ENDED, 61, late=False),
        lambda story: story.agent(80, "done", "WRAP_UP", "READY"),
    ]
    left = {story: list(ways[: chance.randint(1, len(ways))]) for story in stories}
    while left:
        story = chance.choice(list(left))
        left[story].pop(0)(story)
        if chance.random() < 0.1:
            bus.publish(bus.read("0-0")[-1])
        if not left[story]:
            del left[story]


def test_however_the_events_are_cut_into_batches_the_record_is_the_same(database, bus):
    tell_many_mixed_up(bus, Random(11), calls=12)
    records = []
    for size in (1, 7, 500):
        with database.writing() as session:
            for table in (Segment, Interaction, ArchivedEvent, Checkpoint):
                session.execute(delete(table))
            session.commit()
        log = CallLog(database, bus, batch=size)
        while log.write_next(wait_s=0):
            pass
        records.append(record_of(database))
    one_by_one, in_sevens, at_once = records
    assert len(one_by_one) > 30
    assert one_by_one == in_sevens == at_once


def test_two_processes_that_write_at_once_record_everything_once(database, bus, story):
    story.arrive()
    story.queue(10)

    class SlowBus:
        """Between reading and writing, another process has written the same and more."""

        def read(self, *given):
            events = bus.read(*given)
            story.ring(12)
            write(database, bus)
            return events

    assert CallLog(database, SlowBus()).write_next(wait_s=0) == 0
    story.answer(15)
    write(database, bus)
    assert segments(database, story) == [("IVR", 0, 10), ("QUEUE", 10, 12), ("RING", 12, 15), ("TALK", 15, None)]
    with database.reading() as session:
        assert session.get_one(Checkpoint, "call_log").position == bus.last_position()
