"""How far off a forecast may be: bands that held as often in the back-test as they say."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from workforce.day_history import Floats

_FEWEST = 100
_HALVINGS = 10
_HARDLY_ANY = 20
_WIDE, _NARROW = 0.3, 0.05


@dataclass(frozen=True, slots=True)
class Band:
    """With f callers expected, between f - `below`·s and f + `above`·s come, s² = f + (`spread`·f)² + 1: chance, and what the
    forecast itself may be off."""

    spread: float
    below: float
    above: float

    def low(self, expected: Floats) -> Floats:
        """Fewer are unlikely."""
        return np.maximum(np.floor(expected - self.below * _size(expected, self.spread)), 0.0)

    def high(self, expected: Floats) -> Floats:
        """More are unlikely."""
        return np.asarray(np.ceil(expected + self.above * _size(expected, self.spread)))


def learn_band(expected: Floats, came: Floats, share: float) -> Band:
    """The band that `share` of what came lies in, by the back-test's own misses: split conformal prediction (V. Vovk, A.
    Gammerman and G. Shafer, "Algorithmic Learning in a Random World", 2005), with misses measured by `s`.

    With too few misses to learn from it is that of the normal distribution, and wide where there is hardly any.
    """
    counted = float((expected**2).sum())
    beyond = float(((came - expected) ** 2 - expected).sum())
    spread = float(np.sqrt(max(beyond, 0.0) / counted)) if counted > 0 else 0.0
    if len(expected) < _FEWEST:
        usual = NormalDist().inv_cdf((1 + share) / 2)
        return Band(max(spread, _WIDE if len(expected) < _HARDLY_ANY else _NARROW), usual, usual)
    misses = np.sort((came - expected) / _size(expected, spread))
    outside = (1 - share) / 2 * (len(misses) + 1)
    at = max(int(np.floor(outside)) - 1, 0)
    widest = Band(spread, float(max(-misses[at], 0.0)), float(max(misses[-1 - at], 0.0)))
    return _no_wider(widest, expected, came, share)


def _no_wider(band: Band, expected: Floats, came: Floats, share: float) -> Band:
    """Callers are whole, so that edges are rounded outwards; where few come that makes a band hold more than it should."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        part = (low + high) / 2
        tried = Band(band.spread, part * band.below, part * band.above)
        held = float(((came >= tried.low(expected)) & (came <= tried.high(expected))).mean())
        low, high = (low, part) if held >= share else (part, high)
    return Band(band.spread, high * band.below, high * band.above)


def _size(expected: Floats, spread: float) -> Floats:
    return np.asarray(np.sqrt(expected + (spread * expected) ** 2 + 1))
