"""How a day's callers spread over its intervals, and how long they are handled in each."""

from collections.abc import Container, Sequence
from datetime import date

import numpy as np

from workforce.day_calendar import HOLIDAY, LEBARAN, DayCalendar
from workforce.day_history import DayHistory, Floats

_HALF_LIFE_DAYS = 90.0
_LEVEL_HALF_LIFE_DAYS = 28.0
_DOUBT_SHARE = 0.15  # of an average day's callers: how much what is usual counts against what a kind of day has
_DOUBT_CONTACTS = 30.0
_OFF = frozenset({HOLIDAY, LEBARAN})


class DayProfile:
    """Learned from the days of a history that are `usable`; a kind of day is a weekday, or a holiday.

    A kind of which little is known is near what is usual. AHT: the level of the last weeks, by interval, and by kind of day.
    """

    def __init__(self, history: DayHistory, usable: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], calendar: DayCalendar) -> None:
        self._calendar = calendar
        rows = np.flatnonzero(usable & ~np.isnan(history.totals))
        self._width = history.offered.shape[1]
        ages = (len(history.offered) - 1 - rows).astype(float)
        kinds = np.array([self._kind(history.days[row]) for row in rows], dtype=int)
        weights = 0.5 ** (ages / _HALF_LIFE_DAYS)
        counts = history.offered[rows] * weights[:, None]
        usual = counts.sum(axis=0)
        a_day = usual.sum() / max(weights.sum(), 1e-9)
        even = np.full(self._width, 1 / self._width)
        self._usual = usual / usual.sum() if usual.sum() else even  # where nobody ever came nobody is expected, not even a little
        doubt = max(_DOUBT_SHARE * a_day, 1e-9)
        self._shares: dict[int, Floats] = {
            kind: _shares(counts[kinds == kind].sum(axis=0), self._usual, doubt) for kind in set(kinds.tolist())
        }
        self._learn_handling(history.handled[rows], history.handle_s[rows], ages, kinds, weights)

    def split(self, day: date, callers: float) -> Floats:
        """The day's callers by interval."""
        return callers * self._shares.get(self._kind(day), self._shares.get(day.weekday(), self._usual))

    def aht_s(self, day: date) -> Floats | None:
        """The handling time to expect in each interval; None where nothing was handled."""
        if self._level_s is None:
            return None
        return self._level_s * self._by_interval * self._by_kind.get(self._kind(day), 1.0)

    def _kind(self, day: date) -> int:
        return 7 if _OFF & set(self._calendar.kinds(day)) else day.weekday()

    def _learn_handling(self, handled: Floats, handle_s: Floats, ages: Floats, kinds: Floats, weights: Floats) -> None:
        self._by_interval, self._by_kind, self._level_s = np.ones(self._width), dict[int, float](), None
        recent = 0.5 ** (ages / _LEVEL_HALF_LIFE_DAYS)
        contacts = float((handled.sum(axis=1) * recent).sum())
        if contacts <= 0:
            return
        self._level_s = float((handle_s.sum(axis=1) * recent).sum()) / contacts
        contacts_by, seconds_by = (np.asarray((each * weights[:, None]).sum(axis=0)) for each in (handled, handle_s))
        all_s = seconds_by.sum() / contacts_by.sum()
        self._by_interval = (seconds_by / all_s + _DOUBT_CONTACTS) / (contacts_by + _DOUBT_CONTACTS)
        expected_s = handled * self._by_interval * all_s
        for kind in set(kinds.tolist()):
            own = weights[kinds == kind]
            took_s = float((handle_s[kinds == kind].sum(axis=1) * own).sum()) + _DOUBT_CONTACTS * all_s
            usual_s = float((expected_s[kinds == kind].sum(axis=1) * own).sum()) + _DOUBT_CONTACTS * all_s
            self._by_kind[kind] = took_s / usual_s


def _shares(counts: Floats, usual: Floats, doubt: float) -> Floats:
    return np.asarray((counts + doubt * usual) / (counts.sum() + doubt))


def usable_days(days: Sequence[date], aside: Container[date]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which of the days are not set aside."""
    return np.array([day not in aside for day in days], dtype=np.bool_)
