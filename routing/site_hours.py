"""When a site is open: weekly times on the clock of its own time zone, or always."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator

Span = tuple[int, int]
"""Opening time of a day, in minutes after its midnight; the end may lie beyond 1440, on the day after."""
ALWAYS = "always"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d) ?- ?([01]\d|2[0-4]):([0-5]\d)")
_CLOSED = "closed"
_DAY_MIN = 24 * 60
_DAYS_AHEAD = 9


class SiteHours:
    """Weekly opening times. `week` has seven days, Monday first; None: open at any hour of any day."""

    def __init__(self, zone: ZoneInfo, week: tuple[tuple[Span, ...], ...] | None) -> None:
        self._zone, self._week = zone, week

    @property
    def never_open(self) -> bool:
        """Whether no day has an opening time."""
        return self._week is not None and not any(self._week)

    def is_open(self, moment: datetime) -> bool:
        """Whether it is open at the aware moment. A time that the clock shows twice or skips makes it open for longer."""
        return self._week is None or any(opens <= moment < closes for opens, closes in self._stretches(moment))

    def next_change(self, moment: datetime) -> datetime | None:
        """When it opens or closes next, after the aware moment; None: never."""
        if self._week is None:
            return None
        edges = (edge for stretch in self._stretches(moment) for edge in stretch if edge > moment)
        found = next(edges, None)
        return found if found is None or found < moment + timedelta(days=_DAYS_AHEAD - 1) else None

    def _stretches(self, moment: datetime) -> list[tuple[datetime, datetime]]:
        """Unbroken opening times from the day before on, in order, in UTC."""
        today = moment.astimezone(self._zone).date()
        merged: list[tuple[datetime, datetime]] = []
        for day in (today + timedelta(days=number) for number in range(-1, _DAYS_AHEAD)):
            for opens_min, closes_min in (self._week or ())[day.weekday()]:
                opens, closes = self._moment(day, opens_min, min), self._moment(day, closes_min, max)
                if merged and opens <= merged[-1][1]:
                    merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
                else:
                    merged.append((opens, closes))
        return merged

    def _moment(self, day: date, minute: int, choose: Callable[[datetime, datetime], datetime]) -> datetime:
        days, minute = divmod(minute, _DAY_MIN)
        local = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), self._zone)
        return choose(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))


def _zone(value: Any) -> Any:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError("no time zone") from None


def _spans(value: Any) -> tuple[Span, ...]:
    """ "08:00-12:00", a list of such, or "closed"."""
    if value == _CLOSED:
        return ()
    spans = sorted(_span(item) for item in (value if isinstance(value, list) else [value]))
    if not spans or any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise ValueError("no opening times")
    return tuple(spans)


def _span(value: Any) -> Span:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("no opening times")
    opens_min, closes_min = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if closes_min > _DAY_MIN or opens_min == closes_min:
        raise ValueError("no opening times")
    return opens_min, closes_min if closes_min > opens_min else closes_min + _DAY_MIN


def _week_days(words: Any) -> tuple[int, ...]:
    """Which days of the week `mon-fri`, `sat` or `daily` are, 0 for Monday."""
    first, dash, last = ("mon", "-", "sun") if words == "daily" else str(words).partition("-")
    last = last if dash else first
    if first not in _DAYS or last not in _DAYS or _DAYS.index(first) > _DAYS.index(last):
        raise ValueError("no days of the week")
    return tuple(range(_DAYS.index(first), _DAYS.index(last) + 1))


def _week(value: Any) -> Any:
    if value == ALWAYS:
        return None
    if not isinstance(value, Mapping):
        raise ValueError("always or days")
    days: dict[int, tuple[Span, ...]] = {}
    for words, spans in value.items():
        for day in _week_days(words):
            if day in days:
                raise ValueError("a day twice")
            days[day] = _spans(spans)
    return tuple(days.get(day, ()) for day in range(7))


Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Week = Annotated[tuple[tuple[Span, ...], ...] | None, BeforeValidator(_week)]
"""`always`, or days with their times: {mon-fri: 08:00-17:00, sat: [08:00-12:00, 13:00-15:00]}."""
