"""Pictures of a day or of many: bars, lines, steps and bands, on one time axis and one scale. Geometry only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 220
_TOP, _BOTTOM = 12, 4


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class GridLine:
    y: float
    label: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars and lines share one scale: all three are small numbers of people."""

    bars: tuple[Bar, ...]
    load: str
    needed: str
    grid: tuple[GridLine, ...]
    slot: float


class Scale:
    """Places `count` intervals side by side, and values from 0 to the next round number above `most`."""

    def __init__(self, count: int, most: float) -> None:
        self.top = max(4, 4 * math.ceil(most / 4))
        self.slot = WIDTH / max(1, count)

    def y(self, value: float) -> float:
        """Where a value lies; 0 at the bottom."""
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / self.top, 1)

    def middle(self, number: int) -> float:
        """The middle of an interval."""
        return round((number + 0.5) * self.slot, 1)

    def bars(self, values: Sequence[float]) -> tuple[Bar, ...]:
        """One for each interval."""
        return tuple(
            Bar(round(number * self.slot + self.slot * 0.14, 1), self.y(value), round(self.slot * 0.72, 1),
                round(HEIGHT - _BOTTOM - self.y(value), 1))
            for number, value in enumerate(values)
        )  # fmt: skip

    def line(self, values: Sequence[float], begins: int = 0) -> str:
        """From middle to middle; the first value is that of interval `begins`."""
        return " ".join(f"{self.middle(begins + number)},{self.y(value)}" for number, value in enumerate(values))

    def steps(self, values: Sequence[float | None]) -> str:
        """Level within each interval; unknown values lie at zero."""
        corners = []
        for number, value in enumerate(values):
            y = self.y(value or 0)
            corners += [f"{round(number * self.slot, 1)},{y}", f"{round((number + 1) * self.slot, 1)},{y}"]
        return " ".join(corners)

    def band(self, low: Sequence[float], high: Sequence[float]) -> str:
        """The area between, as a polygon; one interval alone is as wide as its slot."""
        if len(low) == 1:
            low, high, xs = [*low, *low], [*high, *high], [0.0, round(self.slot, 1)]
        else:
            xs = [self.middle(number) for number in range(len(low))]
        there = [f"{x},{self.y(value)}" for x, value in zip(xs, high, strict=True)]
        back = [f"{x},{self.y(value)}" for x, value in zip(xs, low, strict=True)]
        return " ".join(there + back[::-1])

    @property
    def grid(self) -> tuple[GridLine, ...]:
        """Four lines and the zero."""
        return tuple(GridLine(self.y(value), value) for value in range(0, self.top + 1, max(1, self.top // 4)))


def draw(offered: Sequence[int], load: Sequence[float | None], needed: Sequence[int | None]) -> Picture:
    """Place every interval in its slot; unknown values leave their line at zero."""
    scale = Scale(len(offered), max([1, *offered, *(value or 0 for value in needed), *(value or 0.0 for value in load)]))
    line = scale.line([value or 0.0 for value in load])
    return Picture(scale.bars(offered), line, scale.steps(needed), scale.grid, scale.slot)
