"""The record of callers who are handed over, and of consults."""

import pytest
from sqlalchemy import select

from core.bus import EventBus
from core.events import EventKind
from crm.contact_history import Interaction, Outcome, Segment
from cti.call_log import CallLog
from tests.services.call_story import Story, at


@pytest.fixture
def bus(redis_url):
    bus = EventBus(redis_url)
    yield bus
    bus.close()


def segments_of(session, story):
    found = session.scalars(select(Segment).where(Segment.interaction_id == story.interaction_id).order_by(Segment.id))
    return [(part.kind, part.agent_id, part.queue, part.detail) for part in found]


def handed_over(story, seconds: float, how: str, to: str = "", queue: str = "billing") -> None:
    story.tell(EventKind.INTERACTION_HANDED_OVER, seconds, "1001", how=how, queue=queue, to=to)


def test_a_hand_over_to_a_queue_closes_the_talk_and_opens_the_wait_without_gap(database, bus):
    story = Story(bus)
    story.arrive()
    story.queue(10)
    story.ring(20)
    story.answer(25)
    handed_over(story, 60, "queue", queue="technical")
    data = {"queue": "technical", "priority": None, "reason": "bill", "language": "id", "customer_id": None, "again": False}
    story.tell(EventKind.INTERACTION_QUEUED, 60, **data)
    change = {"action": "hang_up", "before": "TALKING", "state": "WRAP_UP", "reason": "", "token": 1, "handed_over": True}
    story.tell(EventKind.AGENT_STATE_CHANGED, 60, "1001", queue="billing", **change)
    done = {"action": "done", "before": "WRAP_UP", "state": "READY", "reason": "", "token": 1, "about_another": True}
    story.tell(EventKind.AGENT_STATE_CHANGED, 70, "1001", **done)
    story.tell(EventKind.INTERACTION_ENDED, 90, late=False)
    CallLog(database, bus).write_next(0)
    with database.reading() as session:
        assert segments_of(session, story) == [
            ("IVR", "", "", ""), ("QUEUE", "", "billing", ""), ("RING", "1001", "billing", ""), ("TALK", "1001", "billing", ""),
            ("QUEUE", "", "technical", ""), ("WRAP_UP", "1001", "billing", ""),
        ]  # fmt: skip
        ended = session.scalars(select(Segment).where(Segment.interaction_id == story.interaction_id, Segment.ended_at.is_(None)))
        assert list(ended) == []
        record = session.get(Interaction, story.interaction_id)
        assert (record.outcome, record.answered_at) == (Outcome.ANSWERED, at(25))


def test_a_consult_is_a_segment_and_who_is_asked_has_none_until_the_caller_is_theirs(database, bus):
    story = Story(bus)
    story.arrive()
    story.queue(10)
    story.ring(20)
    story.answer(25)
    story.tell(EventKind.INTERACTION_HELD, 40, "1001", why="consult")
    for state, before in (("RESERVED", "READY"), ("RINGING", "RESERVED"), ("TALKING", "RINGING")):
        change = {"action": "x", "before": before, "state": state, "reason": "", "token": 2, "about_another": True}
        story.tell(EventKind.AGENT_STATE_CHANGED, 41, "1002", **change)
    handed_over(story, 60, "consult", to="1002")
    change = {"action": "hang_up", "before": "TALKING", "state": "WRAP_UP", "reason": "", "token": 1, "handed_over": True}
    story.tell(EventKind.AGENT_STATE_CHANGED, 60, "1001", **change)
    story.tell(EventKind.INTERACTION_ENDED, 90, late=False)
    CallLog(database, bus).write_next(0)
    with database.reading() as session:
        parts = [part for part in segments_of(session, story) if part[0] in ("TALK", "CONSULT", "RING")]
        assert parts == [
            ("RING", "1001", "billing", ""), ("TALK", "1001", "billing", ""), ("CONSULT", "1001", "billing", "consult"),
            ("TALK", "1002", "billing", ""),
        ]  # fmt: skip
        assert session.get(Interaction, story.interaction_id).agent_id == "1002"


def test_outside_is_rung_then_talked_with_and_has_no_agent(database, bus):
    story = Story(bus)
    story.arrive()
    story.queue(10)
    story.ring(20)
    story.answer(25)
    handed_over(story, 60, "outside")
    story.tell(EventKind.OUTSIDE_ANSWERED, 70)
    story.tell(EventKind.INTERACTION_ENDED, 90, late=False)
    CallLog(database, bus).write_next(0)
    with database.reading() as session:
        assert segments_of(session, story)[-2:] == [("RING", "", "billing", "outside"), ("TALK", "", "billing", "outside")]
