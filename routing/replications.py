"""What many simulated days say together: a mean with a confidence interval, and whether one policy is better than another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from routing.simulated_day import SimulatedDay
from routing.student_t import t_factor

Run = Callable[[int], SimulatedDay]
"""The day with this number of replication."""
Figure = Callable[[SimulatedDay], float | None]
"""One number of a day; None when the day has none."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean over `days` independent days, and half the width of its confidence interval by Student's t."""

    mean: float
    half_width: float
    days: int

    @property
    def low(self) -> float:
        """Where the interval begins."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Where the interval ends."""
        return self.mean + self.half_width

    def holds(self, value: float) -> bool:
        """Whether the value lies in the interval."""
        return self.low <= value <= self.high


def estimate(values: Sequence[float], confidence: float = 0.95) -> Estimate:
    """From one value a day. Raises ValueError for fewer than two."""
    if len(values) < 2:
        raise ValueError("an interval needs two days or more")
    return Estimate(fmean(values), t_factor(confidence, len(values) - 1) * stdev(values) / len(values) ** 0.5, len(values))


def replicate(run: Run, figures: Mapping[str, Figure], days: int, confidence: float = 0.95) -> dict[str, Estimate]:
    """Each figure over so many days; days without it do not count. Raises ValueError where fewer than two have it."""
    rows = [{name: figure(day) for name, figure in figures.items()} for day in map(run, range(days))]
    return {name: estimate([value for row in rows if (value := row[name]) is not None], confidence) for name in figures}


def compare(run: Run, other: Run, figures: Mapping[str, Figure], days: int, confidence: float = 0.95) -> dict[str, Estimate]:
    """Each figure under `other` less that under `run`, day by day with the same callers: what both have in common cancels out.

    An interval without zero: they differ. Days on which either has no such figure do not count.
    """
    gains: dict[str, list[float]] = {name: [] for name in figures}
    for number in range(days):
        before, after = run(number), other(number)
        for name, figure in figures.items():
            was, now = figure(before), figure(after)
            if was is not None and now is not None:
                gains[name].append(now - was)
    return {name: estimate(values, confidence) for name, values in gains.items()}
