"""Work on recorded talks for the rq worker, made whole every minute: a job may be lost or run twice and does no harm."""

from pathlib import Path

from asterisk_conf import names
from core.clock import SystemClock
from core.database import Database
from core.log import get_log
from core.settings import Settings, load_settings
from crm.talk_recordings import GoneWhy, too_old
from cti.talks.bringing_in import bring_in_talks, forget_sound

_MOST_FORGOTTEN = 200

log = get_log(__name__)


def raw_talks_folder(settings: Settings) -> Path:
    """Where Asterisk writes talks."""
    return settings.home / "asterisk" / names.TALKS


def forget_old_talks(settings: Settings, database: Database) -> int:
    """Delete talks that were kept for long enough, files first; returns how many."""
    now = SystemClock().now()
    with database.reading() as session:
        old = too_old(session, now, settings.talks_kept_days, settings.talks_kept_days_of, _MOST_FORGOTTEN)
    for row in old:
        forget_sound(database, row, settings.talks_folder, GoneWhy.AGE, now)
    if old:
        log.info("talks_deleted", count=len(old))
    return len(old)


def bring_in_talks_job() -> None:
    """As a job: on this process's own installation."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        brought = bring_in_talks(database, raw_talks_folder(settings), settings.talks_folder, SystemClock().now())
    finally:
        database.dispose()
    if brought:
        log.info("talks_brought_in", count=len(brought))


def forget_talks_job() -> None:
    """Delete talks that are too old to keep."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        forget_old_talks(settings, database)
    finally:
        database.dispose()
