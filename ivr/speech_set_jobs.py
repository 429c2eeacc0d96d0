"""Work on speech sets for the rq worker: safe to lose and to repeat."""

from core.clock import SystemClock
from core.database import Database
from core.log import get_log
from core.settings import load_settings
from ivr.flow_versions import recent_speech_sets
from ivr.speech.old_sets import forget_sets

log = get_log(__name__)


def forget_speech_sets_job() -> None:
    """Delete the word graphs of versions that are no longer in force, but for the last few, on this process's installation."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        with database.reading() as session:
            needed = recent_speech_sets(session)
    finally:
        database.dispose()
    gone = forget_sets(settings.speech_sets_folder, needed, SystemClock().now())
    if gone:
        log.info("speech_sets_deleted", count=len(gone))
