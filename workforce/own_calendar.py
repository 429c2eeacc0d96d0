"""An agent's shifts as a calendar to which a phone subscribes (RFC 5545), at a private address: made anew, withdrawn."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.ids import derived_id
from workforce.calendar_records import CalendarAddress, CalendarShift
from workforce.roster_records import RosterShift
from workforce.roster_store import published_shifts

BEFORE_DAYS, AHEAD_DAYS = 28, 120
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class ToldShift:
    """A shift as the calendar tells it: how often it has changed, and when last."""

    row: RosterShift
    sequence: int
    changed_at: datetime


def make_address(session: Session, agent: str, now: datetime) -> str:
    """A new token, in place of the one before; it is not to be had again."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.merge(CalendarAddress(agent_id=agent, token_hash=_hashed(token), made_at=now))
    session.flush()
    return token


def withdraw_address(session: Session, agent: str) -> None:
    """The address leads nowhere any more."""
    session.execute(delete(CalendarAddress).where(CalendarAddress.agent_id == agent))


def address_made_at(session: Session, agent: str) -> datetime | None:
    """When the agent's address was made; None where there is none."""
    found = session.get(CalendarAddress, agent)
    return found.made_at if found is not None else None


def agent_of(session: Session, token: str) -> str | None:
    """Whose address it is. A wrong token costs the work of a right one: a digest of what was sent, and one look into an index."""
    return session.scalar(select(CalendarAddress.agent_id).where(CalendarAddress.token_hash == _hashed(token)))


def tell(session: Session, agent: str, now: datetime, zone: ZoneInfo) -> list[ToldShift]:
    """The published shifts around now, each with how often it changed since it was first told. Writes what is new to it; of
    two who ask at once, one waits."""
    session.get(CalendarAddress, agent, with_for_update=True)
    first = now.astimezone(zone).date() - timedelta(days=BEFORE_DAYS)
    days = BEFORE_DAYS + AHEAD_DAYS
    rows = published_shifts(session, first, days, agent)
    known = {one.day: one for one in session.scalars(
        select(CalendarShift).where(
            CalendarShift.agent_id == agent, CalendarShift.day >= first, CalendarShift.day < first + timedelta(days=days)
        )
    )}  # fmt: skip
    _forget(known, {row.day for row in rows}, now)
    found = []
    for row in rows:
        one, told = known.get(row.day), _digest(row)
        if one is None:
            one = CalendarShift(agent_id=agent, day=row.day, told=told, sequence=0, changed_at=now)
            session.add(one)
        elif one.told != told:
            one.told, one.sequence, one.changed_at = told, one.sequence + 1, now
        found.append(ToldShift(row, one.sequence, one.changed_at))
    session.flush()
    return found


def calendar_text(told: Sequence[ToldShift], agent: str, title: str, zone: ZoneInfo) -> bytes:
    """The calendar: the same bytes for the same shifts, whenever it is asked for."""
    from icalendar import Calendar, Event  # here: few requests ask for it

    calendar = Calendar()
    calendar.add("prodid", "-//Halo//shifts//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", zone.key)
    for one in told:
        row, event = one.row, Event()
        event.add("uid", derived_id("roster", agent, row.day.isoformat()))
        event.add("sequence", one.sequence)
        event.add("dtstamp", one.changed_at)
        event.add("last-modified", one.changed_at)
        event.add("summary", row.pattern.replace("_", " "))
        event.add("dtstart", row.starts_at.astimezone(zone))
        event.add("dtend", row.ends_at.astimezone(zone))
        if row.activities:
            event.add("description", "\n".join(_line(each.kind, each.starts_at, each.ends_at, zone) for each in row.activities))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _line(kind: str, start: datetime, end: datetime, zone: ZoneInfo) -> str:
    return f"{start.astimezone(zone):%H:%M}-{end.astimezone(zone):%H:%M} {kind.replace('_', ' ')}"


def _forget(known: Mapping[date, CalendarShift], there: set[date], now: datetime) -> None:
    """A shift that is no more keeps its count: should it come back, calendars must take it for newer."""
    for day, one in known.items():
        if day not in there and one.told:
            one.told, one.sequence, one.changed_at = "", one.sequence + 1, now


def _digest(row: RosterShift) -> str:
    parts = [row.pattern, row.starts_at.isoformat(), row.ends_at.isoformat()]
    parts += [f"{each.kind} {each.starts_at.isoformat()} {each.ends_at.isoformat()}" for each in row.activities]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
