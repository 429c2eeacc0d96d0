"""Work on messages for the rq worker, made whole every minute: a job may be lost or run twice and does no harm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from core.bus import EventBus
from core.clock import Clock, SystemClock
from core.database import Database
from core.events import Event
from core.log import get_log
from core.settings import Settings, load_settings
from crm.callback_tasks import add_callback_task, give_back_forgotten, settle_answered_since
from crm.recordings import Source, forget_recording, older_than, waits_for_transcript
from ivr.callback_news import task_changed, tell_pages
from ivr.lost_recordings import bring_in_lost
from ivr.message_box import MessageBox
from ivr.speech.vosk_transcriber import VoskTranscriber
from ivr.transcripts import listening_models, transcribe_waiting

TAKEN_FOR = timedelta(hours=8)  # a shift
CARDS_KEPT_FOR = timedelta(days=1)  # a recording in which a card's number may be heard
_MOST_FORGOTTEN = 200

Tell = Callable[[Event], object]
log = get_log(__name__)


def bring_in_messages(database: Database, box: MessageBox, now: datetime, tell: Tell) -> int:
    """Messages that are only on disk go to the records; returns how many. One that the records refuse holds up no other."""
    brought = 0
    for wish in box.left_over():
        try:
            with database.writing() as session:
                add_callback_task(session, wish, now)
                session.commit()
        except Exception as problem:  # a driver's text quotes the number and the words: only its kind
            log.error("message_not_brought_in", interaction=wish.interaction_id, why=type(problem).__name__)
            continue
        box.forget(wish.interaction_id)
        tell(task_changed(wish.interaction_id, wish.queue, "kept", now))
        brought += 1
    return brought


def open_forgotten(database: Database, now: datetime, tell: Tell) -> int:
    """Calls that somebody took on and has not made for TAKEN_FOR can be taken by others again; returns how many."""
    with database.writing() as session:
        opened = give_back_forgotten(session, now - TAKEN_FOR)
        session.commit()
    for interaction_id, queue in opened:
        tell(task_changed(interaction_id, queue, "give_back", now))
    return len(opened)


def settle_those_answered(database: Database, now: datetime, tell: Tell) -> int:
    """Who was promised a call and reached a person after all, in the same call, is not called back; returns how many."""
    with database.writing() as session:
        settled = settle_answered_since(session)
        session.commit()
    for interaction_id, queue in settled:
        tell(task_changed(interaction_id, queue, "done", now))
    return len(settled)


def forget_old_recordings(database: Database, folder: Path, before: datetime, cards_before: datetime | None = None) -> int:
    """Delete recordings from before this moment, and from before `cards_before` those that may hold a card's number, files
    first; returns how many. Outside of `folder` no file is touched."""
    with database.reading() as session:
        old = list(older_than(session, before, _MOST_FORGOTTEN, cards_before))
    for recording in old:
        if recording.file.resolve().is_relative_to(folder.resolve()):
            recording.file.unlink(missing_ok=True)
        with database.writing() as session:
            forget_recording(session, recording)
            session.commit()
    return len(old)


def bring_in_job() -> None:
    """As a job: on this process's own installation."""
    with _installation() as (settings, database, clock, tell):
        box = MessageBox(settings.messages_folder)
        brought = bring_in_messages(database, box, clock.now(), tell)
        if brought:
            log.info("messages_brought_in", count=brought)
        opened = open_forgotten(database, clock.now(), tell)
        if opened:
            log.warning("callbacks_forgotten", count=opened)
        settle_those_answered(database, clock.now(), tell)
        kept = frozenset(wish.recording for wish in box.left_over())
        for found in bring_in_lost(database, settings.recordings_folder, kept, clock.now()):
            tell(task_changed(found, "", "kept", clock.now()))


def transcribe_job() -> None:
    """Transcribe some of what waits."""
    with _installation() as (settings, database, clock, tell):
        with database.reading() as session:
            if not waits_for_transcript(session):
                return
        done = transcribe_waiting(database, VoskTranscriber(listening_models(database, settings)))
        for recording in done:
            if recording.source is Source.TASK:
                tell(task_changed(recording.interaction_id, "", "transcript", clock.now()))
        if done:
            log.info("recordings_transcribed", count=len(done))


def forget_job() -> None:
    """Delete recordings that are too old to keep."""
    with _installation() as (settings, database, clock, _tell):
        now = clock.now()
        before = now - timedelta(days=settings.recordings_kept_days)
        gone = forget_old_recordings(database, settings.recordings_folder, before, now - CARDS_KEPT_FOR)
        if gone:
            log.info("recordings_deleted", count=gone)


@contextmanager
def _installation() -> Iterator[tuple[Settings, Database, Clock, Tell]]:
    settings = load_settings()
    database, bus = Database(settings.database), EventBus(settings.redis_url)

    try:
        yield settings, database, SystemClock(), partial(tell_pages, bus.publish)
    finally:
        bus.close()
        database.dispose()
