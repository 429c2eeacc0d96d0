"""Ways to say how many callers a day to come will bring; each explains its numbers. The back-test chooses among them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from workforce.because import Because, Factor, How
from workforce.day_calendar import DayCalendar
from workforce.day_history import DayHistory, Floats
from workforce.day_types import by_day_type

_WEEKS = 6


@dataclass(frozen=True, eq=False)
class Past:
    """What is known: `days` without a gap, what came on each, and which of them something may be learned from."""

    days: Sequence[date]
    totals: Floats
    usable: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    calendar: DayCalendar


def past_of(history: DayHistory, usable: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], calendar: DayCalendar) -> Past:
    """The past as methods see it: of a day to which the planner gave a factor, what would have come without it."""
    totals, learnable = history.totals, usable.copy()
    for at, day in enumerate(history.days):
        special = calendar.special(day)
        if special is not None and special.factor is not None:
            learnable[at] &= special.factor > 0
            totals[at] /= special.factor or 1.0
    return Past(history.days, totals, learnable, calendar)


@dataclass(frozen=True, slots=True)
class DayForecast:
    """Callers on a day to come, and how that number came about."""

    day: date
    callers: float
    because: Because


Method = Callable[[Past, Sequence[date]], list[DayForecast]]
"""The days to come follow those of the past, and are of weekdays that are on record there."""


def last_week(past: Past, coming: Sequence[date]) -> list[DayForecast]:
    """As on the same weekday of the last week on record, whatever kind of day it was: the seasonal naive forecast, to be beaten."""
    found = []
    for day in coming:
        known = [at for at, then in enumerate(past.days) if then.weekday() == day.weekday() and not np.isnan(past.totals[at])]
        value = float(past.totals[known[-1]])
        found.append(DayForecast(day, value, Because(How.AS_ON, value, like=past.days[known[-1]])))
    return found


def weekday_mean(past: Past, coming: Sequence[date]) -> list[DayForecast]:
    """The mean of the last six of the same weekday on which nothing was special."""
    found = []
    for day in coming:
        known = [
            at for at, then in enumerate(past.days)
            if then.weekday() == day.weekday() and past.usable[at] and not past.calendar.kinds(then)
        ][-_WEEKS:]  # fmt: skip
        value = float(past.totals[known].mean()) if known else 0.0
        found.append(DayForecast(day, value, Because(How.MEAN, value, day.weekday(), count=len(known))))
    return found


def day_types(past: Past, coming: Sequence[date]) -> list[DayForecast]:
    """By what kind of day it is; see workforce.day_types."""
    values, because = by_day_type(past.days, past.totals, past.usable, past.calendar, coming)
    return [DayForecast(day, value, why) for day, value, why in zip(coming, values.tolist(), because, strict=True)]


def day_types_and_recent(past: Past, coming: Sequence[date]) -> list[DayForecast]:
    """Two parts the kind of day, one part the last weeks; on special days the kind of day alone."""
    found = []
    for typed, recent in zip(day_types(past, coming), weekday_mean(past, coming), strict=True):
        if past.calendar.kinds(typed.day):
            found.append(typed)
            continue
        callers = (2 * typed.callers + recent.callers) / 3
        found.append(DayForecast(typed.day, callers, Because(How.BOTH, callers, parts=(typed.because, recent.because))))
    return found


NAIVE = "last week"
METHODS: dict[str, Method] = {
    NAIVE: last_week, "weekday mean": weekday_mean, "day types": day_types, "day types and recent weeks": day_types_and_recent,
}  # fmt: skip


def forecast_days(name: str, past: Past, coming: Sequence[date]) -> list[DayForecast]:
    """By this method; what the planner says of a day multiplies it. On a weekday of which no day is on record nobody is expected: a
    center that is shut on Sundays has no rows for them."""
    on_record = {day.weekday() for day, total in zip(past.days, past.totals, strict=True) if not np.isnan(total)}
    found = [DayForecast(day, 0.0, Because(How.NO_SUCH_WEEKDAY)) for day in coming if day.weekday() not in on_record]
    for each in METHODS[name](past, [day for day in coming if day.weekday() in on_record]):
        special = past.calendar.special(each.day)
        if special is not None and special.factor is not None:
            given = Factor(special.name, special.factor, given=True)
            because = replace(each.because, factors=(*each.because.factors, given))
            found.append(DayForecast(each.day, each.callers * special.factor, because))
        else:
            found.append(each)
    return sorted(found, key=lambda each: each.day)
