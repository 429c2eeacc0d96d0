"""The record of who was called back, or took over a place: the wait is the customer's own, and no second is missing."""

import pytest
from sqlalchemy import select

from core.bus import EventBus
from core.events import EventKind
from crm.contact_history import Interaction, Outcome, Segment
from cti.call_log import CallLog
from tests.services.test_call_log import START, Story, at, write


@pytest.fixture
def bus(redis_url):
    bus = EventBus(redis_url)
    yield bus
    bus.close()


@pytest.fixture
def story(bus):
    return Story(bus)


def promised(story: Story) -> None:
    """They wait from second 10 on, press 1 at 40 and hang up at 60; an agent is rung for them at 300 and calls them at 305."""
    story.arrive()
    story.queue(10)
    story.tell(EventKind.CALLBACK_PROMISED, 40, queue="billing", reason="bill", wait_s=30.0)
    again = {"queue": "billing", "priority": 5, "reason": "bill", "language": "id", "customer_id": None, "again": True}
    story.tell(EventKind.INTERACTION_QUEUED, 59, **again, callback=True, since=at(10).isoformat())
    story.tell(EventKind.INTERACTION_ENDED, 60, late=False)
    story.ring(300)
    story.tell(EventKind.CALLBACK_DIALLED, 305, "1001", queue="billing", token=1)
    story.agent(305, "answer", "RINGING", "TALKING")


def lengths(database, story: Story) -> list[tuple[str, float]]:
    with database.reading() as session:
        found = session.scalars(select(Segment).where(Segment.interaction_id == story.interaction_id))
        return [
            (row.kind, (row.ended_at - row.started_at).total_seconds())
            for row in sorted(found, key=lambda row: (row.started_at, row.id))
            if row.ended_at is not None and row.ended_at > row.started_at
        ]


def test_who_is_called_back_has_waited_from_the_first_moment_to_the_answer_without_a_gap(database, bus, story):
    promised(story)
    story.tell(EventKind.CALLBACK_PICKED_UP, 315, "1001", queue="billing", token=1)
    story.tell(EventKind.INTERACTION_ENDED, 400, late=False)
    story.agent(400, "hang_up", "TALKING", "WRAP_UP")
    story.tell(EventKind.INTERACTION_ANSWERED, 315, "1001", queue="billing", wait_s=305.0, callback=True)
    story.agent(430, "done", "WRAP_UP", "READY")
    write(database, bus)
    with database.reading() as session:
        row = session.get_one(Interaction, story.interaction_id)
    assert (row.outcome, row.agent_id) == (Outcome.ANSWERED, "1001")
    assert (row.offered_at, row.answered_at, row.ended_at) == (at(10), at(315), at(400))
    told = lengths(database, story)
    assert told == [
        ("IVR", 10), ("QUEUE", 30), ("IVR", 19), ("QUEUE", 1), ("QUEUE", 240), ("RING", 15), ("TALK", 85), ("WRAP_UP", 30),
    ]  # fmt: skip
    assert sum(length for kind, length in told if kind != "WRAP_UP") == 400


def test_who_is_not_reached_stays_promised_and_the_next_try_goes_on_from_there(database, bus, story):
    promised(story)
    story.tell(EventKind.CALLBACK_MISSED, 335, "1001", queue="billing", why="no_answer", tries=1, next_at=at(935).isoformat())
    story.agent(336, "hang_up", "TALKING", "WRAP_UP")
    story.agent(340, "done", "WRAP_UP", "READY")
    write(database, bus)
    with database.reading() as session:
        row = session.get_one(Interaction, story.interaction_id)
    assert (row.outcome, row.answered_at, row.ended_at) == (Outcome.CALL_BACK, None, at(335))
    story.ring(935)
    write(database, bus)
    with database.reading() as session:
        assert session.get_one(Interaction, story.interaction_id).ended_at is None
    assert ("QUEUE", 600) in lengths(database, story)


def test_who_calls_again_has_waited_since_the_place_that_they_took_over(database, bus, story):
    story.arrive()
    data = {"queue": "billing", "priority": 5, "reason": "bill", "language": "id", "customer_id": None, "again": False}
    story.tell(EventKind.INTERACTION_QUEUED, 10, **data, since=at(-600).isoformat())
    write(database, bus)
    with database.reading() as session:
        assert session.get_one(Interaction, story.interaction_id).offered_at == at(-600)


def test_the_day_of_the_offer_is_counted_anew_when_the_call_back_came_a_day_later(database, bus, story):
    story.tell(EventKind.INTERACTION_ANSWERED, 86_400, "1001", queue="billing", wait_s=86_400.0, callback=True)
    log = CallLog(database, bus)
    log.write_next(wait_s=0)
    assert log.ended_days == {START.date()}


def test_a_call_that_was_found_gone_when_the_record_was_behind_ended_when_it_did(database, bus, story):
    story.arrive()
    story.tell(EventKind.INTERACTION_ENDED, 20, late=False)
    story.tell(EventKind.INTERACTION_ENDED, 50, late=True)
    write(database, bus)
    with database.reading() as session:
        assert session.get_one(Interaction, story.interaction_id).ended_at == at(20)
