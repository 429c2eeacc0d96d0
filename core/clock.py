"""The only place that asks what time it is, so that tests and simulation can run on a clock of their own."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Everything that needs `now` is given one of these, or the moment itself."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is told to move; for tests and simulation."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("VirtualClock needs an aware start time: give it tzinfo=UTC")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds_s: float) -> datetime:
        """Move forward by `seconds_s` (never back) and return the new time."""
        if seconds_s < 0:
            raise ValueError("time does not run backwards: advance() takes zero or more seconds")
        self._now += timedelta(seconds=seconds_s)
        return self._now


def stopwatch_s() -> float:
    """Seconds on a clock that only measures lengths; unrelated to the time of day."""
    return time.monotonic()


def as_utc(moment: datetime) -> datetime:
    """A moment read from a store that forgets zones (SQLite) is UTC by our rule; make that visible."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
