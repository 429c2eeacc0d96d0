"""Recorded talks: one row for each stretch of an interaction in which one agent spoke with the caller, and who has heard it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime

SAME_HEARING = timedelta(minutes=5)  # a player asks for a sound piece by piece: what follows so soon is the same hearing


class MarkKind(StrEnum):
    """What a stretch of a recording is where nobody speaks for the record."""

    HOLD = "hold"
    PAUSE = "pause"


class GoneWhy(StrEnum):
    """Why there is no sound any more."""

    AGE = "age"
    REFUSED = "refused"  # the caller objected


class HeardHow(StrEnum):
    PLAYED = "played"
    DOWNLOADED = "downloaded"


class TalkRecording(Base):
    """`source` names the file that Asterisk wrote, and which part of it this is, so that nothing is brought in twice. `file` lies
    in the folder of talks, "" when there is no sound any more; left is what the caller said, right what they heard. `started_at` is
    aware UTC. `marks` are [kind, from_s, to_s]; `waves` are {"caller": […], "agent": […]}, how loud each of equally long stretches
    is, 0 to 100. `team` and `site` are the agent's at that time. `held_by`: whoever put it on legal hold: it is kept whatever its
    age; "" for nobody."""

    __tablename__ = "talk_recordings"
    __table_args__ = (
        Index("ix_talk_recordings_interaction_id_started_at", "interaction_id", "started_at"),
        Index("ix_talk_recordings_started_at", "started_at"),
        Index("ix_talk_recordings_agent_id_started_at", "agent_id", "started_at"),
        Index("ix_talk_recordings_gone_at_started_at", "gone_at", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(100), unique=True)
    interaction_id: Mapped[str] = mapped_column(String(36))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segments.id", ondelete="SET NULL"), index=True)
    agent_id: Mapped[str] = mapped_column(String(36), default="")
    queue: Mapped[str] = mapped_column(String(40), default="")
    team: Mapped[str] = mapped_column(String(40), default="")
    site: Mapped[str] = mapped_column(String(40), default="")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    length_s: Mapped[float]
    file: Mapped[str] = mapped_column(String(140), default="")
    size_bytes: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    marks: Mapped[list[Any]] = mapped_column(JSON, default=list)
    waves: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    held_by: Mapped[str] = mapped_column(String(80), default="")
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_why: Mapped[str] = mapped_column(String(10), default="")


class RecordingHearing(Base):
    """Somebody (by log-in) played a recording, or took it away as a file."""

    __tablename__ = "recording_hearings"
    __table_args__ = (Index("ix_recording_hearings_recording_id_at", "recording_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("talk_recordings.id", ondelete="CASCADE"))
    login: Mapped[str] = mapped_column(String(80))
    how: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def recordings_of(session: Session, interaction_ids: Collection[str]) -> list[TalkRecording]:
    """Those of these interactions, the earliest first."""
    wanted = select(TalkRecording).where(TalkRecording.interaction_id.in_(interaction_ids))
    return list(session.scalars(wanted.order_by(TalkRecording.started_at, TalkRecording.id)))


def recordings_between(
    session: Session, start: datetime, end: datetime, agent_id: str, teams: Collection[str], most: int
) -> list[TalkRecording]:
    """The newest in [start, end): of this agent ("" for every) and, beside theirs, of agents of these teams."""
    wanted = select(TalkRecording).where(TalkRecording.started_at >= start, TalkRecording.started_at < end)
    if agent_id:
        wanted = wanted.where((TalkRecording.agent_id == agent_id) | TalkRecording.team.in_(teams))
    elif teams:
        wanted = wanted.where(TalkRecording.team.in_(teams))
    return list(session.scalars(wanted.order_by(TalkRecording.started_at.desc(), TalkRecording.id.desc()).limit(most)))


def known_sources(session: Session, sources: Collection[str]) -> set[str]:
    """Those among these that were brought in already."""
    return set(session.scalars(select(TalkRecording.source).where(TalkRecording.source.in_(sources))))


def too_old(session: Session, now: datetime, kept_days: float, by_queue: Mapping[str, float], most: int) -> list[TalkRecording]:
    """Recordings with sound that are kept for long enough, none on legal hold: those of some queues by days of their own."""
    found: list[TalkRecording] = []
    there = select(TalkRecording).where(TalkRecording.gone_at.is_(None), TalkRecording.held_by == "")
    for queue, days in by_queue.items():
        theirs = there.where(TalkRecording.queue == queue, TalkRecording.started_at < now - timedelta(days=days))
        found += session.scalars(theirs.limit(most - len(found)))
    others = there.where(TalkRecording.queue.not_in(by_queue), TalkRecording.started_at < now - timedelta(days=kept_days))
    return [*found, *session.scalars(others.limit(most - len(found)))]


def keep_gone(session: Session, recording_id: int, why: GoneWhy, now: datetime) -> None:
    """The sound is gone; that there was a recording, and who has heard it, stays on record. Does not commit."""
    gone = {"file": "", "waves": {}, "gone_at": now, "gone_why": why.value, "held_by": "", "held_at": None}
    session.execute(update(TalkRecording).where(TalkRecording.id == recording_id).values(**gone))


def keep_hearing(session: Session, recording_id: int, login: str, how: HeardHow, now: datetime) -> bool:
    """Put on record that it is heard; False, and nothing written, when that is part of a hearing on record. Does not commit."""
    same = select(RecordingHearing.id).where(
        RecordingHearing.recording_id == recording_id, RecordingHearing.login == login, RecordingHearing.how == how.value,
        RecordingHearing.at > now - SAME_HEARING,
    )  # fmt: skip
    if how is HeardHow.PLAYED and session.scalars(same.limit(1)).first() is not None:
        return False
    session.add(RecordingHearing(recording_id=recording_id, login=login, how=how.value, at=now))
    return True


def hearings_of(session: Session, recording_ids: Collection[int], most: int) -> Sequence[RecordingHearing]:
    """Who has heard these, the newest first."""
    wanted = select(RecordingHearing).where(RecordingHearing.recording_id.in_(recording_ids))
    return session.scalars(wanted.order_by(RecordingHearing.at.desc(), RecordingHearing.id.desc()).limit(most)).all()
