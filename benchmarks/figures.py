"""Percentiles of measured times, the same way everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Spread:
    """Times in milliseconds: how many, the median, two high percentiles and the longest."""

    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


def spread(times_ms: Sequence[float]) -> Spread:
    """Percentiles by linear interpolation (numpy's default). Raises ValueError for no times at all: nothing is not zero."""
    if not times_ms:
        raise ValueError("there are no times to take percentiles of")
    p50, p95, p99 = np.percentile(times_ms, [50, 95, 99])
    return Spread(len(times_ms), float(p50), float(p95), float(p99), max(times_ms))


def ms_text(value_ms: float) -> str:
    """Milliseconds with as many digits as mean something."""
    if value_ms < 1:
        return f"{value_ms:.3f}"
    return f"{value_ms:.1f}" if value_ms < 100 else f"{value_ms:.0f}"
