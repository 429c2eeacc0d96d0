"""Opening hours on the command line: how things are, close now, reopen."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.clock import SystemClock
from core.database import Database
from core.errors import BadInput
from core.settings import Settings, default_home, load_settings
from ivr.closing_end import closing_end
from ivr.closing_recording import keep_recording
from ivr.closings import EVERY_SCHEDULE, By, Closing, Message, Way, close_line, in_force, reopen
from ivr.hours import OpenState, Why
from ivr.hours_file import SHIPPED_FILE, load_hours, raise_for_unknown_queues
from ivr.hours_now import Hours
from ivr.hours_source import OWN_FILE
from launch.console import green, red, say
from launch.policies import policy_here


def show_hours() -> bool:
    """Print every schedule as it is now, and every queue with hours of its own; whether the hours file in force is good."""
    with _house() as (settings, database, hours):
        now = SystemClock().now()
        for schedule in hours.schedules().values():
            say(_line(schedule.name, schedule.zone, hours.state(schedule.name, now)))
        for queue in hours.source.queues().values():
            if (state := hours.queue_state(queue.name, now)) is not None:
                say(_line(f"queue {queue.name}", queue.zone, state))
        with database.reading() as session:
            for closing in in_force(session, now):
                say(f"  {red('closed by hand')}: {_closing(closing, ZoneInfo(settings.time_zone))}")
        if hours.source.problem:
            say(f"  {red('config/hours.yaml is broken; the hours before it hold')}: {hours.source.problem}")
        return not hours.source.problem


def check_hours(file: Path | None) -> None:
    """Say what an hours file holds, by default the one in force. Raises BadInput that names it and every line that is wrong."""
    own = default_home() / OWN_FILE
    file = file or (own if own.exists() else SHIPPED_FILE)
    hours = load_hours(file)
    raise_for_unknown_queues(hours, file, policy_here().names)
    queues = ", ".join(hours.queues) or "none"
    say(f"{file} is good. Schedules: {', '.join(hours.schedules)}. Queues with hours of their own: {queues}.")


def close_now(schedule: str, until: str, indonesian: str, english: str, recording: Path | None) -> None:
    """Close `schedule` ("" for all) from now on. Raises BadInput for a schedule, an end or a recording that can't be."""
    with _house() as (settings, database, hours):
        now = SystemClock().now().astimezone(ZoneInfo(settings.time_zone))
        if schedule:
            hours.schedule(schedule)
        end = closing_end(until, now)
        message = Message({"id": indonesian, "en": english}, keep_recording(settings.home, recording) if recording else "")
        with database.writing() as session:
            closing = close_line(session, schedule, end, message, _by(), now)
            session.commit()
        say(f"Closed: {_closing(closing, ZoneInfo(settings.time_zone))}. The next caller hears it; ./halo reopen ends it.")


def reopen_now(schedule: str) -> bool:
    """End the closings of `schedule`, or every one of "" (all); whether there were any."""
    with _house() as (settings, database, _hours):
        now = SystemClock().now()
        with database.writing() as session:
            found = [closing for closing in in_force(session, now) if schedule in (EVERY_SCHEDULE, closing.schedule)]
            if not found and schedule and in_force(session, now):
                raise BadInput(f"Nothing closes only {schedule}.", "Run ./halo hours, or ./halo reopen to end every closing.")
            for closing in found:
                reopen(session, closing.id, _by(), now)
            session.commit()
        for closing in found:
            say(f"Open again: {_closing(closing, ZoneInfo(settings.time_zone))}.")
        if not found:
            say("Nothing was closed by hand.")
        return bool(found)


@contextmanager
def _house() -> Iterator[tuple[Settings, Database, Hours]]:
    settings = load_settings(default_home())
    database = Database(settings.database)
    try:
        yield settings, database, Hours(settings.home, database)
    finally:
        database.dispose()


def _by() -> By:
    return By(getpass.getuser(), Way.COMMAND)


def _line(name: str, zone: ZoneInfo, state: OpenState) -> str:
    word = green("open  ") if state.open else red("closed")
    change = state.changes_at
    when = f"{'until' if state.open else 'opens'} {_moment(change, zone)}" if change else ""
    special = state.name.get("en") or next(iter(state.name.values()), "")
    because = " ".join(
        words for words in ("" if state.why is Why.REGULAR else state.why.value, special and f"({special})") if words
    )
    return f"  {name:<16} {word}  {', '.join(part for part in (when, because) if part)}".rstrip()


def _closing(closing: Closing, zone: ZoneInfo) -> str:
    end = f"until {_moment(closing.until, zone)}" if closing.until else "until reopened"
    return f"{closing.schedule or 'all schedules'}, since {_moment(closing.starts_at, zone)} {end}, by {closing.closed_by}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%a %-d %b %H:%M")
