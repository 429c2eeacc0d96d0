"""Forecasts of the past, as they would have been made then: which method is off the least, and how far off it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.errors import BadInput
from workforce.day_calendar import DayCalendar
from workforce.day_history import DayHistory, Floats
from workforce.day_profile import DayProfile, usable_days
from workforce.forecast_band import Band, learn_band
from workforce.forecast_methods import METHODS, forecast_days, past_of
from workforce.reforecast import goes_on
from workforce.set_aside import Judged, set_aside

FEWEST_DAYS = 28
_START_DAYS = 56
_STEP_DAYS = 7
_MOST_ORIGINS = 26
Tell = Callable[[int, int], object]
"""Hears how many steps are done, of how many."""


class TooShort(BadInput):
    """Too few days of a queue are on record."""

    code = "history_too_short"

    def __init__(self, queue: str, days: int, needed: int) -> None:
        super().__init__(f"{queue}: {days} days are on record, a forecast needs {needed}.", "Wait, or bring a history.")
        self.days, self.needed = days, needed


@dataclass(frozen=True, slots=True)
class Score:
    """How a method did: misses summed over what came, for days, and for intervals (WAPE, 0 is best). None: nothing came."""

    method: str
    days_wape: float | None
    intervals_wape: float | None


@dataclass(frozen=True, eq=False)
class BackTest:
    """`scores` by method, from `origins` forecasts of `horizon` days. `best` has the least WAPE of days; days on which something
    was amiss do not count. `coverage`: the share of the later half's intervals that lay in the band learned from the earlier
    half; None without two halves. `aht_wape`: misses of the handling time, by what was handled. Bands are by whether the day is of
    a special kind. `goes_on`: see workforce.reforecast; by the number of intervals that are over."""

    scores: Mapping[str, Score]
    best: str
    origins: int
    horizon: int
    coverage: float | None
    aht_wape: float | None
    day_bands: Mapping[bool, Band]
    interval_bands: Mapping[bool, Band]
    goes_on: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class _Misses:
    expected: Floats  # days × intervals
    came: Floats
    special: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def back_test(
    history: DayHistory, calendar: DayCalendar, horizon: int, share: float = 0.9, tell: Tell = lambda done, of: None,
    methods: Sequence[str] = tuple(METHODS),
) -> BackTest:  # fmt: skip
    """Forecast from up to 26 Mondays or whatever day of the week it is, a week apart, by each method, knowing only what was known
    then. `share` is what the bands are to hold. Raises BadInput for a history of fewer than 28 days."""
    if len(history.days) < FEWEST_DAYS:
        raise TooShort(history.queue, len(history.days), FEWEST_DAYS)
    judged: Judged = {}
    aside_in_the_end = set_aside(history, calendar, judged)
    origins = _origins(len(history.days), horizon)
    found: dict[str, list[_Misses]] = {name: [] for name in methods}
    aht: list[tuple[float, float]] = []
    for number, origin in enumerate(origins):
        known = history.first_days(origin)
        aside = set_aside(known, calendar, judged)
        coming = [day for day in history.days[origin : origin + horizon] if day not in aside_in_the_end]
        rows = [(day - history.first).days for day in coming]
        usable = usable_days(known.days, aside)
        past, profile = past_of(known, usable, calendar), DayProfile(known, usable, calendar)
        special = np.array([bool(calendar.kinds(day)) or calendar.special(day) is not None for day in coming], dtype=bool)
        for name in methods:
            callers = [each.callers for each in forecast_days(name, past, coming)]
            expected = np.array([profile.split(day, value) for day, value in zip(coming, callers, strict=True)])
            found[name].append(_Misses(expected.reshape(len(rows), history.offered.shape[1]), history.offered[rows], special))
        aht.append(_aht_misses(history, rows, coming, profile))
        tell(number + 1, len(origins))
    scores = {name: Score(name, _wape(each, days=True), _wape(each, days=False)) for name, each in found.items()}
    best = min(reversed(methods), key=lambda name: _known(scores[name].days_wape))
    missed_s, handled_s = (sum(each) for each in zip(*aht, strict=True))
    return BackTest(
        scores, best, len(origins), horizon, _coverage(found[best], share), missed_s / handled_s if handled_s else None,
        _bands(found[best], share, days=True), _bands(found[best], share, days=False),
        goes_on(np.concatenate([each.expected for each in found[best]]), np.concatenate([each.came for each in found[best]])),
    )  # fmt: skip


def _known(wape: float | None) -> float:
    return float("inf") if wape is None else wape


def _origins(length: int, horizon: int) -> list[int]:
    """How many days were known each time, the earliest first; at least one, even of a short history."""
    last = max(length - horizon, length - 7)
    first = min(max(_START_DAYS, length // 3), last)
    return list(range(last, first - 1, -_STEP_DAYS))[:_MOST_ORIGINS][::-1]


def _wape(all_misses: Sequence[_Misses], days: bool) -> float | None:
    missed = came = 0.0
    for each in all_misses:
        expected, there = (part.sum(axis=1) if days else part for part in (each.expected, each.came))
        missed += float(np.abs(expected - there).sum())
        came += float(there.sum())
    return missed / came if came else None


def _joined(all_misses: Sequence[_Misses], days: bool, special: bool) -> tuple[Floats, Floats]:
    parts = [(each.expected[each.special == special], each.came[each.special == special]) for each in all_misses]
    expected, came = (np.concatenate(part) if part else np.zeros((0, 1)) for part in zip(*parts, strict=True))
    return (expected.sum(axis=1), came.sum(axis=1)) if days else (expected.ravel(), came.ravel())


def _bands(all_misses: Sequence[_Misses], share: float, days: bool) -> dict[bool, Band]:
    usual = _band(all_misses, share, days, special=False)
    rare = _band(all_misses, share, days, special=True)
    wider = Band(max(usual.spread, rare.spread), max(usual.below, rare.below), max(usual.above, rare.above))
    return {False: usual, True: wider}


def _band(all_misses: Sequence[_Misses], share: float, days: bool, special: bool) -> Band:
    expected, came = _joined(all_misses, days, special)
    some = expected > 0
    return learn_band(expected[some], came[some], share)


def _coverage(all_misses: Sequence[_Misses], share: float) -> float | None:
    half = len(all_misses) // 2
    if half < 2:
        return None
    bands = _bands(all_misses[:half], share, days=False)
    held = counted = 0
    for special in (False, True):
        expected, came = _joined(all_misses[half:], False, special)
        some = expected > 0
        low, high = bands[special].low(expected[some]), bands[special].high(expected[some])
        held += int(((came[some] >= low) & (came[some] <= high)).sum())
        counted += int(some.sum())
    return held / counted if counted else None


def _aht_misses(history: DayHistory, rows: Sequence[int], coming: Sequence[date], profile: DayProfile) -> tuple[float, float]:
    missed_s = handled_s = 0.0
    for row, day in zip(rows, coming, strict=True):
        expected_s = profile.aht_s(day)
        if expected_s is not None:
            took_s = history.handle_s[row]
            missed_s += float(np.abs(expected_s * history.handled[row] - took_s).sum())
            handled_s += float(took_s.sum())
    return missed_s, handled_s
