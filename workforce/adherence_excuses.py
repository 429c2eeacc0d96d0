"""Stretches that count as in place although nobody was: a meeting, a system that was down. They stay on record, with why."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.errors import BadInput, NotFound
from routing.agents import find_agent

LONGEST_REASON = 200
_LONGEST = timedelta(hours=24)


class AdherenceExcuse(Base):
    """[starts_at, ends_at) of an agent is excused. One that is taken back stays, with by whom and when."""

    __tablename__ = "adherence_excuses"
    __table_args__ = (Index("ix_adherence_excuses_starts_at", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(36))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str] = mapped_column(String(80), default="")


def excuse(
    session: Session, agent_id: str, starts_at: datetime, ends_at: datetime, reason: str, now: datetime, by: str
) -> AdherenceExcuse:  # fmt: skip
    """Excuse the agent for this stretch. The caller commits. Raises NotFound, and BadInput for a stretch that can't be, or no
    reason."""
    if find_agent(session, agent_id) is None:
        raise NotFound(f"There is no agent {agent_id}.", "Choose one of the list.")
    if not starts_at < ends_at <= starts_at + _LONGEST:
        raise BadInput("The stretch does not end after it begins, within a day.", "Correct its times.")
    why = " ".join(reason.split())
    if not 1 <= len(why) <= LONGEST_REASON:
        raise BadInput("A reason has 1 to 200 characters.", "Say why, such as: meeting.")
    found = AdherenceExcuse(agent_id=agent_id, starts_at=starts_at, ends_at=ends_at, reason=why, at=now, by=by[:80])
    session.add(found)
    session.flush()
    return found


def take_back(session: Session, excuse_id: int, now: datetime, by: str) -> AdherenceExcuse:
    """It counts no more. The caller commits. Raises NotFound."""
    found = session.get(AdherenceExcuse, excuse_id, with_for_update=True)
    if found is None or found.undone_at is not None:
        raise NotFound("There is no such excuse.", "Look at the day again.")
    found.undone_at, found.undone_by = now, by[:80]
    session.flush()
    return found


def excuses_between(session: Session, start: datetime, end: datetime, agent_id: str = "") -> Mapping[str, list[AdherenceExcuse]]:
    """Those that count in [start, end), by agent, in the order of time."""
    asked = select(AdherenceExcuse).where(
        AdherenceExcuse.starts_at < end, AdherenceExcuse.starts_at > start - _LONGEST, AdherenceExcuse.ends_at > start,
        AdherenceExcuse.undone_at.is_(None),
    )  # fmt: skip
    found = defaultdict[str, list[AdherenceExcuse]](list)
    for row in session.scalars(asked.where(AdherenceExcuse.agent_id == agent_id) if agent_id else asked):
        found[row.agent_id].append(row)
    return {agent: sorted(own, key=lambda row: row.starts_at) for agent, own in found.items()}
