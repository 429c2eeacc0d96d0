"""Trials of scripts: a version on a share of calls beside the one in force, until one of the two is taken for all."""

from datetime import datetime

from sqlalchemy import Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime, insert_missing

LEAST_PERCENT, MOST_PERCENT = 1, 50
_RUNNING = text("ended_at IS NULL")


class ScriptTrial(Base):
    """A trial. `usual` is the number of the version in force (0: the one that Halo ships), `tried` that of the other, which
    `percent` of a hundred calls get. `chosen`: which of the two is in force since its end."""

    __tablename__ = "script_trials"
    __table_args__ = (
        Index("uq_script_trials_running", "script", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    script: Mapped[str] = mapped_column(String(40), index=True)
    usual: Mapped[int]
    tried: Mapped[int]
    percent: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str] = mapped_column(String(80), default="")
    chosen: Mapped[int | None]


def running_trials(session: Session) -> list[ScriptTrial]:
    """The trials that run now."""
    return list(session.scalars(select(ScriptTrial).where(ScriptTrial.ended_at.is_(None)).order_by(ScriptTrial.script)))


def running_trial(session: Session, script: str, lock: bool = False) -> ScriptTrial | None:
    """The trial of this script that runs now; None when none does. With `lock` nobody else ends it before this session does."""
    wanted = select(ScriptTrial).where(ScriptTrial.script == script, ScriptTrial.ended_at.is_(None))
    return session.scalar(wanted.with_for_update() if lock else wanted)


def trials_of(session: Session, script: str, most: int = 20) -> list[ScriptTrial]:
    """The trials of a script, the newest first."""
    return list(
        session.scalars(select(ScriptTrial).where(ScriptTrial.script == script).order_by(ScriptTrial.id.desc()).limit(most))
    )


def begin_trial(session: Session, script: str, usual: int, tried: int, percent: int, by: str, now: datetime) -> bool:
    """Write a trial down; False when one of this script runs already. Does not commit."""
    row = {"script": script, "usual": usual, "tried": tried, "percent": percent, "by": by, "began_at": now, "ended_by": ""}
    return insert_missing(session, ScriptTrial, row)
