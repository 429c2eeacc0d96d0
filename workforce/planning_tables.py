"""What planners keep: days that they know of, numbers that they overrule, forecasts and searches, and plans of staff."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class SpecialDayRecord(Base):
    """As workforce.day_calendar.SpecialDay. `by` and `at`: whose it is."""

    __tablename__ = "special_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    factor: Mapped[float | None]
    leave_out: Mapped[bool]
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OverrulingRecord(Base):
    """One change; of a queue, day and interval the newest that is not undone counts. `minutes` 0: the whole day, else the length of
    the interval that begins `minute` minutes after midnight. Nothing overruled at all: as computed again."""

    __tablename__ = "overrulings"
    __table_args__ = (Index("ix_overrulings_queue_day", "queue", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    queue: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(Date)
    minutes: Mapped[int]
    minute: Mapped[int]
    callers: Mapped[float | None]
    times: Mapped[float | None]
    aht_s: Mapped[float | None]
    why: Mapped[str] = mapped_column(String(200))
    undone: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlanningRun(Base):
    """Work that takes a while. `kind`, `state`: see workforce.planning_runs; `done` of `of` parts, `doing` what with which queue.
    `problem` is what went wrong. `told_at`: when the worker last gave a sign."""

    __tablename__ = "planning_runs"
    __table_args__ = (UniqueConstraint("kind", "name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    asked: Mapped[Any] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    doing: Mapped[str] = mapped_column(String(20), default="")
    queue: Mapped[str] = mapped_column(String(40), default="")
    problem: Mapped[Any] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PlanningResult(Base):
    """What came of a run: a forecast of each queue, as it was computed; of a search one, whose queue is ""."""

    __tablename__ = "planning_results"

    run_id: Mapped[int] = mapped_column(ForeignKey("planning_runs.id", ondelete="CASCADE"), primary_key=True)
    queue: Mapped[str] = mapped_column(String(40), primary_key=True)
    content: Mapped[str] = mapped_column(Text)


class StaffPlan(Base):
    """Staff needed, kept under a name; never changed: the same name gets another version. `wishes`: how it was staffed."""

    __tablename__ = "staff_plans"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    first: Mapped[date] = mapped_column(Date)
    days: Mapped[int]
    minutes: Mapped[int]
    wishes: Mapped[Any] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffPlanQueue(Base):
    """A queue of a plan: its intervals, as JSON of workforce.staff_need.StaffRow."""

    __tablename__ = "staff_plan_queues"

    plan_id: Mapped[int] = mapped_column(ForeignKey("staff_plans.id", ondelete="CASCADE"), primary_key=True)
    queue: Mapped[str] = mapped_column(String(40), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
