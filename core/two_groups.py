"""Two groups beside each other: shares and means with their bounds, and what lies between them. Pure statistics.

Shares have Wilson's interval, differences of shares Newcombe's (the tenth of his eleven methods, Statistics in Medicine 17,
1998), differences of means Welch's. All at 95 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

_CONFIDENCE = 0.95
LEAST_OF_EACH = 2  # without two on each side nothing is known of how they spread


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its bounds."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether zero lies outside: more than chance."""
        return self.low > 0 or self.high < 0


def share(count: int, of: int) -> Interval | None:
    """A share with Wilson's interval; None of nobody."""
    if of == 0:
        return None
    from scipy.stats import binomtest  # takes half a second to load: only when somebody asks

    bounds = binomtest(count, of).proportion_ci(_CONFIDENCE, method="wilson")
    return Interval(count / of, float(bounds.low), float(bounds.high))


def difference(first: Interval | None, second: Interval | None) -> Interval | None:
    """The first share less the second, with Newcombe's interval from the two of Wilson; None where one is not known."""
    if first is None or second is None:
        return None
    value = first.value - second.value
    low = value - sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    high = value + sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Interval(value, low, high)


def mean_difference(first: Sequence[float], second: Sequence[float]) -> Interval | None:
    """The mean of the first less that of the second, with Welch's interval; None where one has fewer than LEAST_OF_EACH."""
    if min(len(first), len(second)) < LEAST_OF_EACH:
        return None
    value = sum(first) / len(first) - sum(second) / len(second)
    if len(set(first)) == len(set(second)) == 1:
        return Interval(value, value, value)  # nothing varies, so there is nothing to estimate from
    from scipy.stats import ttest_ind

    bounds = ttest_ind(first, second, equal_var=False).confidence_interval(_CONFIDENCE)
    return Interval(value, float(bounds.low), float(bounds.high))
