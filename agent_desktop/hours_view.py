"""Opening hours as the supervisors' page shows them: now, this week as strips, the holidays to come, and what was closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, get_timezone_location

from agent_desktop.texts import _
from ivr.closings import EVERY_SCHEDULE, Closing, Way
from ivr.hours import DAY_MIN, DayPlan, Names, OpenState, Schedule, Why, day_stretches
from ivr.hours_file import SHIPPED_FILE
from ivr.hours_source import OWN_FILE

HOLIDAYS_SHOWN = 5
_LOOK_AHEAD_DAYS = 400


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the day's strip, in minutes from its left edge."""

    start_min: int
    length_min: int


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of the week's picture. `note` names the holiday or special day; `now_min` is set for today."""

    label: str
    stretches: tuple[Stretch, ...]
    times: str
    note: str
    now_min: int | None


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """One schedule. `zone` is its place where its clock differs from the contact center's, else ""."""

    name: str
    label: str
    open: bool
    emergency: bool
    change: str
    because: str
    zone: str
    days: tuple[DayView, ...]
    holidays: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClosingView:
    """One emergency closing, in words; `texts` are what callers hear, by language."""

    id: int
    what: str
    since: str
    until: str
    by: str
    ended: str
    texts: tuple[tuple[str, str], ...]
    recorded: bool
    standard: bool
    running: bool


def schedule_view(schedule: Schedule, state: OpenState, now: datetime, home_zone: ZoneInfo, language: str) -> ScheduleView:
    """This schedule at the aware moment `now`, in the words of a page in this language."""
    here = now.astimezone(schedule.zone)
    elsewhere = here.utcoffset() != now.astimezone(home_zone).utcoffset()
    monday = here.date() - timedelta(days=here.weekday())
    return ScheduleView(
        name=schedule.name,
        label=schedule.label[language],
        open=state.open,
        emergency=state.why is Why.EMERGENCY,
        change=_change(state, here, language),
        because=_because(state, language),
        zone=get_timezone_location(schedule.zone, locale=language, return_city=True) if elsewhere else "",
        days=tuple(_day(schedule, monday + timedelta(days=number), here, language) for number in range(7)),
        holidays=_next_holidays(schedule, here.date(), language),
    )


def closing_view(closing: Closing, labels: dict[str, str], now: datetime, zone: ZoneInfo, language: str) -> ClosingView:
    """This closing; `labels` are the schedules' names as people read them."""
    ended = ""
    if closing.ended_at is not None:
        ended = _(
            "reopened %(time)s, %(who)s",
            time=moment_there(closing.ended_at, now.astimezone(zone), language),
            who=_by(closing, True),
        )
    elif not closing.is_in_force(now):
        ended = _("ended by itself")
    message = closing.message
    return ClosingView(
        id=closing.id,
        what=labels.get(closing.schedule, closing.schedule) if closing.schedule != EVERY_SCHEDULE else _("All lines"),
        since=moment_there(closing.starts_at, now.astimezone(zone), language),
        until=moment_there(closing.until, now.astimezone(zone), language) if closing.until else _("until reopened"),
        by=_by(closing, False),
        ended=ended,
        texts=tuple(message.text.items()),
        recorded=bool(message.recording),
        standard=not message.recording and not message.text,
        running=closing.is_in_force(now),
    )


def where_from(own_in_force: bool) -> str:
    """The file whose hours are shown."""
    return OWN_FILE if own_in_force else f"ivr/{SHIPPED_FILE.name}"


def _by(closing: Closing, ended: bool) -> str:
    name, way = (closing.ended_by, closing.ended_way) if ended else (closing.closed_by, closing.closed_way)
    ways = {Way.PAGE: _("on this page"), Way.PHONE: _("by phone"), Way.COMMAND: _("by command")}
    return f"{name}, {ways[Way(way)]}"


def _change(state: OpenState, here: datetime, language: str) -> str:
    if state.open:
        return _("until %(time)s", time=moment_there(state.until, here, language)) if state.until else _("around the clock")
    if state.opens_next is None:
        return _("nobody knows until when")
    return _("opens %(time)s", time=moment_there(state.opens_next, here, language))


def _because(state: OpenState, language: str) -> str:
    if state.why is Why.EMERGENCY:
        return _("Emergency")
    name = _name(state.name, language)
    if state.why is Why.HOLIDAY:
        return name or _("Holiday")
    return (name or _("Special day")) if state.why is Why.SPECIAL else ""


def _name(name: Names, language: str) -> str:
    return name.get(language) or next(iter(name.values()), "")


def _day(schedule: Schedule, day: date, here: datetime, language: str) -> DayView:
    plan = schedule.day(day)
    stretches = day_stretches(schedule, day)
    note = "" if plan.why is Why.REGULAR else _note(plan, language)
    return DayView(
        label=format_date(day, "EEE d", locale=language),
        stretches=tuple(Stretch(first, last - first) for first, last in stretches),
        times=", ".join(f"{_clock(first)}–{_clock(last)}" for first, last in stretches) or _("closed"),
        note=note,
        now_min=here.hour * 60 + here.minute if day == here.date() else None,
    )


def _note(plan: DayPlan, language: str) -> str:
    return _name(plan.name, language) or (_("Holiday") if plan.why is Why.HOLIDAY else _("Special day"))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _next_holidays(schedule: Schedule, today: date, language: str) -> tuple[tuple[str, str], ...]:
    plans = (schedule.day(today + timedelta(days=number)) for number in range(1, _LOOK_AHEAD_DAYS))
    found: list[tuple[str, str]] = []
    for plan in plans:
        if plan.why is not Why.REGULAR:
            found.append((format_date(plan.day, "EEE d MMM", locale=language), _note(plan, language)))
            if len(found) == HOLIDAYS_SHOWN:
                break
    return tuple(found)


def moment_there(moment: datetime, here: datetime, language: str) -> str:
    """A moment as people at this place write it: the time today, with the day else. Midnight ends its day, as 24:00."""
    there = moment.astimezone(here.tzinfo)
    days_away = (there.date() - here.date()).days
    if there.time() == there.min.time() and days_away >= 1:
        there, days_away, time = there - timedelta(minutes=1), days_away - 1, f"{DAY_MIN // 60}:00"
    else:
        time = str(format_time(there, "HH:mm", locale=language))
    if days_away == 0:
        return time
    if days_away == 1:
        return _("tomorrow %(time)s", time=time)
    return f"{format_datetime(there, 'EEE d MMM', locale=language)} {time}"


def labels_of(schedules: Sequence[Schedule], language: str) -> dict[str, str]:
    """Schedule names to what people call them."""
    return {schedule.name: schedule.label[language] for schedule in schedules}
