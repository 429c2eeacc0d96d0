"""When a line is open: weekly times, holidays and special days of a named schedule, on the clock of its own time zone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

DAY_MIN = 24 * 60
HORIZON_DAYS = 800  # what lies further away is as good as never
_MOST_CLOSED_DAYS = 14
_ONE_DAY = timedelta(days=1)
Names = Mapping[str, str]  # by language; a language that nobody has words in is missing


class Why(StrEnum):
    """What decides that a schedule is open or closed."""

    REGULAR = "regular"
    HOLIDAY = "holiday"
    SPECIAL = "special"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Span:
    """Opening time of a day, in minutes after its midnight on the wall clock; `closes_min` beyond 1440 is the day after."""

    opens_min: int
    closes_min: int


ALL_DAY = (Span(0, DAY_MIN),)


class Holidays(Protocol):
    """The public holidays of one place."""

    def on(self, day: date) -> Names | None:
        """The names of the holiday on this day; None on any other day."""
        ...


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date with opening times of its own; no span: closed. `name` says why, as far as anybody wrote it down."""

    spans: tuple[Span, ...]
    name: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Opening times by name. `week` has seven days, Monday first; a date in `days` counts before a holiday, that before `week`.

    `closed_with` names another schedule whose emergency closings hold here too; "" for a schedule that stands by itself.
    """

    name: str
    label: Names
    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    holidays: Holidays | None = None
    days: Mapping[date, SpecialDay] = field(default_factory=dict)
    closed_with: str = ""

    @property
    def never_closes(self) -> bool:
        """Open at any hour of any day, without exception."""
        return all(spans == ALL_DAY for spans in self.week) and self.holidays is None and not self.days

    def day(self, day: date) -> "DayPlan":
        """What holds on one day of the schedule's own calendar."""
        special = self.days.get(day)
        if special is not None:
            return DayPlan(day, special.spans, Why.SPECIAL, special.name)
        holiday = self.holidays.on(day) if self.holidays else None
        if holiday is not None:
            return DayPlan(day, (), Why.HOLIDAY, holiday)
        return DayPlan(day, self.week[day.weekday()], Why.REGULAR, {})


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One day: when it is open, and by which rule."""

    day: date
    spans: tuple[Span, ...]
    why: Why
    name: Names


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency closing in force. `until` is aware UTC, None while nobody knows.

    Callers hear the `recording`, else `text` in their language, else a standard sentence. `number` tells one from another.
    """

    until: datetime | None = None
    text: Names = field(default_factory=dict)
    recording: Path | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a schedule is open at a moment, and what comes next. Moments are aware UTC.

    `until` is when it closes (None: never, as far as anybody can see), set only while open. `opens_next` is when it opens
    again (None: nobody knows, or never), set only while closed. `name` names the holiday or special day of today.
    `closed_days` are the holidays and special closings between now and `opens_next`, today's included.
    """

    open: bool
    why: Why
    zone: ZoneInfo
    until: datetime | None = None
    opens_next: datetime | None = None
    name: Names = field(default_factory=dict)
    closed_days: tuple[DayPlan, ...] = ()
    emergency: Emergency | None = None

    @property
    def changes_at(self) -> datetime | None:
        """The moment at which this is no longer so by itself; None when there is none in sight."""
        return self.until if self.open else self.opens_next


def is_open(schedule: Schedule, moment: datetime) -> OpenState:
    """Whether `schedule` is open at the aware `moment`. Looks HORIZON_DAYS ahead at most.

    A time that the clock skips or shows twice (daylight saving) is taken so that the line is open for longer.
    """
    today = schedule.day(moment.astimezone(schedule.zone).date())
    if schedule.never_closes:
        return OpenState(True, Why.REGULAR, schedule.zone)
    for opens, closes in _stretches(schedule, today.day):
        if closes is not None and closes <= moment:
            continue
        if opens <= moment:
            special = today.why is Why.SPECIAL and bool(today.spans)
            why, name = (today.why, today.name) if special else (Why.REGULAR, {})
            return OpenState(True, why, schedule.zone, until=closes, name=name)
        return OpenState(
            False, today.why, schedule.zone, opens_next=opens, name=today.name, closed_days=_closed_days(schedule, today, opens)
        )
    return OpenState(False, today.why, schedule.zone, name=today.name, closed_days=_closed_days(schedule, today, None))


def in_emergency(schedule: Schedule, emergency: Emergency) -> OpenState:
    """A schedule while it is closed in an emergency: it opens again at its own first opening time from the end of that."""
    opens_next = None
    if emergency.until is not None:
        then = is_open(schedule, emergency.until)
        opens_next = emergency.until if then.open else then.opens_next
    return OpenState(False, Why.EMERGENCY, schedule.zone, opens_next=opens_next, emergency=emergency)


def day_stretches(schedule: Schedule, day: date) -> list[tuple[int, int]]:
    """When a day is open on its own wall clock, as [from, to) in minutes after midnight, the night before included."""
    spans = [
        (max(0, span.opens_min - shift), min(DAY_MIN, span.closes_min - shift))
        for ago, shift in ((1, DAY_MIN), (0, 0))
        for span in schedule.day(day - timedelta(days=ago)).spans
    ]
    merged: list[tuple[int, int]] = []
    for first, last in sorted(span for span in spans if span[0] < span[1]):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _stretches(schedule: Schedule, today: date) -> Iterator[tuple[datetime, datetime | None]]:
    """Unbroken opening times in order, from the day before yesterday on; the end is None when it is beyond the horizon."""
    current: tuple[datetime, datetime] | None = None
    for day in _days_with_openings(schedule, today):
        for span in schedule.day(day).spans:
            opens, closes = _moment(day, span.opens_min, schedule.zone, min), _moment(day, span.closes_min, schedule.zone, max)
            if current is None:
                current = (opens, closes)
            elif opens <= current[1]:
                current = (current[0], max(current[1], closes))
            else:
                yield current
                current = (opens, closes)
    if current is not None:
        seen_to = _moment(today + timedelta(days=HORIZON_DAYS), 0, schedule.zone, min)
        yield current[0], None if current[1] >= seen_to else current[1]


def _days_with_openings(schedule: Schedule, today: date) -> Iterator[date]:
    """Every day that may be open, in order."""
    first, last = today - 2 * _ONE_DAY, today + timedelta(days=HORIZON_DAYS)
    if any(schedule.week):
        yield from (first + timedelta(days=number) for number in range((last - first).days))
    else:
        yield from sorted(day for day in schedule.days if first <= day < last)


def _closed_days(schedule: Schedule, today: DayPlan, opens_next: datetime | None) -> tuple[DayPlan, ...]:
    last = today.day if opens_next is None else opens_next.astimezone(schedule.zone).date()
    days = min((last - today.day).days + 1, _MOST_CLOSED_DAYS)
    plans = (schedule.day(today.day + timedelta(days=number)) for number in range(days))
    return tuple(plan for plan in plans if plan.why is not Why.REGULAR and not plan.spans)


def _moment(day: date, minute: int, zone: ZoneInfo, choose: Callable[[datetime, datetime], datetime]) -> datetime:
    days, minute = divmod(minute, DAY_MIN)
    local = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), zone)
    return choose(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))
