"""Histories made by a rule that tests know: weekday factors, a profile of the day, holidays, and chance from a seed."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from workforce.day_history import DayHistory

MONDAY = date(2025, 1, 6)
WEEK = (1.3, 1.1, 1.0, 1.0, 1.0, 0.5, 0.2)
QUIET_NIGHTS = np.array([0.1] * 14 + [3, 5, 6, 6, 5, 4, 4, 5, 5, 4, 4, 3, 3, 2, 2, 2] + [0.3] * 18)


def made(
    days: int, mean: float = 800.0, seed: int = 1, factors: Mapping[date, float] | None = None, growth: float = 0.0
) -> DayHistory:  # fmt: skip
    """Half hours; a day has `mean` × its weekday × its own factor × (1 + growth) for each day passed, by chance."""
    chance = np.random.default_rng(seed)
    offered = np.zeros((days, 48))
    for at in range(days):
        day = MONDAY + timedelta(days=at)
        expected = mean * WEEK[day.weekday()] * (factors or {}).get(day, 1.0) * (1 + growth) ** at
        offered[at] = chance.poisson(expected * QUIET_NIGHTS / QUIET_NIGHTS.sum())
    handled = offered.copy()
    return DayHistory("sales", 30, MONDAY, offered, handled, handled * 240.0)


def expected_on(day: date, mean: float = 800.0) -> float:
    """What such a day has on average."""
    return mean * WEEK[day.weekday()]
