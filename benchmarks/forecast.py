"""Forecasts of held-out weeks of a real call center: each method, and the one that the back-test chose without knowing them."""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.bank_calls import bank_calls
from benchmarks.forecast_others import OTHERS
from benchmarks.report import Report
from workforce.day_calendar import DayCalendar
from workforce.day_history import DayHistory, Floats
from workforce.day_profile import DayProfile, usable_days
from workforce.forecast import forecast
from workforce.forecast_methods import METHODS, NAIVE, forecast_days, past_of
from workforce.reforecast import reforecast
from workforce.set_aside import set_aside

_START_DAYS = 84
_ZONE = ZoneInfo("Asia/Jerusalem")
CHOSEN = "chosen by the back-test"
_HOURS = (9, 11, 13, 15, 18)
_AS_IT_WAS, _RATIO, _BY_RULE = "as forecast", "× what came over what was expected", "re-forecast"


def measure(report: Report, data: Path, others: bool) -> None:
    """Fill the report. Every day of the held-out weeks counts, holidays and days on which something was amiss, too."""
    history, calendar = bank_calls(data), DayCalendar("IL")
    for horizon in (7, 28):
        _held_out(report, history, calendar, horizon, others and find_spec("statsforecast") is not None)
    _through_the_day(report, history, calendar)
    if others and find_spec("statsforecast") is None:
        report.remarks.append("statsforecast is not installed: pip install -e .[compare]")
    report.remarks += [
        f"{history.queue}: {len(history.days)} days from {history.first}; the first {_START_DAYS} are only learned from.",
        "A forecast begins where the last one ended, and knows nothing of its days. WAPE: sum of misses over sum of callers.",
        "Seasonal naive is 'last week'. Others see days of a special kind as usual ones, and have a learned factor for them.",
    ]  # fmt: skip


def _held_out(report: Report, history: DayHistory, calendar: DayCalendar, horizon: int, others: bool) -> None:
    missed: defaultdict[str, Floats] = defaultdict(lambda: np.zeros(2))
    took_s: defaultdict[str, float] = defaultdict(float)
    came, held, counted, chosen = 0.0, 0, 0, list[str]()
    origins = range(_START_DAYS, len(history.days) - horizon + 1, horizon)
    for origin in origins:
        known, coming = history.first_days(origin), history.days[origin : origin + horizon]
        there = history.offered[origin : origin + horizon]
        came += float(there.sum())
        usable = usable_days(known.days, set_aside(known, calendar))
        past, profile = past_of(known, usable, calendar), DayProfile(known, usable, calendar)
        for name in METHODS:
            began = time.process_time()
            totals = [each.callers for each in forecast_days(name, past, coming)]
            took_s[name] += time.process_time() - began
            missed[name] += _misses(_split(profile, coming, totals), there)
        for name, run in OTHERS.items() if others else ():
            began = time.process_time()
            totals = run(past, coming)
            took_s[name] += time.process_time() - began
            missed[name] += _misses(_split(profile, coming, totals), there)
        began = time.process_time()
        found = forecast(history, calendar, _ZONE, coming[0], horizon)
        took_s[CHOSEN] += time.process_time() - began
        chosen.append(found.method)
        rows = [[getattr(row, what) for row in found.rows] for what in ("callers", "low", "high")]
        callers, low, high = (np.array(each).reshape(there.shape) for each in rows)
        missed[CHOSEN] += _misses(callers, there)
        held += int(((there >= low) & (there <= high)).sum())
        counted += there.size
    columns = ("method", "WAPE of days", "WAPE of half hours", "better than last week", "s each")
    table = report.table(f"{len(origins)} forecasts of {horizon} days", *columns)
    for name, (days, intervals) in missed.items():
        gain = 1 - days / missed[NAIVE][0]
        table.add(name, f"{days / came:.1%}", f"{intervals / came:.1%}", f"{gain:.0%}", f"{took_s[name] / len(origins):.2f}")
        report.figures[f"{horizon} days, {name}"] = {"days_wape": days / came, "intervals_wape": intervals / came}
    report.figures[f"{horizon} days, bands"] = held / counted
    report.remarks.append(f"{horizon} days: 90 % bands held {held / counted:.1%}; chosen: {', '.join(sorted(set(chosen)))}.")


def _through_the_day(report: Report, history: DayHistory, calendar: DayCalendar) -> None:
    """What was still to come each day, seen at some hours: as forecast, × (came / expected so far), and by workforce.reforecast."""
    missed: defaultdict[tuple[int, str], float] = defaultdict(float)
    came: defaultdict[int, float] = defaultdict(float)
    horizon = 7
    for origin in range(_START_DAYS, len(history.days) - horizon + 1, horizon):
        found = forecast(history, calendar, _ZONE, history.days[origin], horizon)
        expected = np.array([row.callers for row in found.rows]).reshape(horizon, -1)
        for own, there in zip(expected.tolist(), history.offered[origin : origin + horizon].tolist(), strict=True):
            for hour in _HOURS:
                over = 2 * hour
                ratio = sum(there[:over]) / sum(own[:over]) if sum(own[:over]) else 1.0
                ways = {
                    _AS_IT_WAS: own[over:],
                    _RATIO: [ratio * each for each in own[over:]],
                    _BY_RULE: list(reforecast(own, there[:over], found.tested.goes_on).callers[over:]),
                }
                came[hour] += sum(there[over:])
                for name, rest in ways.items():
                    missed[hour, name] += abs(sum(rest) - sum(there[over:]))
    table = report.table("What was still to come that day", "seen at", *(_AS_IT_WAS, _RATIO, _BY_RULE))
    for hour in _HOURS:
        shares = [missed[hour, name] / came[hour] for name in (_AS_IT_WAS, _RATIO, _BY_RULE)]
        table.add(f"{hour}:00", *(f"{share:.1%}" for share in shares))
        report.figures[f"seen at {hour}"] = dict(zip((_AS_IT_WAS, _RATIO, _BY_RULE), shares, strict=True))


def _split(profile: DayProfile, coming: Sequence[date], totals: Sequence[float]) -> Floats:
    return np.array([profile.split(day, total) for day, total in zip(coming, totals, strict=True)])


def _misses(expected: Floats, there: Floats) -> Floats:
    """Of days, and of intervals."""
    return np.array([np.abs(expected.sum(axis=1) - there.sum(axis=1)).sum(), np.abs(expected - there).sum()])
