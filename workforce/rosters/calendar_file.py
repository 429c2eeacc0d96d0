"""Rosters as iCalendar files (RFC 5545), one for each agent, for the calendar on their phone."""

import re
from collections import defaultdict
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path

from core.errors import BadInput
from core.ids import derived_id
from workforce.rosters.problem import Roster
from workforce.rosters.roster_file import breaks_text
from workforce.rosters.shift_pattern import Placed

_SAFE = re.compile(r"[A-Za-z0-9_-]{1,40}")


def calendar_of(agent: str, shifts: dict[int, Placed], first: date, zone: tzinfo, now: datetime) -> bytes:
    """The agent's shifts as an iCalendar. A shift keeps its UID, so that a calendar replaces it when it changes."""
    from icalendar import Calendar, Event  # here: few commands ask for it

    calendar = Calendar()
    calendar.add("prodid", "-//Halo//roster//EN")
    calendar.add("version", "2.0")
    for day, placed in sorted(shifts.items()):
        event = Event()
        event.add("uid", derived_id("roster", agent, (first + timedelta(days=day)).isoformat()))
        event.add("dtstamp", now)
        event.add("summary", placed.shift.pattern.name)
        event.add("dtstart", moment_of(first, day, placed.shift.start, zone))
        event.add("dtend", moment_of(first, day, placed.shift.end, zone))
        if placed.breaks:
            event.add("description", breaks_text(placed))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def moment_of(first: date, day: int, minute: int, zone: tzinfo) -> datetime:
    """The moment at which the wall clock shows this minute of a day."""
    return datetime.combine(first + timedelta(days=day + minute // 1440), time(minute % 1440 // 60, minute % 60), zone)


def write_calendars(folder: Path, roster: Roster, first: date, zone: tzinfo, now: datetime) -> list[Path]:
    """AGENT.ics for each agent. Raises BadInput where a file can't be written, or an agent's number can't be a file's name."""
    by_agent: dict[str, dict[int, Placed]] = defaultdict(dict)
    for (agent, day), placed in roster.items():
        if not _SAFE.fullmatch(agent):
            raise BadInput(f"{agent!r} can't be the name of a file.", "Use letters and digits for agents.")
        by_agent[agent][day] = placed
    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for agent, shifts in sorted(by_agent.items()):
            files.append(folder / f"{agent}.ics")
            files[-1].write_bytes(calendar_of(agent, shifts, first, zone, now))
    except OSError as problem:
        raise BadInput(f"{folder} can't be written ({type(problem).__name__}).", "Check the folder.") from None
    return files
