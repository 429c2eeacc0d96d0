"""Tables of rosters: contracts, rosters with their shifts and breaks, time off that was asked for, and swaps."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime
from core.published_texts import Publications, PublishedText


class RosterState(StrEnum):
    """Where a roster stands. WAITING and SOLVING: the worker makes it; FAILED: there is none, see `told`; STOPPED:
    somebody ended it before there was one."""

    WAITING = "waiting"
    SOLVING = "solving"
    DRAFT = "draft"
    PUBLISHED = "published"
    FAILED = "failed"
    STOPPED = "stopped"


class AskState(StrEnum):
    """Where time off, a swap or an offer stands. ASKED: a swap waits for the colleague, an offer for anybody, time off for the
    planner; ACCEPTED: the colleague agrees, and the planner decides. LAPSED: the shift became somebody else's, or none."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    GRANTED = "granted"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


OPEN_STATES = (AskState.ASKED, AskState.ACCEPTED)


class RosterRulesPublication(PublishedText):
    """A moment from which rules and shift patterns (workforce/rosters/rules.yaml) are in force."""

    __tablename__ = "roster_rules_publications"


RULES = Publications(RosterRulesPublication, "There are no roster rules {number}.", "See ./halo workforce roster rules.")


class WorkContract(Base):
    """What was agreed with an agent. `available` by weekday ("0": Monday) as [[from, to], …] in minutes; `protected`: no nights,
    and nobody keeps here why."""

    __tablename__ = "work_contracts"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    week_min: Mapped[int]
    days_a_week: Mapped[int]
    patterns: Mapped[list[str]] = mapped_column(JSON)
    available: Mapped[dict[str, Any]] = mapped_column(JSON)
    overtime: Mapped[bool] = mapped_column(Boolean)
    protected: Mapped[bool] = mapped_column(Boolean)
    most_in_a_row: Mapped[int | None]
    most_weekends: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))


class RosterVersion(Base):
    """A roster. `needs` by queue, people in each interval of `minutes`; `told`: what stands against it, a line each. While it is
    solved, `cost`, `bound` and `doing` say how far that is; `stop_asked` ends it with the best until then. `brought`: wishes, time
    off and trainings of this roster alone (workforce.roster_brought). `anew`: {"cells": [[agent, day], …]} alone are chosen.
    `as_of`: the moment whose rosters in force a copy started from; None for one made anew."""

    __tablename__ = "roster_versions"
    __table_args__ = (Index("ix_roster_versions_state_first_day", "state", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(Date)
    days: Mapped[int]
    minutes: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    rules: Mapped[str] = mapped_column(Text)
    needs: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(80), default="")
    cost: Mapped[float | None] = mapped_column(Float)
    bound: Mapped[float | None] = mapped_column(Float)
    doing: Mapped[str] = mapped_column(String(80), default="")
    limit_s: Mapped[float] = mapped_column(Float, default=60.0)
    stop_asked: Mapped[bool] = mapped_column(Boolean, default=False)
    told: Mapped[str] = mapped_column(Text, default="")
    brought: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    anew: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RosterShift(Base):
    """A shift of a roster. `day` is the date on which it begins, by the installation's wall clock."""

    __tablename__ = "roster_shifts"
    __table_args__ = (UniqueConstraint("version_id", "agent_id", "day"), Index("ix_roster_shifts_agent_id_day", "agent_id", "day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_versions.id", ondelete="CASCADE"))
    agent_id: Mapped[str] = mapped_column(String(36))
    day: Mapped[date] = mapped_column(Date)
    pattern: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    activities: Mapped[list["RosterActivity"]] = relationship(cascade="all, delete-orphan", order_by="RosterActivity.starts_at")


class RosterActivity(Base):
    """What a shift has beside the queue: a break of the pattern (`kind` is its name), or a training."""

    __tablename__ = "roster_activities"
    __table_args__ = (Index("ix_roster_activities_shift_id", "shift_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("roster_shifts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RosterChange(Base):
    """What somebody did to a roster (`kind`: workforce.roster_hand.ChangeKind). `cells`: agent, day of the roster, and the shift
    before and after it as [pattern, start, breaks], null for a day off. `broken`: the hard rules that were broken on purpose."""

    __tablename__ = "roster_changes"
    __table_args__ = (Index("ix_roster_changes_version_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_versions.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    cells: Mapped[list[Any]] = mapped_column(JSON, default=list)
    broken: Mapped[list[str]] = mapped_column(JSON, default=list)
    undone: Mapped[bool] = mapped_column(Boolean, default=False)


class TimeOffRequest(Base):
    """Days off that an agent asks for, both included. `reason` is theirs, for planners only; `word` is what the planner said."""

    __tablename__ = "time_off_requests"
    __table_args__ = (Index("ix_time_off_requests_agent_id_first_day", "agent_id", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(36))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(120), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    word: Mapped[str] = mapped_column(String(200), default="")


class ShiftSwap(Base):
    """A shift of a published roster that is to change hands. `other_day`: the day whose shift comes back for it; None: an offer,
    for nothing. `other_agent_id` "": an offer that nobody has taken. Granted with nobody in `decided_by`: by the rules alone."""

    __tablename__ = "shift_swaps"
    __table_args__ = (
        Index("ix_shift_swaps_version_id_state", "version_id", "state"),
        Index("ix_shift_swaps_agent_id", "agent_id"),
        Index("ix_shift_swaps_other_agent_id", "other_agent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_versions.id", ondelete="CASCADE"))
    agent_id: Mapped[str] = mapped_column(String(36))
    day: Mapped[date] = mapped_column(Date)
    other_agent_id: Mapped[str] = mapped_column(String(36))
    other_day: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    word: Mapped[str] = mapped_column(String(200), default="")

    @property
    def is_offer(self) -> bool:
        """Whether nothing comes back for the shift."""
        return self.other_day is None
