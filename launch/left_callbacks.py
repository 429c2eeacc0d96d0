"""Promised calls whose agent has left without making them go back to the others; the worker looks every minute."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from core.bus import EventBus
from core.clock import SystemClock
from core.database import Database
from core.events import Event
from core.log import get_log
from core.settings import load_settings
from crm.callback_tasks import release_task, taken_tasks
from ivr.callback_news import task_changed, tell_pages
from routing.leaving import has_left
from routing.live import LiveStore

log = get_log(__name__)


def give_back_left(database: Database, store: LiveStore, now: datetime, tell: Callable[[Event], object]) -> int:
    """Open the calls again that somebody took before they left; returns how many."""
    with database.reading() as session:
        taken = taken_tasks(session)
    left = [task for task in taken if task.taken_at and has_left(store.agent(task.agent_id), task.taken_at, now)]
    opened = 0
    for task in left:
        with database.writing() as session:
            released = release_task(session, task.id, task.agent_id)
            session.commit()
        if released:  # else it was made or given back just now
            tell(task_changed(task.interaction_id, task.queue, "give_back", now))
            opened += 1
    return opened


def give_back_left_job() -> None:
    """As a job: on this process's own installation."""
    settings = load_settings()
    database, store, bus = Database(settings.database), LiveStore(settings.redis_url), EventBus(settings.redis_url)

    try:
        opened = give_back_left(database, store, SystemClock().now(), partial(tell_pages, bus.publish))
    finally:
        bus.close()
        store.close()
        database.dispose()
    if opened:
        log.warning("callbacks_left", count=opened)
