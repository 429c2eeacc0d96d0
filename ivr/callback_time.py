"""Asks a caller when to call them, by key or by voice, and reads the time back before it counts."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from crm.phone_numbers import zone_of
from ivr.callback_times import IN_AN_HOUR, THIS_AFTERNOON, TOMORROW_MORNING, ChosenHour, chosen_hour, times_offered
from ivr.flow_version import CALL_TIME_GRAMMAR, CALL_TIME_PHRASES, OTHER_HOUR, spoken
from ivr.hearing import Doubtful, Taken, judge
from ivr.line import Heard
from ivr.menu import PersonWanted, is_yes, wants_person
from ivr.number_entry import NumberQuestion
from ivr.number_form import HOUR as HOUR_FORM
from ivr.reasons import Reason
from ivr.spoken import spoken_on_day, spoken_time
from ivr.visit import Visit

HOUR = NumberQuestion("callback_hour", HOUR_FORM.longest, may_begin_with_zero=True, form=HOUR_FORM, is_read_back=True)
_KEYS = {"1": IN_AN_HOUR, "2": THIS_AFTERNOON, "3": TOMORROW_MORNING, "4": OTHER_HOUR}
_OFFERS = {
    IN_AN_HOUR: "callback_in_an_hour", THIS_AFTERNOON: "callback_this_afternoon", TOMORROW_MORNING: "callback_tomorrow_morning",
    OTHER_HOUR: "callback_other_hour",
}  # fmt: skip
_WAIT_S, _TRIES, _HOURS = 5.0, 3, 24


def ask_callback_time(visit: Visit, queue: str, number: str) -> datetime | None:
    """The moment at which they want to be called at this number, confirmed; None when they choose none.

    It is on the clock of where the number is, when that is known, else on that of the line. Raises PersonWanted, as a menu does.
    """
    zone = zone_of(number)
    now = visit.moment.astimezone(ZoneInfo(zone)) if zone else visit.moment
    offered = times_offered(now, lambda at: visit.earliest(queue, at))
    for attempt in range(1, _TRIES + 1):
        name = _choose(visit, offered, attempt)
        if not name:
            continue
        chosen = _other_hour(visit, queue, now) if name == OTHER_HOUR else ChosenHour(offered[name], moved=False)
        if chosen is not None and _is_right(visit, chosen, now):
            return chosen.at
    return None


def _choose(visit: Visit, offered: Mapping[str, datetime], attempt: int) -> str:
    """The name of what they choose; "" for nothing that is offered."""
    names = [name for name in _OFFERS if name in offered or name == OTHER_HOUR]
    opening = "callback_when" if attempt == 1 else "callback_when_again"
    prompts = [visit.prompt(opening), *(visit.prompt(_OFFERS[name]) for name in names)]
    heard = visit.line.ask(*prompts, grammar=visit.version.grammar(CALL_TIME_GRAMMAR), wait_s=_WAIT_S)
    _way_out(visit, heard)
    if heard.keys:
        name = _KEYS.get(heard.keys[0], "")
        return name if name in names else ""
    match judge(heard, {name: spoken(CALL_TIME_PHRASES[name]) for name in names}):
        case Taken(name) | Doubtful(name):  # the time is read back in any case
            return name
    return ""


def _other_hour(visit: Visit, queue: str, now: datetime) -> ChosenHour | None:
    typed = visit.ask_number(HOUR)
    hour = int(typed) if typed.isdigit() else _HOURS
    return chosen_hour(hour, now, lambda at: visit.earliest(queue, at)) if hour < _HOURS else None


def _is_right(visit: Visit, chosen: ChosenHour, now: datetime) -> bool:
    language = visit.language
    day, at = spoken_on_day(chosen.at.date(), now.date(), language), spoken_time(chosen.at.time(), language)
    read_back = visit.prompt("callback_time_is", day=day, time=at)
    prompts = [visit.prompt("callback_nobody_then"), read_back] if chosen.moved else [read_back]
    visit.hear_first()
    heard = visit.line.ask(*prompts, grammar=visit.version.yes_no_grammar(), wait_s=_WAIT_S)
    _way_out(visit, heard)
    return is_yes(heard)


def _way_out(visit: Visit, heard: Heard) -> None:
    if wants_person(heard, visit.version):
        raise PersonWanted(Reason.ASKED_FOR_PERSON)
