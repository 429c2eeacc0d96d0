"""The worker's minute: what calls wrote for a record that was merged away while they went on follows to who stands for it."""

from core.clock import SystemClock
from core.database import Database
from core.log import get_log
from core.settings import load_settings
from crm.customer_merges import merged_lately, move_late_rows

log = get_log(__name__)


def late_rows_job() -> int:
    """Move what came late, on this process's own installation; returns how many rows."""
    settings, now = load_settings(), SystemClock().now()
    database = Database(settings.database)
    late = 0
    try:
        with database.reading() as session:
            lately = merged_lately(session, now)
        if lately:  # nearly never: nothing is locked for it
            with database.writing() as session:
                late = move_late_rows(session, now)
                session.commit()
    finally:
        database.dispose()
    if late:
        log.info("late_rows_moved", count=late)
    return late
