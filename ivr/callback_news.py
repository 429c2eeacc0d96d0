"""Tells the event log that the list of promised calls has changed; always after the commit."""

from datetime import datetime

from core.events import Event, EventKind


def task_changed(interaction_id: str, queue: str, change: str, now: datetime) -> Event:
    """The event; `change` is kept, take, give_back, done or transcript; `queue` "" where it is not known."""
    return Event(EventKind.CALLBACK_TASK_CHANGED, now, interaction_id, data={"queue": queue, "change": change})
