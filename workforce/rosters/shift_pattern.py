"""Shift patterns: when a shift may begin, how long it is, and where its breaks may lie."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from routing.label import Label

DAY_MIN = 1440
REST = "rest"
"""The break that comes before overtime."""


@dataclass(frozen=True, slots=True)
class Break:
    """A break of so many minutes that begins from `first_min` to `last_min` after the shift's start, each `every_min`. Paid ones
    count as work."""

    name: str
    minutes: int
    first_min: int
    last_min: int
    every_min: int = 30
    paid: bool = False

    @property
    def places(self) -> range:
        """Where it may begin, in minutes after the shift's start."""
        return range(self.first_min, self.last_min + 1, self.every_min)


@dataclass(frozen=True)
class ShiftPattern:
    """`starts` are minutes of the day; `minutes` is the whole length with breaks. The windows of `breaks` come one after the
    other. No shift of a pattern in `not_followed_by` is on the day after one of this. `label`: what people read for the name.
    `days_a_week`: only who works on so many days of a week, or more, has such shifts."""

    name: str
    starts: tuple[int, ...]
    minutes: int
    breaks: tuple[Break, ...] = ()
    not_followed_by: frozenset[str] = frozenset()
    label: Label | None = field(default=None, compare=False)
    days_a_week: int = 1

    @cached_property
    def paid_min(self) -> int:
        """Minutes of work: the whole without the breaks that are not paid."""
        return self.minutes - sum(each.minutes for each in self.breaks if not each.paid)

    def shown(self, language: str) -> str:
        """As people read it: the planner's label, else the name."""
        return self.name.replace("_", " ") if self.label is None else self.label.in_language(language)

    def shifts(self) -> Iterator["Shift"]:
        """A shift for each start."""
        return (Shift(self, start) for start in self.starts)


@dataclass(frozen=True)
class Shift:
    """A shift of a day; `start` in minutes of that day, `end` beyond 1440 for one that ends on the next."""

    pattern: ShiftPattern
    start: int

    @cached_property
    def end(self) -> int:
        """The first minute after it."""
        return self.start + self.pattern.minutes

    @property
    def key(self) -> tuple[str, int]:
        """What tells shifts of one problem apart."""
        return self.pattern.name, self.start

    def overlap(self, start: int, end: int) -> int:
        """Minutes of the shift within [start, end), minutes of its day."""
        return max(0, min(self.end, end) - max(self.start, start))

    def in_hours(self, start: int, end: int) -> int:
        """Minutes within these hours of any day; `end` before `start` is of the next day."""
        length = end - start if end > start else end - start + DAY_MIN
        return sum(self.overlap(start + day * DAY_MIN, start + day * DAY_MIN + length) for day in (-1, 0, 1, 2))


@dataclass(frozen=True)
class Placed:
    """A shift with its breaks: where each begins, in minutes after the shift's start, in the pattern's order."""

    shift: Shift
    breaks: tuple[int, ...] = ()

    def rests(self) -> list[tuple[int, int]]:
        """The breaks as [start, end) in minutes of the shift's day."""
        return [
            (self.shift.start + at, self.shift.start + at + each.minutes)
            for at, each in zip(self.breaks, self.shift.pattern.breaks, strict=True)
        ]


def placed_first(shift: Shift) -> Placed:
    """With each break at its first place."""
    return Placed(shift, tuple(each.first_min for each in shift.pattern.breaks))
