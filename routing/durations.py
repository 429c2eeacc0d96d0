"""How long something lasts: learned from what it lasted lately, as a lognormal distribution."""

import math
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.float64]]

_MEMORY = 200.0  # the newest so many count
_LEAST_SPREAD = 0.05
_GRID: Numbers = np.linspace(-6, 6, 2401)
_BELOW: Numbers = np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in _GRID])


class Durations:
    """Lognormal, as telephone talks and wrap-ups are (Brown et al., "Statistical Analysis of a Telephone Call Center", JASA 100,
    2005). Until much is known it is what was assumed: `median_s` seconds and `spread`, the standard deviation of the logarithm,
    as if `worth` had been seen."""

    def __init__(self, median_s: float, spread: float = 0.8, worth: float = 5.0) -> None:
        self._mean, self._variance, self._weight = math.log(median_s), spread**2, worth

    def learn(self, lasted_s: float) -> None:
        """One more has ended; less than a second counts as one."""
        self._weight = min(self._weight + 1, _MEMORY)
        share, off = 1 / self._weight, math.log(max(1.0, lasted_s)) - self._mean
        self._mean += share * off
        self._variance = (1 - share) * (self._variance + share * off**2)

    def drawn(self, chances: Numbers) -> Numbers:
        """Seconds that it lasts, for chances between 0 and 1 (the greater, the longer)."""
        return self._seconds(chances)

    def left(self, passed_s: Numbers, chances: Numbers) -> Numbers:
        """Seconds that are left of those that have lasted for `passed_s`; the two are spread over each other."""
        reached = (np.log(np.maximum(passed_s, 1e-3)) - self._mean) / self._spread
        before = np.interp(reached, _GRID, _BELOW)
        return np.maximum(self._seconds(before + (1 - before) * chances) - passed_s, 0.0)

    @property
    def _spread(self) -> float:
        return max(_LEAST_SPREAD, math.sqrt(self._variance))

    def _seconds(self, chances: Numbers) -> Numbers:
        return np.exp(self._mean + self._spread * np.interp(chances, _BELOW, _GRID))


class Forbearance:
    """How long callers wait before they give up: exponential, so that who has waited is as patient as who has not.

    Its mean is the time that all have waited over how many gave up, the maximum likelihood where most are answered before.
    """

    _FORGETS = 1 - 1 / 500

    def __init__(self) -> None:
        self._waited_s, self._gave_up = 600.0, 1.0

    def learn(self, waited_s: float, gave_up: bool) -> None:
        """One more has been answered, or gave up."""
        self._waited_s = self._waited_s * self._FORGETS + waited_s
        self._gave_up = self._gave_up * self._FORGETS + gave_up

    def drawn(self, chances: Numbers) -> Numbers:
        """Seconds until they give up."""
        return -np.log1p(-chances) * (self._waited_s / self._gave_up)
