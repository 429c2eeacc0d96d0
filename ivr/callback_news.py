"""Tells the event log that the list of promised calls has changed; always after the commit."""

from collections.abc import Callable
from datetime import datetime

from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log

_log = get_log(__name__)


def task_changed(interaction_id: str, queue: str, change: str, now: datetime) -> Event:
    """The event; `change` is kept, take, give_back, done or transcript; `queue` "" where it is not known."""
    return Event(EventKind.CALLBACK_TASK_CHANGED, now, interaction_id, data={"queue": queue, "change": change})


def tell_pages(publish: Callable[[Event], object], news: Event) -> None:
    """Publish it where that can be done just now: it is on record, and pages see it when they are opened again."""
    try:
        publish(news)
    except HaloError as problem:
        _log.warning("change_not_told", why=problem.code)
