"""Adherence in words: what a planned second was, and what is planned."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from agent_desktop.shift_part_words import break_words
from agent_desktop.texts import _, _later
from workforce.adherence import ON_QUEUE, Kept

KEPT_WORDS = {
    Kept.ADHERENT: _later("In place"),
    Kept.EXCUSED: _later("Excused"),
    Kept.LATE: _later("Late"),
    Kept.EARLY: _later("Left early"),
    Kept.AWAY: _later("Away"),
    Kept.ABSENT: _later("Absent"),
    Kept.IN_BREAK: _later("On queue in a break"),
    Kept.AFTER_CALL: _later("Long wrap-up"),
}


def kept_words(kept: Kept | str) -> str:
    """What it was, in one to four words."""
    return str(KEPT_WORDS[Kept(kept)])


def activity_words(activity: str) -> str:
    """What is planned; a break or training by the name that the roster has for it."""
    if activity == ON_QUEUE:
        return _("On queue")
    return break_words(activity)


def set_up_adherence_words(app: Flask, time_zone: str) -> None:
    """Give the templates these; `clock_time` is the time of the day alone, on a page that is about one day."""
    zone = ZoneInfo(time_zone)

    def clock_time(at: datetime | str) -> str:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        return f"{moment.astimezone(zone):%H:%M}"

    app.jinja_env.filters.update(kept_words=kept_words, activity_words=activity_words, clock_time=clock_time)
