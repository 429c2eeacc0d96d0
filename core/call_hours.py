"""When it is decent, and lawful, to call somebody: by the clock where they are."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PATTERN = rf"^({'|'.join(DAYS)})-({'|'.join(DAYS)}) ([01]\d|2[0-3]):([0-5]\d)-(24:00|([01]\d|2[0-3]):[0-5]\d)$"
_MIDNIGHT = "24:00"
_LOOKS_DAYS = 366  # so far ahead there is a day that is no holiday

IsHoliday = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class CallHours:
    """The same hours, [from_min, to_min) in minutes of the day, on each of `days` (0 is Monday). There is at least one minute."""

    days: frozenset[int]
    from_min: int
    to_min: int

    def until(self, at: datetime, zone: str, is_holiday: IsHoliday = lambda _day: False) -> datetime | None:
        """When they end that hold `at` this moment (aware) in this time zone, UTC; None: nobody may be called then. They hold on
        no day that `is_holiday` there."""
        local = at.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        if not self._hold_on(local.date(), is_holiday) or not self.from_min <= minute < self.to_min:
            return None
        return self._moment(local, 0, self.to_min)

    def next_from(self, at: datetime, zone: str, is_holiday: IsHoliday = lambda _day: False) -> datetime:
        """The first moment from `at` (aware) on at which somebody in this time zone may be called, UTC."""
        if self.until(at, zone, is_holiday) is not None:
            return at
        local = at.astimezone(ZoneInfo(zone))
        hold = (days for days in range(_LOOKS_DAYS) if self._hold_on(local.date() + timedelta(days=days), is_holiday))
        return next(moment for days in hold if (moment := self._moment(local, days, self.from_min)) > at)

    def _hold_on(self, day: date, is_holiday: IsHoliday) -> bool:
        return day.weekday() in self.days and not is_holiday(day)

    @staticmethod
    def _moment(local: datetime, days: int, minute: int) -> datetime:
        day = local.date() + timedelta(days=days + minute // 1440)
        return datetime.combine(day, time(minute % 1440 // 60, minute % 60), local.tzinfo).astimezone(UTC)


def call_hours(text: str) -> CallHours:
    """The hours that "mon-sat 09:00-18:00" says. Raises ValueError for another form, or hours that end before they begin."""
    if re.fullmatch(PATTERN, text) is None:
        raise ValueError("hours are written like mon-sat 09:00-18:00")
    days, _, hours = text.partition(" ")
    first, last = (DAYS.index(day) for day in days.split("-"))
    begins, ends = hours.split("-")
    from_min, to_min = _minute(begins), _minute(ends)
    if from_min >= to_min or first > last:
        raise ValueError("hours, and days, begin before they end")
    return CallHours(frozenset(range(first, last + 1)), from_min, to_min)


def _minute(text: str) -> int:
    return 1440 if text == _MIDNIGHT else int(text[:2]) * 60 + int(text[3:])
