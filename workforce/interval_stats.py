"""The kept intervals: one row for each queue and interval, written only by the roll-up in workforce.jobs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class IntervalStat(Base):
    """What one queue saw in [starts_at, starts_at + minutes).

    Sums, not means, so that hours and days can be added up and still give a true mean. `answer_within_s` is the
    threshold that was in force when the row was computed.
    """

    __tablename__ = "interval_stats"
    __table_args__ = (
        UniqueConstraint("queue", "starts_at", "minutes"),
        CheckConstraint("minutes IN (15, 30)", name="minutes"),
        Index("ix_interval_stats_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    queue: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int] = mapped_column(Integer)
    offered: Mapped[int]
    answered: Mapped[int]
    abandoned: Mapped[int]
    short_abandons: Mapped[int]
    answered_within: Mapped[int]
    answer_within_s: Mapped[float] = mapped_column(Float)
    wait_s: Mapped[float] = mapped_column(Float)
    handled: Mapped[int]
    handle_s: Mapped[float] = mapped_column(Float)
