"""Callers by the kind of day: factors for weekday, day of the month, holidays, Ramadan and Lebaran, the planner's days, and trend.

A Poisson regression with a logarithmic link (P. McCullagh and J. A. Nelder, "Generalized Linear Models", 2nd ed. 1989, ch. 6), so
that the factors multiply. Recent days count more; a factor that few days speak for is held near 1 (ridge).
"""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from workforce.because import WEEKDAYS, Because, Factor, How
from workforce.day_calendar import KINDS, DayCalendar
from workforce.day_history import Floats

_HALF_LIFE_DAYS = 120.0
_TREND_FADES = 0.98
_ROUNDS = 12
_START_OF_MONTH = "first days of the month"
_DAY_OF_MONTH = "day of the month"
_TOLD_TOGETHER = {_START_OF_MONTH: _DAY_OF_MONTH}
_SEASON = "season"
_TREND = "trend"
_SEASON_FROM_DAYS = 540
# How many days of one usual kind a factor must be spoken for by, before it is believed by half.
_DOUBT = {_START_OF_MONTH: 0.2, _DAY_OF_MONTH: 0.2, _SEASON: 2.0, _TREND: 4.0}
_DOUBT_OF_KIND = 0.1
_NO_DOUBT = 2e-5


def by_day_type(
    days: Sequence[date], totals: Floats, usable: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], calendar: DayCalendar,
    coming: Sequence[date],
) -> tuple[Floats, list[Because]]:  # fmt: skip
    """Callers on each of the days to come, and why. `days` are in their order; only those `usable` are learned from."""
    rows: list[int] = np.flatnonzero(usable & ~np.isnan(totals)).tolist()
    if not rows or totals[rows].sum() == 0:
        return np.zeros(len(coming)), [Because(How.NOBODY)] * len(coming)
    known = [days[row] for row in rows]
    names = _names(known, days, calendar)
    end = days[-1]
    weights = 0.5 ** (np.array([(end - day).days for day in known]) / _HALF_LIFE_DAYS)
    factors = _fit(_columns(known, names, calendar, end), totals[rows], weights, names)
    ahead = _columns(coming, names, calendar, end)
    return np.exp(ahead @ factors), [
        _because(day, row, factors, names, calendar) for day, row in zip(coming, ahead, strict=True)
    ]  # fmt: skip


def _names(known: Sequence[date], days: Sequence[date], calendar: DayCalendar) -> list[str]:
    """What each column stands for."""
    seen = {kind for day in known for kind in calendar.kinds(day)}
    own = sorted(seen - set(KINDS))
    season = [_SEASON] * 4 if len(days) >= _SEASON_FROM_DAYS else []
    return [
        *WEEKDAYS, _TREND, _START_OF_MONTH, *[_DAY_OF_MONTH] * 4, *season, *(kind for kind in KINDS if kind in seen), *own
    ]  # fmt: skip


def _columns(days: Sequence[date], names: Sequence[str], calendar: DayCalendar, end: date) -> Floats:
    found = np.zeros((len(days), len(names)))
    where = {name: at for at, name in reversed(list(enumerate(names)))}  # the first of each name
    for row, day in enumerate(days):
        found[row, day.weekday()] = 1
        ahead = (day - end).days
        months = ahead if ahead <= 0 else (1 - _TREND_FADES**ahead) / (1 - _TREND_FADES)
        found[row, where[_TREND]] = months / 30
        found[row, where[_START_OF_MONTH]] = day.day <= 4
        _waves(found[row], where[_DAY_OF_MONTH], 2 * math.pi * day.day / 30.4)
        if _SEASON in where:
            _waves(found[row], where[_SEASON], 2 * math.pi * day.timetuple().tm_yday / 365.25)
        for kind in calendar.kinds(day):
            if kind in where:
                found[row, where[kind]] = 1
    return found


def _waves(row: Floats, at: int, angle: float) -> None:
    row[at : at + 4] = (math.cos(angle), math.sin(angle), math.cos(2 * angle), math.sin(2 * angle))


def _fit(columns: Floats, totals: Floats, weights: Floats, names: Sequence[str]) -> Floats:
    """The logarithms of the factors, by iteratively reweighted least squares with a ridge."""
    mean = float((weights * totals).sum() / weights.sum())
    doubt = mean * np.array([_NO_DOUBT if name in WEEKDAYS else _DOUBT.get(name, _DOUBT_OF_KIND) for name in names])
    level = np.log(np.maximum(totals, 0.5))
    strength = weights * np.maximum(totals, 1)
    pull = np.where([name in WEEKDAYS for name in names], math.log(mean), 0.0)  # a weekday that never came is as the mean
    factors = _ridge(columns, level, strength, doubt, pull)
    for _ in range(_ROUNDS):
        straight = np.clip(columns @ factors, -30, 30)
        expected = np.exp(straight)
        factors = _ridge(columns, straight + (totals - expected) / expected, weights * expected, doubt, pull)
    return factors


def _ridge(columns: Floats, aim: Floats, weights: Floats, doubt: Floats, pull: Floats) -> Floats:
    left = (columns * weights[:, None]).T @ columns + np.diag(doubt)
    return np.asarray(np.linalg.solve(left, columns.T @ (weights * aim) + doubt * pull))


def _because(day: date, row: Floats, factors: Floats, names: Sequence[str], calendar: DayCalendar) -> Because:
    """Factors that change nothing are not told."""
    found = []
    told = [_TOLD_TOGETHER.get(name, name) for name in names]
    for name in dict.fromkeys(told[len(WEEKDAYS) :]):
        change = math.exp(sum(factors[at] * row[at] for at, each in enumerate(told) if each == name))
        if abs(change - 1) >= 0.005:
            named = name in KINDS[:1]
            found.append(Factor(name, change, *((calendar.holiday(day), calendar.holiday_here(day)) if named else ())))
    unseen = tuple(kind for kind in calendar.kinds(day) if kind not in names)
    return Because(How.TYPES, math.exp(factors[day.weekday()]), day.weekday(), factors=tuple(found), unseen=unseen)
