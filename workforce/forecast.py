"""The forecast of a queue: callers and handling time in each interval to come, with bands, and how each number came about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

import numpy as np

from core.errors import BadInput
from workforce.back_test import BackTest, Tell, TooShort, back_test
from workforce.because import Aside, Because
from workforce.day_calendar import DayCalendar
from workforce.day_history import DayHistory, interval_start
from workforce.day_profile import DayProfile, usable_days
from workforce.forecast_band import Band
from workforce.forecast_methods import METHODS, forecast_days, past_of
from workforce.overruling import Overruling
from workforce.set_aside import set_aside

MOST_DAYS = 400
OVERRULED = "overruled"


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """An interval to come. `callers` are expected, between `low` and `high` as often as asked for; `computed` are those before the
    planner overruled them. `aht_s` None: nothing is known of handling."""

    queue: str
    starts_at: datetime
    minutes: int
    callers: float
    low: float
    high: float
    aht_s: float | None
    computed: float
    overruled: str = ""

    @property
    def load_erlang(self) -> float | None:
        """Callers × AHT / interval length; None where no AHT is known."""
        if not self.callers:
            return 0.0
        return None if self.aht_s is None else self.callers * self.aht_s / (self.minutes * 60)


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """A day to come: `callers` between `low` and `high`, and why. `special`: the day is of a special kind."""

    day: date
    callers: float
    low: float
    high: float
    because: Because
    overruled: str = ""
    special: bool = False


@dataclass(frozen=True, eq=False)
class Forecast:
    """Days and their intervals, in order; how the method was chosen, and the days that nothing was learned from."""

    queue: str
    method: str
    days: Sequence[ForecastDay]
    rows: Sequence[ForecastRow]
    tested: BackTest
    aside: Mapping[date, Aside]


def forecast(
    history: DayHistory, calendar: DayCalendar, zone: tzinfo, first: date, days: int, method: str = "", share: float = 0.9,
    overrulings: Iterable[Overruling] = (), tell: Tell = lambda done, of: None,
) -> Forecast:  # fmt: skip
    """`days` days from `first` on, by the method that the back-test finds best, or by `method`; bands are to hold `share` of the
    intervals. Nothing is learned from `first` on. Raises BadInput for dates that can't be, and for a history that is too short."""
    check_asked(days, method, share)
    known = history.first_days(max(0, (first - history.first).days))
    gap = (first - history.first).days - len(known.days)
    tested = back_test(known, calendar, min(days + max(gap, 0), 56), share, tell)
    name = method or tested.best
    aside = set_aside(known, calendar)
    usable = usable_days(known.days, aside)
    if not usable.any():
        raise TooShort(history.queue, 0, 1)
    coming = [known.days[-1] + timedelta(days=number + 1) for number in range(gap + days)][gap:]
    found = forecast_days(name, past_of(known, usable, calendar), coming)
    profile = DayProfile(known, usable, calendar)
    told, rows = [], []
    for each in found:
        special = bool(calendar.kinds(each.day)) or calendar.special(each.day) is not None
        aht_s, bands = profile.aht_s(each.day), tested.interval_bands[special]
        for number, callers in enumerate(profile.split(each.day, each.callers).tolist()):
            low, high = _edges(bands, callers)
            rows.append(ForecastRow(
                history.queue, interval_start(each.day, number, history.minutes, zone), history.minutes, callers, low, high,
                None if aht_s is None else float(aht_s[number]), callers,
            ))  # fmt: skip
        low, high = _edges(tested.day_bands[special], each.callers)
        told.append(ForecastDay(each.day, each.callers, low, high, each.because, special=special))
    return overruled(Forecast(history.queue, name, told, rows, tested, aside), overrulings)


def check_asked(days: int, method: str, share: float) -> None:
    """Raises BadInput for what can't be forecast."""
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(f"{days} days can't be forecast.", f"Ask for 1 to {MOST_DAYS}.")
    if method and method not in METHODS:
        raise BadInput(f"There is no method {method!r}.", f"Use one of: {', '.join(METHODS)}.")
    if not 0 < share < 1:
        raise BadInput(f"A band can't hold {share:g} of the intervals.", "Write 90 % as 0.9.")


def overruled(found: Forecast, overrulings: Iterable[Overruling]) -> Forecast:
    """The same where the planner knows better; of a forecast as it was computed."""
    own: dict[date, list[Overruling]] = {}
    for each in overrulings:
        if each.queue == found.queue:
            own.setdefault(each.day, []).append(each)
    if not own:
        return found
    days, rows, a_day = [], list[ForecastRow](), len(found.rows) // len(found.days)
    for at, day in enumerate(found.days):
        computed, today = found.rows[at * a_day : (at + 1) * a_day], own.get(day.day, [])
        rows += _overruled(computed, today, found.tested.interval_bands[day.special])
        callers = sum(row.callers for row in rows[-a_day:])
        low, high = _edges(found.tested.day_bands[day.special], callers)
        why = "; ".join(dict.fromkeys(each.why or OVERRULED for each in today))
        days.append(replace(day, callers=callers, low=low, high=high, overruled=why) if today else day)
    return replace(found, days=days, rows=rows)


def _edges(band: Band, callers: float) -> tuple[float, float]:
    return float(band.low(np.array(callers))), float(band.high(np.array(callers)))


def _overruled(rows: Sequence[ForecastRow], overrulings: Sequence[Overruling], band: Band) -> list[ForecastRow]:
    """Whole days first, then their intervals."""
    found = list(rows)
    for each in sorted(overrulings, key=lambda one: one.number is not None):
        chosen = range(len(found)) if each.number is None else [each.number]
        total = sum(found[at].callers for at in chosen)
        for at in chosen:
            callers = found[at].callers * (1.0 if each.times is None else each.times)
            if each.callers is not None:
                callers = found[at].callers * each.callers / total if total else each.callers / len(chosen)
            low, high = _edges(band, callers)
            aht_s = found[at].aht_s if each.aht_s is None else each.aht_s
            found[at] = replace(found[at], callers=callers, low=low, high=high, aht_s=aht_s, overruled=each.why or OVERRULED)
    return found
