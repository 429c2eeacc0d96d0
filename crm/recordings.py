"""What callers said into our recorder, messages and comments alike: which nobody has transcribed, which are too old to keep."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.orm import Session

from crm.callback_tasks import CallbackTask, TaskState
from crm.contact_history import Interaction
from crm.customers import Customer
from crm.recorded import is_recorded
from crm.surveys import SurveyAnswer

_FIRST_LANGUAGE = "id"
_task_language = func.coalesce(func.nullif(CallbackTask.language, ""), _FIRST_LANGUAGE)
_comment_language = func.coalesce(func.nullif(Interaction.language, ""), Customer.language, _FIRST_LANGUAGE)


class TranscriptKind(StrEnum):
    """What a transcript is: nothing yet, nothing until a model for its language is there, all that was said, only the words of
    the menus, or not to be had of this file."""

    NOT_YET = ""
    NO_MODEL = "no_model"
    FULL = "full"
    KEYWORDS = "keywords"
    UNREADABLE = "none"


class Source(StrEnum):
    """Whose recording it is."""

    TASK = "task"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class CallerRecording:
    """One recording; `language` is that of the caller."""

    source: Source
    interaction_id: str
    file: Path
    language: str


def waits_for_transcript(session: Session) -> bool:
    """Whether there is a recording that nobody has listened to for the record, for want of time or of a model."""
    kinds = (TranscriptKind.NOT_YET, TranscriptKind.NO_MODEL)
    waiting = (_tasks().where(CallbackTask.transcript_kind.in_(kinds)), _comments().where(SurveyAnswer.transcript_kind.in_(kinds)))
    return any(session.execute(each.limit(1)).first() for each in waiting)


def sort_by_model(session: Session, languages: Collection[str]) -> None:
    """Set recordings aside that are in other languages than these, which have a model; take those up again that were set aside
    and have one now. Does not commit."""
    for was, has_model, then in (
        (TranscriptKind.NOT_YET, False, TranscriptKind.NO_MODEL),
        (TranscriptKind.NO_MODEL, True, TranscriptKind.NOT_YET),
    ):
        for recording in _of_kind(session, was):
            if (recording.language in languages) is has_model:
                keep_transcript(session, recording, "", then)


def without_transcript(session: Session, language: str, most: int) -> list[CallerRecording]:
    """Recordings in this language that nobody has listened to for the record yet, the oldest first; messages before comments."""
    tasks = _tasks().where(CallbackTask.transcript_kind == TranscriptKind.NOT_YET, _task_language == language)
    found = [_of_task(row) for row in session.execute(tasks.order_by(CallbackTask.id).limit(most))]
    comments = _comments().where(SurveyAnswer.transcript_kind == TranscriptKind.NOT_YET, _comment_language == language)
    rest = comments.order_by(SurveyAnswer.id).limit(most - len(found))
    return found + [_of_survey(row) for row in session.execute(rest)]


def known_files(session: Session) -> set[str]:
    """The files of every recording that is on record."""
    tasks = select(CallbackTask.recording).where(is_recorded(CallbackTask.recording))
    comments = select(SurveyAnswer.comment_recording).where(is_recorded(SurveyAnswer.comment_recording))
    return {*session.scalars(tasks), *session.scalars(comments)}


def keep_transcript(
    session: Session, recording: CallerRecording, transcript: str, kind: TranscriptKind, may_hold_card: bool = False
) -> None:
    """Keep what a recording says, and whether a card's number may be heard in it; a second time replaces the first. Does not
    commit."""
    table = CallbackTask if recording.source is Source.TASK else SurveyAnswer
    known = update(table).where(table.interaction_id == recording.interaction_id)
    session.execute(known.values(transcript=transcript, transcript_kind=kind, may_hold_card=may_hold_card))


def older_than(session: Session, before: datetime, most: int, cards_before: datetime | None = None) -> Iterator[CallerRecording]:
    """Recordings of calls that were made good before this moment, and comments given before it; those that may hold a card's
    number before the later moment `cards_before` already."""
    latest = max(before, cards_before or before)
    tasks = _tasks().where(CallbackTask.state == TaskState.DONE, CallbackTask.done_at < latest)
    tasks = tasks.where(or_(CallbackTask.done_at < before, CallbackTask.may_hold_card))
    yield from [_of_task(row) for row in session.execute(tasks.limit(most))]
    comments = _comments().where(SurveyAnswer.answered_at < latest)
    comments = comments.where(or_(SurveyAnswer.answered_at < before, SurveyAnswer.may_hold_card))
    yield from [_of_survey(row) for row in session.execute(comments.limit(most))]


def forget_recording(session: Session, recording: CallerRecording) -> None:
    """The file is gone; what it said, as far as it was written down, stays. Does not commit."""
    where = recording.interaction_id
    if recording.source is Source.TASK:
        session.execute(update(CallbackTask).where(CallbackTask.interaction_id == where).values(recording=""))
    else:
        session.execute(update(SurveyAnswer).where(SurveyAnswer.interaction_id == where).values(comment_recording=""))


def _of_kind(session: Session, kind: TranscriptKind) -> list[CallerRecording]:
    tasks = session.execute(_tasks().where(CallbackTask.transcript_kind == kind))
    comments = session.execute(_comments().where(SurveyAnswer.transcript_kind == kind))
    return [*map(_of_task, tasks), *map(_of_survey, comments)]


def _tasks() -> Select[str, str, str]:
    wanted = select(CallbackTask.interaction_id, CallbackTask.recording, _task_language)
    return wanted.where(is_recorded(CallbackTask.recording))


def _comments() -> Select[str, str, str]:
    return (
        select(SurveyAnswer.interaction_id, SurveyAnswer.comment_recording, _comment_language)
        .outerjoin(Interaction, Interaction.id == SurveyAnswer.interaction_id)
        .outerjoin(Customer, Customer.id == SurveyAnswer.customer_id)
        .where(is_recorded(SurveyAnswer.comment_recording))
    )


def _of_task(row: Row[str, str, str]) -> CallerRecording:
    interaction_id, file, language = row
    return CallerRecording(Source.TASK, interaction_id, Path(file), language)


def _of_survey(row: Row[str, str, str]) -> CallerRecording:
    interaction_id, file, language = row
    return CallerRecording(Source.SURVEY, interaction_id, Path(file), language)
