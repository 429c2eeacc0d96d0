"""The picture of a day: offered as bars, load and agents needed as lines, on one time axis. Geometry only."""

import math
from collections.abc import Callable, Sequence
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


def draw(offered: Sequence[int], load: Sequence[float | None], needed: Sequence[int | None]) -> Picture:
    """Place every interval in its slot; unknown values leave their line at zero."""
    top = _nice_top(max([1, *offered, *(value or 0 for value in needed), *(value or 0.0 for value in load)]))
    slot = WIDTH / max(1, len(offered))

    def y_of(value: float) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top, 1)

    bars = tuple(
        Bar(round(number * slot + slot * 0.14, 1), y_of(value), round(slot * 0.72, 1), round(HEIGHT - _BOTTOM - y_of(value), 1))
        for number, value in enumerate(offered)
    )
    middle = [round((number + 0.5) * slot, 1) for number in range(len(offered))]
    load_line = " ".join(f"{x},{y_of(value or 0.0)}" for x, value in zip(middle, load, strict=True))
    return Picture(bars, load_line, _steps(needed, slot, y_of(0), y_of), _grid(top, y_of(0), y_of(top)), slot)


def _steps(values: Sequence[int | None], slot: float, zero: float, y_of: Callable[[float], float]) -> str:
    corners = []
    for number, value in enumerate(values):
        y = y_of(value) if value else zero
        corners += [f"{round(number * slot, 1)},{y}", f"{round((number + 1) * slot, 1)},{y}"]
    return " ".join(corners)


def _grid(top: int, low: float, high: float) -> tuple[GridLine, ...]:
    step = max(1, top // 4)
    return tuple(GridLine(round(low - (low - high) * value / top, 1), value) for value in range(0, top + 1, step))


def _nice_top(most: float) -> int:
    """The next round number above, that four lines divide well."""
    return max(4, 4 * math.ceil(most / 4))
