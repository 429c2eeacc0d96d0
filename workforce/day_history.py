"""What came to one queue, day by day: callers in each interval of the local day, and how long those handled took."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInput
from workforce.interval_row import IntervalRow

Floats = NDArray[np.float64]
_MOST_DAYS = 4000


@dataclass(frozen=True, eq=False)
class DayHistory:
    """A row for each day from `first` on, a column for each interval of `minutes` of the local day.

    `offered` is NaN where nothing is on record. `handle_s` are the seconds of the `handled` together.
    """

    queue: str
    minutes: int
    first: date
    offered: Floats
    handled: Floats
    handle_s: Floats

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Its days, in their order."""
        return tuple(self.first + timedelta(days=number) for number in range(len(self.offered)))

    @property
    def totals(self) -> Floats:
        """Callers by day; NaN where any of the day is not on record."""
        return np.asarray(self.offered.sum(axis=1))

    def first_days(self, count: int) -> "DayHistory":
        """As it was known when it was so many days long."""
        return replace(self, offered=self.offered[:count], handled=self.handled[:count], handle_s=self.handle_s[:count])


def day_histories(rows: Iterable[IntervalRow], zone: tzinfo, minutes: int) -> dict[str, DayHistory]:
    """The history of each queue that has rows of this length. Raises BadInput for a length that is no part of a day."""
    if minutes <= 0 or 1440 % minutes:
        raise BadInput(f"A day is no whole number of {minutes}-minute intervals.", "Use 15 or 30.")
    own: dict[str, list[tuple[date, int, IntervalRow]]] = defaultdict(list)
    for row in rows:
        if row.minutes != minutes:
            raise BadInput(f"{row.queue}: an interval of {row.minutes} minutes among those of {minutes}.", "Use one length.")
        here = row.starts_at.astimezone(zone)
        own[row.queue].append((here.date(), (here.hour * 60 + here.minute) // minutes, row))
    return {queue: _history(queue, minutes, each) for queue, each in own.items()}


def interval_start(day: date, number: int, minutes: int, zone: tzinfo) -> datetime:
    """When an interval of a local day begins, aware."""
    return datetime.combine(day, time(number * minutes // 60, number * minutes % 60), zone)


def _history(queue: str, minutes: int, rows: Sequence[tuple[date, int, IntervalRow]]) -> DayHistory:
    first, last = min(row[0] for row in rows), max(row[0] for row in rows)
    shape = ((last - first).days + 1, 1440 // minutes)
    if shape[0] > _MOST_DAYS:
        raise BadInput(f"{queue}: the history runs from {first} to {last}.", f"Use at most {_MOST_DAYS} days.")
    offered, handled, handle_s, seen = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape[0], dtype=bool)
    for day, number, row in rows:
        at = (day - first).days
        seen[at] = True
        offered[at, number] += row.offered
        handled[at, number] += row.handled
        handle_s[at, number] += row.handle_s
    offered[~seen] = np.nan
    return DayHistory(queue, minutes, first, offered, handled, handle_s)
