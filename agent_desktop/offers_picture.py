"""The pictures of the page of offers: differences with their intervals about a line of zero, and bars. Geometry only."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.two_groups import Interval

WIDTH, BAR_WIDTH = 200, 200
_EDGE = 8
_LEAST_SPAN = 0.02  # two points: less would make chance look large


@dataclass(frozen=True, slots=True)
class Mark:
    """One difference: its interval from `low` to `high` and its value at `at`, all in the picture's units."""

    low: float
    at: float
    high: float


@dataclass(frozen=True, slots=True)
class Forest:
    """Marks on one scale from -`span` to `span` (shares), with zero in the middle; None where nothing is known."""

    span: float
    zero: float
    marks: tuple[Mark | None, ...]


@dataclass(frozen=True, slots=True)
class NamedBar:
    """A bar of a count."""

    name: str
    count: int
    width: float


def forest(found: Sequence[Interval | None]) -> Forest:
    """Place every difference on the scale that shows all of them."""
    reach = [abs(bound) for each in found if each is not None for bound in (each.low, each.high)]
    span = max([_LEAST_SPAN, *reach])

    def x_of(value: float) -> float:
        return round(WIDTH / 2 + (WIDTH / 2 - _EDGE) * value / span, 1)

    marks = tuple(Mark(x_of(each.low), x_of(each.value), x_of(each.high)) if each is not None else None for each in found)
    return Forest(span, x_of(0), marks)


def bars(counts: Sequence[tuple[str, int]]) -> tuple[NamedBar, ...]:
    """The longest fills the width; none vanishes."""
    most = max((count for _name, count in counts), default=1)
    return tuple(NamedBar(name, count, round(max(2.0, BAR_WIDTH * count / most), 1)) for name, count in counts)
