"""Recordings that no record knows of. The file's name tells whose they are.

Either their call's process died before it could say so, or the caller went on to a person after the message: then it was
left open on purpose what becomes of it, until the call is over. Who has spoken with an agent is not called back, and the
message stays on record with that agent; who gave up in line before is called back as promised.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.database import Database
from core.ids import derived_id, new_id
from core.log import get_log
from crm.callback_tasks import CallbackTask, CallbackWish, add_callback_task, settle_answered
from crm.contact_history import Interaction
from crm.recordings import known_files
from crm.surveys import SurveyAnswer
from ivr.callback_promise import DUE_AFTER
from ivr.reasons import Reason, reason_text
from ivr.visit import GENERAL_QUEUE

QUIET = timedelta(seconds=60)  # a process that lives has told the records long before
_NOT_ENDED_BY = timedelta(hours=1)
_SHORTEST_BYTES = 44 + 16_000  # a second of sound and its header: less is a click or a breath
_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_[0-9a-f]+\.wav")
_NOBODYS = re.compile(r"[0-9a-f]{32}\.wav")  # of the control line, whose process died before it could keep or delete it

log = get_log(__name__)


def recording_file(folder: Path, interaction_id: str) -> Path:
    """Where a recording of this call goes; its name says whose it is. Without an interaction it is nobody's."""
    own = new_id().replace("-", "")
    return folder / (f"{interaction_id}_{own[-12:]}.wav" if interaction_id else f"{own}.wav")


def bring_in_lost(database: Database, folder: Path, kept: frozenset[str], now: datetime) -> list[str]:
    """Give each lost recording of an ended call its task, or its survey; returns the interactions. `kept` are files that wait
    elsewhere to come to the records. What is too short to be speech is deleted, and what is nobody's."""
    for file in folder.glob("*.wav"):
        if _NOBODYS.fullmatch(file.name) and now - _written_at(file) > _NOT_ENDED_BY:
            file.unlink(missing_ok=True)
    files = [file for file in folder.glob("*_*.wav") if _NAME.fullmatch(file.name) and now - _written_at(file) > QUIET]
    if not files:
        return []
    with database.reading() as session:
        known = known_files(session) | kept
    return [found for file in sorted(files) if str(file) not in known and (found := _bring_in(database, file, now))]


def _bring_in(database: Database, file: Path, now: datetime) -> str:
    named = _NAME.fullmatch(file.name)
    interaction_id = named[1] if named else ""
    with database.writing() as session:
        call = session.get(Interaction, interaction_id)
        ended_at = call.ended_at if call else None
        if (ended_at is None or now - ended_at < QUIET) and now - _written_at(file) < _NOT_ENDED_BY:
            return ""
        if file.stat().st_size < _SHORTEST_BYTES:
            file.unlink(missing_ok=True)
            return ""
        if not _is_comment(session, interaction_id, file):
            _make_task(session, interaction_id, call, file, now)
        session.commit()
    log.info("lost_recording_found", interaction_id=interaction_id)
    return interaction_id


def _is_comment(session: Session, interaction_id: str, file: Path) -> bool:
    """Whether it belongs to a survey that has a score and no comment; then it has it now."""
    scored = (SurveyAnswer.interaction_id == interaction_id, SurveyAnswer.score.is_not(None), SurveyAnswer.comment_recording == "")
    changed = update(SurveyAnswer).where(*scored).values(comment_recording=str(file)).returning(SurveyAnswer.id)
    return bool(session.scalars(changed).all())


def _make_task(session: Session, interaction_id: str, call: Interaction | None, file: Path, now: datetime) -> None:
    there = session.scalar(select(CallbackTask).where(CallbackTask.interaction_id == interaction_id))
    if there is not None and not there.recording:
        there.recording = str(file)  # they were promised a call later in the same call
        return
    wish = CallbackWish(
        interaction_id if there is None else derived_id("message", file.name),  # a second message of the same call
        call.ani if call else "", (call and call.queue) or GENERAL_QUEUE, call.language if call else "", now + DUE_AFTER,
        call.customer_id if call else None, reason_text(Reason.VOICEMAIL), str(file),
    )  # fmt: skip
    task_id = add_callback_task(session, wish, now)
    if call is not None and call.answered_at is not None:
        settle_answered(session, task_id, call.agent_id, call.answered_at)


def _written_at(file: Path) -> datetime:
    try:
        return datetime.fromtimestamp(os.stat(file).st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)
