"""The policies that have been in force, and who put them there. What was in force is never changed: the newest row counts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.errors import NotFound


class How(StrEnum):
    """How a policy came into force."""

    PUBLISHED = "published"
    ROLLED_BACK = "rolled_back"


class PolicyPublication(Base):
    """A moment from which a policy is in force. `number` names its text, counted from 1: one that is brought back keeps it."""

    __tablename__ = "policy_publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(index=True)
    content: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(200), default="")


def id_in_force(session: Session) -> int | None:
    """The id of the publication in force; None when no policy was ever published: the shipped one holds."""
    return session.scalar(select(func.max(PolicyPublication.id)))


def in_force(session: Session, lock: bool = False) -> PolicyPublication | None:
    """The publication in force; None as `id_in_force`.

    With `lock` nobody else who asks so puts another one in force before this session ends (SQLite: `writing()` sees to it).
    """
    if lock:
        first = select(func.min(PolicyPublication.id)).scalar_subquery()
        session.scalar(select(PolicyPublication.id).where(PolicyPublication.id == first).with_for_update())
    return session.scalar(select(PolicyPublication).order_by(PolicyPublication.id.desc()).limit(1))


def in_force_at(session: Session, moment: datetime) -> PolicyPublication | None:
    """The publication that was in force at a moment; None when none was: the shipped policy held."""
    before = select(PolicyPublication).where(PolicyPublication.at <= moment)
    return session.scalar(before.order_by(PolicyPublication.id.desc()).limit(1))


def put_in_force(session: Session, content: str, now: datetime, by: str, note: str = "") -> PolicyPublication:
    """Put a text in force; one that is so already, to the letter, stays. Does not commit."""
    current = in_force(session)
    if current is not None and current.content == content:
        return current
    last = session.scalar(select(func.max(PolicyPublication.number))) or 0
    return _add(session, PolicyPublication(number=last + 1, content=content, how=How.PUBLISHED, at=now, by=by, note=note[:200]))


def bring_back(session: Session, number: int, now: datetime, by: str) -> PolicyPublication:
    """Put an earlier policy in force again. Does not commit. Raises NotFound."""
    before = policy_of(session, number)
    return _add(
        session, PolicyPublication(number=number, content=before.content, how=How.ROLLED_BACK, at=now, by=by, note=before.note)
    )


def policy_of(session: Session, number: int) -> PolicyPublication:
    """The first publication of this number. Raises NotFound."""
    found = session.scalar(
        select(PolicyPublication).where(PolicyPublication.number == number).order_by(PolicyPublication.id).limit(1)
    )
    if found is None:
        raise NotFound(f"There is no policy {number}.", "See ./halo routing versions.")
    return found


def history(session: Session, most: int = 50) -> list[PolicyPublication]:
    """What was in force when, the newest first."""
    return list(session.scalars(select(PolicyPublication).order_by(PolicyPublication.id.desc()).limit(most)))


def _add(session: Session, publication: PolicyPublication) -> PolicyPublication:
    session.add(publication)
    session.flush()
    return publication
