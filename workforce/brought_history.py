"""History that planners bring from elsewhere: it counts for the days before the first contact that Halo has on record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from sqlalchemy import Float, Integer, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.errors import NotFound
from workforce.interval_row import IntervalRow

_AT_ONCE = 5000


class BroughtInterval(Base):
    """What came to a queue in an interval of 15 or 30 minutes; `handle_s` are the seconds of the `handled` together. `by` and `at`:
    who brought it."""

    __tablename__ = "brought_intervals"

    queue: Mapped[str] = mapped_column(String(40), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    minutes: Mapped[int] = mapped_column(Integer)
    offered: Mapped[int] = mapped_column(Integer)
    handled: Mapped[int] = mapped_column(Integer)
    handle_s: Mapped[float] = mapped_column(Float)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class BroughtSpan:
    """What is brought of a queue: from the first interval to the last, both aware, and how many callers."""

    queue: str
    first: datetime
    last: datetime
    callers: int


def keep_history(session: Session, rows: Sequence[IntervalRow], zone: tzinfo, by: str, at: datetime) -> int:
    """Keep these, in the place of all that was brought of the same queues from the local day of their first to that of their last;
    returns how many they are. The caller commits."""
    for queue in {row.queue for row in rows}:
        days = [row.starts_at.astimezone(zone).date() for row in rows if row.queue == queue]
        begins, ends = (datetime.combine(day, time(), zone) for day in (min(days), max(days) + timedelta(days=1)))
        session.execute(delete(BroughtInterval).where(
            BroughtInterval.queue == queue, BroughtInterval.starts_at >= begins, BroughtInterval.starts_at < ends
        ))  # fmt: skip
    values = [
        {
            "queue": row.queue, "starts_at": row.starts_at, "minutes": row.minutes, "offered": row.offered, "handled": row.handled,
            "handle_s": row.handle_s, "by": by[:80], "at": at,
        }
        for row in rows
    ]  # fmt: skip
    for begin in range(0, len(values), _AT_ONCE):
        session.execute(insert(BroughtInterval), values[begin : begin + _AT_ONCE])
    return len(values)


def drop_history(session: Session, queue: str) -> None:
    """Nothing is brought of this queue. The caller commits. Raises NotFound where nothing was."""
    dropped = delete(BroughtInterval).where(BroughtInterval.queue == queue).returning(BroughtInterval.starts_at)
    if session.execute(dropped).first() is None:
        raise NotFound(f"No history of {queue} was brought.", "See ./halo workforce history.")


def brought_spans(session: Session) -> list[BroughtSpan]:
    """By queue."""
    one = BroughtInterval
    asked = select(one.queue, func.min(one.starts_at), func.max(one.starts_at), func.sum(one.offered)).group_by(one.queue)
    rows = session.execute(asked.order_by(one.queue))
    return [BroughtSpan(queue, first, last, int(callers)) for queue, first, last, callers in rows]


def brought_rows(session: Session, queues: Collection[str], start: datetime, end: datetime, minutes: int) -> list[IntervalRow]:
    """What is brought of these queues in [start, end), both aware, by intervals of so many minutes: shorter ones are added up,
    longer ones are left out."""
    one, found = BroughtInterval, dict[tuple[str, datetime], IntervalRow]()
    asked = select(one.queue, one.starts_at, one.offered, one.handled, one.handle_s).where(
        one.queue.in_(queues), one.starts_at >= start, one.starts_at < end, one.minutes <= minutes
    )
    for queue, starts_at, offered, handled, handle_s in session.execute(asked.order_by(one.queue, one.starts_at)):
        begins = starts_at - timedelta(minutes=starts_at.minute % minutes)
        known = found.get((queue, begins), IntervalRow(queue, begins, minutes, 0.0, 0.0))
        found[queue, begins] = IntervalRow(
            queue, begins, minutes, 0.0, 0.0, offered=known.offered + offered, handled=known.handled + handled,
            handle_s=known.handle_s + handle_s,
        )  # fmt: skip
    return list(found.values())
