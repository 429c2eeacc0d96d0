"""Days that nothing is learned from: not on record, with a hole, or far from what such a day has; which, and why."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from workforce.because import Amiss, Aside
from workforce.day_calendar import AFTER, EVE, DayCalendar
from workforce.day_history import DayHistory, Floats

_WEEKS = 5  # so many of the same weekday before and after are compared
_FEWEST = 4
_FAR = 4.5
_FAR_BESIDE = 3 * _FAR
_BESIDE_A_HOLIDAY = frozenset({EVE, AFTER})
_LEAST_SPREAD = 0.08
_FEW_CALLERS = 20
_HOLE_SHARE = 0.2
Judged = dict[tuple[int, tuple[int, ...]], Aside | None]
"""What was found of a day, by its place and those of the days that it was compared with."""


def set_aside(history: DayHistory, calendar: DayCalendar, judged: Judged | None = None) -> Mapping[date, Aside]:
    """The days and why. Days of a special kind may be as they are: they are compared with nothing, but for those before and after a
    holiday, which may be off three times as far, since an outage or a flood of calls meets those, too.

    `judged` serves whoever asks again about the same history when it was shorter or longer: most days had the same beside them.
    Far is 4.5 robust standard deviations (from the median, by the median absolute deviation: F. R. Hampel, "The Influence Curve and
    Its Role in Robust Estimation", JASA 69, 1974) in the logarithm, from the same weekdays of five weeks before and after.
    """
    days, totals, found = history.days, history.totals, dict[date, Aside]()
    known: Judged = {} if judged is None else judged
    usual = [not np.isnan(total) and not calendar.kinds(day) for day, total in zip(days, totals, strict=True)]
    logs = np.log(np.maximum(np.nan_to_num(totals), 0.5))
    for at, day in enumerate(days):
        special = calendar.special(day)
        if special is not None and special.leave_out:
            found[day] = Aside(Amiss.LEFT_OUT, special.name)
        elif np.isnan(totals[at]):
            found[day] = Aside(Amiss.NOT_ON_RECORD)
        elif special is None and set(calendar.kinds(day)) <= _BESIDE_A_HOLIDAY:
            alike = [
                other for weeks in range(-_WEEKS, _WEEKS + 1) if weeks
                and 0 <= (other := at + 7 * weeks) < len(days) and usual[other]
            ]  # fmt: skip
            key = (at, tuple(alike))
            if key not in known:
                far = _FAR if usual[at] else _FAR_BESIDE
                known[key] = _why_far(history.offered, logs, at, alike, history.minutes, far) if len(alike) >= _FEWEST else None
            why = known[key]
            if why:
                found[day] = why
    return found


def _why_far(
    offered: Floats, logs: Floats, at: int, alike: Sequence[int], minutes: int, far: float
) -> Aside | None:  # fmt: skip
    middle = float(np.median(logs[alike]))
    spread = max(1.4826 * float(np.median(np.abs(logs[alike] - middle))), _LEAST_SPREAD, float(np.exp(-middle / 2)))
    hole = _why_hole(offered[at], np.median(offered[alike], axis=0), minutes)
    if not hole and abs(logs[at] - middle) > far * spread:
        return Aside(Amiss.FAR_OFF, came=float(offered[at].sum()), usual=float(np.exp(middle)))
    return hole


def _why_hole(offered: Floats, usual: Floats, minutes: int) -> Aside | None:
    """A stretch without a caller, in which a fifth of the day's callers would have come."""
    begins, missed = 0, 0.0
    for number in range(len(offered) + 1):
        if number < len(offered) and offered[number] == 0:
            missed += float(usual[number])
            continue
        if missed > max(_FEW_CALLERS, _HOLE_SHARE * float(usual.sum())):
            times = [f"{each * minutes // 60:02d}:{each * minutes % 60:02d}" for each in (begins, number)]
            return Aside(Amiss.HOLE, usual=missed, begins=times[0], ends=times[1])
        begins, missed = number + 1, 0.0
    return None
