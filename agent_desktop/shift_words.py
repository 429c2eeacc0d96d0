"""Shifts, their breaks, and what a change of them would break or leave short, in the words of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask

from agent_desktop.days import today_here, zone_here
from agent_desktop.languages import language_here
from agent_desktop.roster_words import broken_words
from agent_desktop.services import services
from agent_desktop.shift_part_words import break_words, pattern_words
from agent_desktop.texts import _, ngettext
from workforce.ask_errors import RulesBroken
from workforce.changed_shifts import ShiftTimes
from workforce.roster_records import AskState, RosterShift
from workforce.rosters.roster_file import clock
from workforce.shift_effect import Short
from workforce.shift_outlook import Doing, Outlook, Part
from workforce.time_off import GivenUp

_MOST_LINES = 4


def set_up_shift_words(app: Flask) -> None:
    """Give the templates these as filters."""
    app.jinja_env.filters.update(
        weekday_day=weekday_day, hour_minute=hour_minute, shift_hours=shift_hours, break_words=break_words,
        pattern_words=pattern_words, ask_state_words=ask_state_words,
    )  # fmt: skip


def weekday_day(day: date) -> str:
    """Mon 7 Dec."""
    return str(format_date(day, "EEE d MMM", locale=language_here()))


def hour_minute(at: datetime) -> str:
    """06:30, as the contact center's clock shows it."""
    return f"{at.astimezone(zone_here()):%H:%M}"


def shift_hours(row: RosterShift | Part) -> str:
    """06:30–15:30."""
    start, end = (row.starts_at, row.ends_at) if isinstance(row, RosterShift) else (row.start, row.end)
    return f"{hour_minute(start)}–{hour_minute(end)}"


def shift_line(row: RosterShift) -> str:
    """Mon 7 Dec 06:30–15:30."""
    return f"{weekday_day(row.day)} {shift_hours(row)}"


def times_words(times: ShiftTimes) -> str:
    """06:30–15:30 Early shift, or that it is a day off."""
    if not times:
        return _("day off")
    start, end = (hour_minute(datetime.fromisoformat(times[name])) for name in ("starts_at", "ends_at"))
    return f"{start}–{end} {pattern_words(times['pattern'])}" if "pattern" in times else f"{start}–{end}"


def next_words(found: Outlook) -> str:
    """What comes next, in a few words: "Lunch at 12:00". "" where nothing is planned."""
    now, after = found.now, found.next
    if now is not None and now.doing is Doing.AWAY:
        return _("%(what)s until %(time)s", what=break_words(now.kind), time=hour_minute(now.end))
    if now is not None and after is not None:
        return _("%(what)s at %(time)s", what=break_words(after.kind), time=hour_minute(after.start))
    if now is not None:
        return _("Shift ends at %(time)s", time=hour_minute(now.end))
    if after is None:
        return ""
    day = after.start.astimezone(zone_here()).date()
    if day == today_here():
        return _("Shift begins at %(time)s", time=hour_minute(after.start))
    return _("Next shift: %(day)s %(time)s", day=weekday_day(day), time=hour_minute(after.start))


def now_words(found: Outlook) -> str:
    """What it is now: "On the queue until 12:00"."""
    if found.now is None:
        return _("Off")
    until = hour_minute(found.now.end)
    if found.now.doing is Doing.AWAY:
        return _("%(what)s until %(time)s", what=break_words(found.now.kind), time=until)
    return _("On the queue until %(time)s", time=until)


@dataclass(frozen=True, slots=True)
class GivenUpLine:
    """A shift that somebody would do without, and what that leaves short, a line each."""

    row: RosterShift
    short: list[str]


def broken_of(error: RulesBroken, agent_id: str = "") -> list[str]:
    """What would be broken, a line each: of one agent, or of all concerned."""
    found = [each for each in error.broken if not agent_id or each.agent in ("", agent_id)]
    return _some([broken_words(error.problem, each) for each in found])


def given_up_lines(found: Sequence[GivenUp], own: bool = False) -> list[GivenUpLine]:
    """Each shift with what it would leave short; `own`: for the agent, whom the rules on staff concern only as a whole."""
    lines = []
    for each in found:
        problem, effect = each.window.problem, each.effect
        least = [] if own else [broken_words(problem, one) for one in effect.broken]
        lines.append(GivenUpLine(each.row, _some([*least, *short_words(problem.first, effect.short)])))
    return lines


def short_words(first: date, shorts: Sequence[Short]) -> list[str]:
    """Which queues would lack people, a line each; days are counted from `first`."""
    return _some([_short(first, each) for each in shorts])


def ask_state_words(state: str, is_offer: bool = False, open_still: bool = True) -> str:
    """Where an ask stands; of one that nobody can act on any more, that."""
    if not open_still and state in (AskState.ASKED, AskState.ACCEPTED):
        return _("too late")
    known = {
        AskState.ASKED: _("offered") if is_offer else _("asked"),
        AskState.ACCEPTED: _("the planner decides"),
        AskState.GRANTED: _("granted"),
        AskState.REFUSED: _("refused"),
        AskState.DECLINED: _("declined"),
        AskState.WITHDRAWN: _("taken back"),
        AskState.LAPSED: _("void"),
    }
    return known[AskState(state)]


def _short(first: date, one: Short) -> str:
    queue = services().policy().find(one.queue)
    return _(
        "%(queue)s would lack %(hours)s h of people on %(day)s, %(start)s–%(end)s",
        queue=queue.label_in(language_here()) if queue else one.queue,
        hours=format_decimal(round(one.missing_min / 60, 1), locale=language_here()),
        day=weekday_day(first + timedelta(days=one.day)), start=clock(one.start), end=clock(one.end),
    )  # fmt: skip


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_LINES
    if more <= 0:
        return lines
    return [*lines[:_MOST_LINES], ngettext("and %(num)d more like it", "and %(num)d more like these", more)]
