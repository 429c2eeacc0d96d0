"""Working time: how much of it lies between two moments, and when so much of it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MIN = 24 * 60
Span = tuple[int, int]
"""From and to in minutes of a day, half-open; to is at most 1440."""


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """The spans of each day from Monday on, in order and apart, in the time of `zone`. At least one day has some."""

    days: tuple[tuple[Span, ...], ...]
    zone: ZoneInfo

    def after(self, start: datetime, time_s: float) -> datetime:
        """The moment at which `time_s` seconds of working time have passed since `start`, both aware. 0: `start` itself."""
        left = timedelta(seconds=time_s)
        if left <= timedelta():
            return start
        for begins, ends in self._spans_from(start):
            begins = max(begins, start)
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        raise AssertionError("a week without working time")  # pragma: no cover  # refused where weeks are read

    def between_s(self, start: datetime, end: datetime) -> float:
        """Seconds of working time from `start` to `end`; 0 when `end` is not later."""
        worked = timedelta()
        for begins, ends in self._spans_from(start):
            if begins >= end:
                break
            worked += max(timedelta(), min(ends, end) - max(begins, start))
        return worked.total_seconds()

    def _spans_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Spans that end after `start`, for ever, as moments in UTC: a day on which clocks change is as long as it is."""
        day = start.astimezone(self.zone).date()
        while True:
            for from_min, to_min in self.days[day.weekday()]:
                begins, ends = self._moment(day, from_min), self._moment(day, to_min)
                if ends > max(start, begins):
                    yield begins, ends
            day += timedelta(days=1)

    def _moment(self, day: date, minute: int) -> datetime:
        midnight = datetime.combine(day, time())
        return (midnight + timedelta(minutes=minute)).replace(tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class CalendarTime:
    """Every hour counts, by day and by night."""

    def after(self, start: datetime, time_s: float) -> datetime:
        """The moment `time_s` seconds later; `start` itself for none."""
        return start + timedelta(seconds=max(0.0, time_s))

    def between_s(self, start: datetime, end: datetime) -> float:
        """Seconds from `start` to `end`; 0 when `end` is not later."""
        return max(0.0, (end - start).total_seconds())


CountedTime = WorkingWeek | CalendarTime
