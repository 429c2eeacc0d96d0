"""The parts of opening hours as an operator writes them in YAML: times, days, holidays, a schedule; each checked."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    model_validator,
)

from core.errors import BadInput
from ivr.holiday_days import HolidayCalendar
from ivr.hours import DAY_MIN, Schedule, Span, SpecialDay

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d) ?- ?([01]\d|2[0-4]):([0-5]\d)")
_CLOSED = "closed"


def _zone(value: Any) -> Any:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError(f"there is no time zone {value!r}; use a name such as Asia/Jakarta") from None


def _spans(value: Any) -> tuple[Span, ...]:
    """ "08:00-12:00", a list of such, or "closed"."""
    if value == _CLOSED:
        return ()
    spans = sorted((_span(item) for item in (value if isinstance(value, list) else [value])), key=lambda span: span.opens_min)
    for earlier, later in pairwise(spans):
        if later.opens_min < earlier.closes_min:
            raise ValueError("two of the times overlap")
    if not spans:
        raise ValueError(f"no times; write {_CLOSED} for a day on which nobody is there")
    return tuple(spans)


def _span(value: Any) -> Span:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} are no times; write them as 08:00-12:00, or {_CLOSED}")
    opens_min, closes_min = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if closes_min > DAY_MIN:
        raise ValueError(f"{value!r}: a day ends at 24:00")
    if opens_min == closes_min:
        raise ValueError(f"{value!r} is no time at all; all day is 00:00-24:00")
    return Span(opens_min, closes_min if closes_min > opens_min else closes_min + DAY_MIN)


def _week_days(words: str) -> tuple[int, ...]:
    """Which days of the week `mon-fri`, `sat` or `daily` are, 0 for Monday."""
    first, dash, last = ("mon", "-", "sun") if words == "daily" else words.partition("-")
    last = last if dash else first
    if first not in _DAYS or last not in _DAYS or _DAYS.index(first) > _DAYS.index(last):
        raise ValueError(f"{words!r} are no days; use daily, one of {', '.join(_DAYS)}, or two in order as in mon-fri")
    return tuple(range(_DAYS.index(first), _DAYS.index(last) + 1))


def _date(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is no date; write it as 2026-12-24") from None


FORM = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
_Words = Mapping[
    Annotated[str, StringConstraints(pattern="^(id|en)$")], Annotated[str, StringConstraints(min_length=1, max_length=80)]
]
WeekDays = Annotated[str, AfterValidator(lambda words: words if _week_days(words) else "")]
Spans = Annotated[tuple[Span, ...], BeforeValidator(_spans)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Name = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")]


class HolidaysForm(BaseModel):
    """The public holidays of a country or region."""

    model_config = FORM

    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    region: str = ""
    kinds: tuple[str, ...] = ("public",)

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        try:
            self.calendar()
        except BadInput as problem:
            raise ValueError(str(problem)) from None
        return self

    def calendar(self) -> HolidayCalendar:
        return _calendar(self.country, self.region, self.kinds)


class DayForm(BaseModel):
    """A date that is not like the others."""

    model_config = FORM

    open: Spans
    because: _Words = {}


def _day(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {"open": value}


def _each_day_once(week: Mapping[str, tuple[Span, ...]]) -> Mapping[str, tuple[Span, ...]]:
    named = [day for words in week for day in _week_days(words)]
    twice = sorted({_DAYS[day] for day in named if named.count(day) > 1})
    if twice:
        raise ValueError(f"week has {', '.join(twice)} twice")
    return week


Week = Annotated[Mapping[WeekDays, Spans], AfterValidator(_each_day_once)]
Days = Mapping[Annotated[date, BeforeValidator(_date)], Annotated[DayForm, BeforeValidator(_day)]]


def week_of(week: Week) -> tuple[tuple[Span, ...], ...]:
    """The times of seven days, Monday first."""
    times = {day: spans for words, spans in week.items() for day in _week_days(words)}
    return tuple(times.get(day, ()) for day in range(7))


def special_days(days: Days) -> Mapping[date, SpecialDay]:
    """The dates that are not like the others."""
    return {day: SpecialDay(form.open, form.because) for day, form in days.items()}


class ScheduleForm(BaseModel):
    """One schedule, as `schedules` of the file has it."""

    model_config = FORM

    label: _Words
    zone: Zone
    week: Week
    holidays: HolidaysForm | None = None
    days: Days = {}

    @model_validator(mode="after")
    def _has_a_name_for_everybody(self) -> Self:
        if len(self.label) < 2:
            raise ValueError("label needs words in id and en")
        return self

    def schedule(self, name: str) -> Schedule:
        calendar = self.holidays.calendar() if self.holidays else None
        return Schedule(name, self.label, self.zone, week_of(self.week), calendar, special_days(self.days))


@cache
def _calendar(country: str, region: str, kinds: tuple[str, ...]) -> HolidayCalendar:
    return HolidayCalendar(country, region, kinds)
