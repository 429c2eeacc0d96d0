"""An agent's shift of one day on the page of the day: a row of the strip, what is now, what is next, how long until then."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from agent_desktop.day_strip import Piece
from agent_desktop.days import zone_here
from agent_desktop.shift_part_words import break_words
from agent_desktop.shift_words import next_words, now_words, shift_hours
from workforce.roster_records import RosterShift
from workforce.roster_store import published_shifts
from workforce.shift_outlook import Part, outlook_of, parts_of

_KINDS = {True: "not_ready", False: "ready"}  # away from the queue, and on it, in the colours of the states


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """`now` and `next` in words, of the present day only; `minutes` until what is next, None where nothing is."""

    row: RosterShift
    pieces: list[Piece]
    now: str
    next: str
    minutes: int | None


def planned_day(session: Session, agent_id: str, day: date, now: datetime) -> PlannedDay | None:
    """What is published for the day. On the day itself also a night that began the evening before, as long as it lasts."""
    rows = published_shifts(session, day - timedelta(days=1), 2, agent_id)
    today = day == now.date()
    lasting = next((row for row in rows if today and row.day < day and row.ends_at > now), None)
    row = lasting or next((one for one in rows if one.day == day), None)
    if row is None:
        return None
    parts = parts_of(row)
    zone = zone_here()
    pieces = [
        Piece(part.start.astimezone(zone), part.end.astimezone(zone), _KINDS[bool(part.kind)], _words(part)) for part in parts
    ]
    if not today:
        return PlannedDay(row, pieces, "", "", None)
    found = outlook_of(parts, now)
    starts = found.next.start if found.next else found.now.end if found.now else None
    minutes = None if starts is None else max(0, round((starts - now).total_seconds() / 60))
    return PlannedDay(row, pieces, now_words(found), next_words(found), minutes)


def _words(part: Part) -> str:
    return f"{break_words(part.kind)} {shift_hours(part)}"
