"""What is deleted by age beside callers' recordings: the voice of old closings, text messages, and who named numbers.

Safe to lose and to repeat.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.clock import SystemClock
from core.database import Database
from core.log import get_log
from core.settings import load_settings
from crm.number_tries import forget_old_number_tries
from crm.text_messages import forget_texts
from ivr.closings import closings_folder, recordings_since

log = get_log(__name__)


def forget_closing_recordings(database: Database, folder: Path, before: datetime) -> int:
    """Delete the recordings of closings that were over before this moment, and those from before it that no closing has.

    Returns how many. The record of the closing stays, and says that it was a recording.
    """
    old = [file for file in folder.glob("*") if file.is_file() and datetime.fromtimestamp(file.stat().st_mtime, UTC) < before]
    if not old:
        return 0
    with database.reading() as session:
        needed = recordings_since(session, before)
    gone = [file for file in old if file.name not in needed]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def forget_by_age_job() -> None:
    """As a job: on this process's own installation."""
    settings, now = load_settings(), SystemClock().now()
    database = Database(settings.database)
    try:
        with database.writing() as session:
            texts = forget_texts(session, now - timedelta(days=settings.texts_kept_days))
            forget_old_number_tries(session, now)
            session.commit()
        over = now - timedelta(days=settings.closing_recordings_kept_days)
        recordings = forget_closing_recordings(database, closings_folder(settings.home), over)
    finally:
        database.dispose()
    if texts or recordings:
        log.info("old_things_deleted", texts=texts, closing_recordings=recordings)
