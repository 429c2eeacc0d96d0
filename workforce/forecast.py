"""The forecast of a queue: callers and handling time in each interval to come, with bands, and how each number came about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

import numpy as np

from core.errors import BadInput
from workforce.back_test import BackTest, Tell, back_test
from workforce.day_calendar import DayCalendar
from workforce.day_history import DayHistory, interval_start
from workforce.day_profile import DayProfile, usable_days
from workforce.forecast_band import Band
from workforce.forecast_methods import METHODS, forecast_days, past_of
from workforce.overruling import Overruling
from workforce.set_aside import set_aside

MOST_DAYS = 400


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
    """A day to come: `callers` between `low` and `high`, `because` in words."""

    day: date
    callers: float
    low: float
    high: float
    because: str
    overruled: str = ""


@dataclass(frozen=True, eq=False)
class Forecast:
    """Days and their intervals, in order; how the method was chosen, and the days that nothing was learned from."""

    queue: str
    method: str
    days: Sequence[ForecastDay]
    rows: Sequence[ForecastRow]
    tested: BackTest
    aside: Mapping[date, str]


def forecast(
    history: DayHistory, calendar: DayCalendar, zone: tzinfo, first: date, days: int, method: str = "", share: float = 0.9,
    overrulings: Iterable[Overruling] = (), tell: Tell = lambda done, of: None,
) -> Forecast:  # fmt: skip
    """`days` days from `first` on, by the method that the back-test finds best, or by `method`; bands are to hold `share` of the
    intervals. Nothing is learned from `first` on. Raises BadInput for dates that can't be, and for a history that is too short."""
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(f"{days} days can't be forecast.", f"Ask for 1 to {MOST_DAYS}.")
    if method and method not in METHODS:
        raise BadInput(f"There is no method {method!r}.", f"Use one of: {', '.join(METHODS)}.")
    if not 0 < share < 1:
        raise BadInput(f"A band can't hold {share:g} of the intervals.", "Write 90 % as 0.9.")
    known = history.first_days(max(0, (first - history.first).days))
    gap = (first - history.first).days - len(known.days)
    tested = back_test(known, calendar, min(days + max(gap, 0), 56), share, tell)
    name = method or tested.best
    aside = set_aside(known, calendar)
    usable = usable_days(known.days, aside)
    if not usable.any():
        raise BadInput(f"{history.queue}: there is no day to learn from.", "Bring a longer history.")
    coming = [known.days[-1] + timedelta(days=number + 1) for number in range(gap + days)][gap:]
    found = forecast_days(name, past_of(known, usable, calendar), coming)
    profile = DayProfile(known, usable, calendar)
    own = [each for each in overrulings if each.queue == history.queue]
    told_days, rows = [], []
    for each in found:
        special = bool(calendar.kinds(each.day)) or calendar.special(each.day) is not None
        by_interval = profile.split(each.day, each.callers)
        aht_s = profile.aht_s(each.day)
        bands = tested.interval_bands[special]
        computed = [
            ForecastRow(
                history.queue, interval_start(each.day, number, history.minutes, zone), history.minutes, callers,
                float(bands.low(np.array(callers))), float(bands.high(np.array(callers))),
                None if aht_s is None else float(aht_s[number]), callers,
            )
            for number, callers in enumerate(by_interval.tolist())
        ]  # fmt: skip
        today = [one for one in own if one.day == each.day]
        own_rows = _overruled(computed, today, bands)
        total = sum(row.callers for row in own_rows)
        band = tested.day_bands[special]
        why = "; ".join(dict.fromkeys(one.why or "overruled" for one in today))
        low, high = (float(edge(np.array(total))) for edge in (band.low, band.high))
        told_days.append(ForecastDay(each.day, total, low, high, each.because, why))
        rows += own_rows
    return Forecast(history.queue, name, told_days, rows, tested, aside)


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
            low, high = (float(edge(np.array(callers))) for edge in (band.low, band.high))
            aht_s = found[at].aht_s if each.aht_s is None else each.aht_s
            found[at] = replace(
                found[at], callers=callers, low=low, high=high, aht_s=aht_s, overruled=each.why or "overruled"
            )  # fmt: skip
    return found
