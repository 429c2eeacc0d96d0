"""What callers were told to expect, and how near the truth it was: folded from the events, each once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.events import Event, EventKind


@dataclass(frozen=True, slots=True)
class ToldWait:
    """Told at `at`: an answer at `due`, between `low` and `high` four times in five. For who would come
    now they count from `at`."""

    at: datetime
    due: datetime
    low: datetime
    high: datetime

    @classmethod
    def of(cls, event: Event) -> "ToldWait":
        """What an event WAIT_EXPECTED tells that knows something."""
        due, low, high = (event.at + timedelta(seconds=float(event.data[name])) for name in ("expected_s", "low_s", "high_s"))
        return cls(event.at, due, low, high)

    @property
    def wait_s(self) -> float:
        """Seconds from the telling to the answer."""
        return (self.due - self.at).total_seconds()


@dataclass(slots=True)
class WaitErrors:
    """Of the callers who were told something and then answered: how many, and how wrong what they were told first was."""

    count: int = 0
    inside: int = 0
    sum_s: float = 0.0

    @property
    def mean_s(self) -> float | None:
        """Mean absolute error, seconds; None before the first."""
        return self.sum_s / self.count if self.count else None

    @property
    def inside_share(self) -> float | None:
        """How often the truth lay within the bounds, 0 to 1; None before the first."""
        return self.inside / self.count if self.count else None


class ToldWaits:
    """Take in the events in the order of the log. Who gave up is not counted: nobody knows how long they would have waited."""

    def __init__(self) -> None:
        self._first: dict[str, ToldWait] = {}
        self._newest: dict[str, ToldWait] = {}
        self._newcomers: dict[str, ToldWait] = {}
        self._errors: defaultdict[str, WaitErrors] = defaultdict(WaitErrors)

    def new_day(self) -> None:
        """Errors are counted anew."""
        self._errors.clear()

    def take(self, event: Event) -> None:
        """One event, each only once."""
        key = event.interaction_id
        if event.kind is EventKind.WAIT_EXPECTED:
            if "expected_s" not in event.data:
                self._newest.pop(key, None)
                if not key:
                    self._newcomers.pop(str(event.data["queue"]), None)
                return
            told = ToldWait.of(event)
            if key:
                self._first.setdefault(key, told)
                self._newest[key] = told
            else:
                self._newcomers[str(event.data["queue"])] = told
        elif event.kind is EventKind.INTERACTION_ANSWERED and key in self._first:
            first, errors = self._first[key], self._errors[str(event.data["queue"])]
            errors.count += 1
            errors.sum_s += abs((event.at - first.due).total_seconds())
            errors.inside += first.low <= event.at <= first.high
            self._forget(key)
        elif event.kind in (EventKind.INTERACTION_ABANDONED, EventKind.INTERACTION_ENDED):
            self._forget(key)

    def caller(self, interaction_id: str) -> ToldWait | None:
        """What a caller in line was told last."""
        return self._newest.get(interaction_id)

    def newcomer(self, queue: str) -> ToldWait | None:
        """What somebody may expect who would come into the queue now, as told last."""
        return self._newcomers.get(queue)

    def errors(self, queue: str) -> WaitErrors:
        """Of one queue's callers today."""
        return self._errors[queue]

    def _forget(self, key: str) -> None:
        self._first.pop(key, None)
        self._newest.pop(key, None)
