"""Changes of shifts in the roster that is in force, by hours, swaps and time off: what was before each stays on record."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import as_utc
from core.database import Base, UtcDateTime
from core.errors import NotFound
from workforce.ask_errors import ShiftMoved
from workforce.roster_records import RosterActivity, RosterShift, RosterVersion
from workforce.roster_store import named_rests, published_shifts
from workforce.rosters.calendar_file import moment_of
from workforce.rosters.shift_pattern import Placed

LONGEST_WHY = 200
ShiftTimes = dict[str, Any]
"""A shift as it is on record: `starts_at`, `ends_at` and `activities` ([kind, start, end]), in ISO, and its `pattern`; empty where
there is none."""


class ChangedBy(StrEnum):
    """What changed a shift that was in force already."""

    HOURS = "hours"
    SWAP = "swap"
    TIME_OFF = "time_off"


class ChangedShift(Base):
    """An agent's day in a published roster that was changed: as it was `before` and is `after`. `kind`: ChangedBy."""

    __tablename__ = "changed_shifts"
    __table_args__ = (Index("ix_changed_shifts_day_version_id", "day", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_versions.id", ondelete="CASCADE"))
    agent_id: Mapped[str] = mapped_column(String(36))
    day: Mapped[date] = mapped_column(Date)
    before: Mapped[ShiftTimes] = mapped_column(JSON)
    after: Mapped[ShiftTimes] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(String(10), default=ChangedBy.HOURS, server_default="hours")
    why: Mapped[str] = mapped_column(String(LONGEST_WHY))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))


def times_of(row: RosterShift | None) -> ShiftTimes:
    """The shift's times as they are kept."""
    if row is None:
        return {}
    return {
        "pattern": row.pattern, "starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat(),
        "activities": [[one.kind, one.starts_at.isoformat(), one.ends_at.isoformat()] for one in row.activities],
    }  # fmt: skip


def shift_in_force(session: Session, agent_id: str, day: date) -> RosterShift:
    """The agent's shift that begins on this day. Raises NotFound."""
    found = published_shifts(session, day, 1, agent_id)
    if not found:
        raise NotFound(f"Agent {agent_id} has no shift on {day}.", "Look at the day again.")
    return found[0]


def change_shift(
    session: Session, agent_id: str, day: date, seen: Mapping[str, Any], placed: Placed, zone: tzinfo, now: datetime, by: str,
    why: str,
) -> ChangedShift:  # fmt: skip
    """Give the shift in force these hours and breaks; its trainings stay. Raises NotFound; ShiftMoved where it is not as `seen`
    any more. The caller commits."""
    row = _locked(session, agent_id, day, seen)
    breaks, ends_at = {each.name for each in placed.shift.pattern.breaks}, moment_of(day, 0, placed.shift.end, zone)
    kept = [one for one in row.activities if one.kind not in breaks and one.ends_at <= ends_at]
    after: ShiftTimes = {
        "pattern": row.pattern,
        "starts_at": moment_of(day, 0, placed.shift.start, zone).isoformat(), "ends_at": ends_at.isoformat(),
        "activities": [
            *([one.kind, one.starts_at.isoformat(), one.ends_at.isoformat()] for one in kept),
            *(
                [name, moment_of(day, 0, start, zone).isoformat(), moment_of(day, 0, end, zone).isoformat()]
                for name, start, end in named_rests(placed)
            ),
        ],
    }  # fmt: skip
    return _write(session, row, after, now, by, why)


def undo_change(session: Session, change_id: int, now: datetime, by: str) -> ChangedShift:
    """Give the shift back the hours that it had before, as a change of its own. Raises NotFound, also for what agents swapped or
    were granted; ShiftMoved where it was changed since."""
    change = session.get(ChangedShift, change_id)
    if change is None or change.kind != ChangedBy.HOURS:
        raise NotFound(f"There is no change {change_id} of a shift.", "Look at the day again.")
    row = _locked(session, change.agent_id, change.day, change.after)
    return _write(session, row, change.before, now, by, "")


def note_moved(
    session: Session, version_id: int, before: Mapping[tuple[str, date], ShiftTimes], kind: ChangedBy, now: datetime, by: str
) -> None:  # fmt: skip
    """Put on record what became of these agents' days, after a swap or time off was written into the roster."""
    for agent, day in sorted(before):
        after = cell_times(session, version_id, agent, day)
        if after != before[agent, day]:
            session.add(ChangedShift(
                version_id=version_id, agent_id=agent, day=day, before=before[agent, day], after=after, kind=kind, why="", at=now,
                by=by[:80],
            ))  # fmt: skip
    session.flush()


def cell_times(session: Session, version_id: int, agent: str, day: date) -> ShiftTimes:
    """What this roster has for an agent's day."""
    asked = select(RosterShift).where(RosterShift.version_id == version_id, RosterShift.agent_id == agent, RosterShift.day == day)
    return times_of(session.scalar(asked))


def changes_of(session: Session, first: date, last: date) -> list[ChangedShift]:
    """Of shifts that begin on these days, the oldest first."""
    asked = select(ChangedShift).where(ChangedShift.day >= first, ChangedShift.day <= last)
    return list(session.scalars(asked.order_by(ChangedShift.at, ChangedShift.id)))


def same_times(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both are the same moments, however they are written."""
    if not one or not other:
        return not one and not other
    return _moments(one) == _moments(other)


def _moments(times: Mapping[str, Any]) -> tuple[datetime, datetime, list[tuple[str, datetime, datetime]]]:
    def at(text: str) -> datetime:
        return as_utc(datetime.fromisoformat(text))

    activities = sorted((kind, at(start), at(end)) for kind, start, end in times["activities"])
    return at(times["starts_at"]), at(times["ends_at"]), activities


def _locked(session: Session, agent_id: str, day: date, seen: Mapping[str, Any]) -> RosterShift:
    row = shift_in_force(session, agent_id, day)
    session.get(RosterVersion, row.version_id, with_for_update=True)
    session.refresh(row)
    if not same_times(times_of(row), seen):
        raise ShiftMoved("This shift was changed meanwhile.", "Look at it again as it is now.")
    return row


def _write(session: Session, row: RosterShift, after: ShiftTimes, now: datetime, by: str, why: str) -> ChangedShift:
    before = times_of(row)
    starts_at, ends_at, activities = _moments(after)
    row.starts_at, row.ends_at = starts_at, ends_at
    row.activities = [RosterActivity(kind=kind, starts_at=start, ends_at=end) for kind, start, end in activities]
    change = ChangedShift(
        version_id=row.version_id, agent_id=row.agent_id, day=row.day, before=before, after=after, kind=ChangedBy.HOURS,
        why=why[:LONGEST_WHY], at=now, by=by[:80],
    )  # fmt: skip
    session.add(change)
    session.flush()
    return change
