"""What callers are told about opening hours: whether somebody is there now, until when, or from when on again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from babel.dates import get_day_names, get_timezone_location

from ivr.hours import ALL_DAY, DAY_MIN, OpenState, Schedule, Span, Why
from ivr.line import Prompt
from ivr.spoken import spoken_on_day, spoken_time


@dataclass(frozen=True, slots=True)
class _Who:
    """The sentences about us, or about a team of ours."""

    closed_on: str
    closed_on_for: str
    closed_on_holiday: str
    opens_next: str


_WE = _Who("hours_closed_on", "hours_closed_on_for", "hours_closed_on_holiday", "hours_opens_next")
_THEY = _Who("queue_closed_on", "queue_closed_on_for", "queue_closed_on_holiday", "queue_opens_next")
_MESSAGE = "emergency_message"  # no sentence of the catalogue: its words come with it
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_NOT_SPOKEN = re.compile(r"[^\w\s,.'-]|\d")


def hours_answer(state: OpenState, language: str, now: datetime) -> list[Prompt]:
    """Whether the line is open, until when or from when on, and why not now. `now` is aware, in the caller's own zone.

    Times are the schedule's own; where its clock differs from the caller's, the place is named. In an emergency the
    message comes first.
    """
    if state.open:
        if state.until is None:
            return [Prompt("hours_open_always", language)]
        return [_until(state, state.until, language, now)]
    return [*_why_closed(state, language, now), *_opens_next(state, language, now, _WE)]


def queue_closed_answer(state: OpenState, closed: Prompt, now: datetime) -> list[Prompt]:
    """That a queue is closed, said by `closed` in its language; then why, and when it opens again. `now` as in hours_answer.

    In an emergency the message follows, if somebody left one: that it came unexpectedly is nothing that a team's caller needs.
    """
    language = closed.language
    if state.emergency is not None:
        told = emergency_message(state, language)
        why = told if state.emergency.recording or told[0].key == _MESSAGE else []
    else:
        why = _closed_for(state, language, now, _THEY)
    return [closed, *why, *_opens_next(state, language, now, _THEY)]


def emergency_message(state: OpenState, language: str) -> list[Prompt]:
    """What callers hear first while an emergency closes the line: the recording, else the words, else a standard sentence."""
    emergency = state.emergency
    if emergency is None:
        return []
    if emergency.recording is not None:
        return [Prompt("hours_emergency", language, recording=emergency.recording)]
    words = emergency.text.get(language, "").strip()
    if words:
        # Not a pattern: braces in it are braces.
        return [Prompt(_MESSAGE, language, text=words.replace("{", "{{").replace("}", "}}"))]
    return [Prompt("hours_emergency", language)]


def week_answer(schedule: Schedule, language: str) -> list[Prompt]:
    """The regular week, days with the same times together: "Monday to Friday from eight in the morning to …"."""
    if schedule.never_closes:
        return [Prompt("hours_open_always", language)]
    names = get_day_names("wide", locale=language)
    sentences = []
    for spans, grouped in groupby(enumerate(schedule.week), key=lambda day: day[1]):
        days = [number for number, _spans in grouped]
        if not spans:
            continue
        first, last = names[days[0]], names[days[-1]]
        fields = {"first": first, "last": last, "times": _times(spans, language)}
        if len(days) == 1:
            sentences.append(Prompt("hours_week_day", language, {"day": first, "times": fields["times"]}))
        else:
            sentences.append(Prompt("hours_week_days", language, fields))
    if schedule.holidays is not None:
        sentences.append(Prompt("hours_week_holidays", language))
    return sentences


def _until(state: OpenState, until: datetime, language: str, now: datetime) -> Prompt:
    day, at = _named_day(until, state), _spoken_time(until, state, language, now)
    today = now.astimezone(state.zone).date()
    if day == today:
        return Prompt("hours_open_until", language, {"time": at})
    return Prompt("hours_open_until_day", language, {"day": spoken_on_day(day, today, language), "time": at})


def _why_closed(state: OpenState, language: str, now: datetime) -> list[Prompt]:
    if state.why is Why.EMERGENCY:
        return emergency_message(state, language)
    reason = _closed_for(state, language, now, _WE)
    is_today = bool(reason) and state.closed_days[0].day == now.astimezone(state.zone).date()
    return reason if is_today else [Prompt("hours_closed", language), *reason]


def _closed_for(state: OpenState, language: str, now: datetime, who: _Who) -> list[Prompt]:
    """The first day until it opens that is not like the others; [] when there is none."""
    if not state.closed_days:
        return []
    plan = state.closed_days[0]
    day = spoken_on_day(plan.day, now.astimezone(state.zone).date(), language)
    name = _speakable(plan.name.get(language, ""))
    if name:
        return [Prompt(who.closed_on_for, language, {"day": day, "name": name})]
    return [Prompt(who.closed_on_holiday if plan.why is Why.HOLIDAY else who.closed_on, language, {"day": day})]


def _opens_next(state: OpenState, language: str, now: datetime, who: _Who) -> list[Prompt]:
    if state.opens_next is None:
        return []
    today = now.astimezone(state.zone).date()
    day = spoken_on_day(_named_day(state.opens_next, state), today, language)
    return [Prompt(who.opens_next, language, {"day": day, "time": _spoken_time(state.opens_next, state, language, now)})]


def _named_day(moment: datetime, state: OpenState) -> date:
    """The day that people name with a moment: midnight belongs to the day that it ends."""
    there = moment.astimezone(state.zone)
    return there.date() - timedelta(days=there.time() == time(0))


def _spoken_time(moment: datetime, state: OpenState, language: str, now: datetime) -> str:
    """The time on the schedule's clock; with the place, where the caller's own clock shows another."""
    there = moment.astimezone(state.zone)
    words = spoken_time(there.time(), language)
    if there.utcoffset() == moment.astimezone(now.tzinfo).utcoffset():
        return words
    place = get_timezone_location(state.zone, locale=language, return_city=True)
    return f"{words} waktu {place}" if language == "id" else f"{words} {place} time"


def _times(spans: Sequence[Span], language: str) -> str:
    if tuple(spans) == ALL_DAY:
        return "dua puluh empat jam" if language == "id" else "around the clock"
    pattern, joint = ("pukul {} sampai {}", " dan ") if language == "id" else ("from {} to {}", " and ")
    return joint.join(
        pattern.format(spoken_time(_clock(span.opens_min), language), spoken_time(_clock(span.closes_min), language))
        for span in spans
    )


def _clock(minute: int) -> time:
    return time(minute % DAY_MIN // 60, minute % 60)


def _speakable(name: str) -> str:
    """A holiday's name without what a voice stumbles over: remarks in brackets, digits, signs."""
    return " ".join(_NOT_SPOKEN.sub(" ", _BRACKETS.sub("", name)).split())
