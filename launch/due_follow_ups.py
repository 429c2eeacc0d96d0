"""Follow-ups that have come due: their agents' desks are told; the worker looks every minute."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from core.bus import EventBus
from core.clock import SystemClock
from core.database import Database
from core.events import Event, EventKind
from core.log import get_log
from core.settings import load_settings
from crm.follow_ups import tell_due
from ivr.callback_news import tell_pages

log = get_log(__name__)


def remind(database: Database, now: datetime, tell: Callable[[Event], object]) -> int:
    """Tell each agent once of what has come due; returns to how many."""
    with database.writing() as session:
        agents = tell_due(session, now)
        session.commit()
    for agent_id in sorted(agents):
        tell(Event(EventKind.FOLLOW_UP_CHANGED, now, agent_id=agent_id, data={"change": "due"}))
    return len(agents)


def remind_job() -> None:
    """As a job: on this process's own installation."""
    settings = load_settings()
    database, bus = Database(settings.database), EventBus(settings.redis_url)
    try:
        told = remind(database, SystemClock().now(), partial(tell_pages, bus.publish))
    finally:
        bus.close()
        database.dispose()
    if told:
        log.info("follow_ups_due", agents=told)
