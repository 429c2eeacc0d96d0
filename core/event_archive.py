"""The event log on disk: every event once, kept when the stream has long forgotten it."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Select, String, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.events import Event, EventKind


class ArchivedEvent(Base):
    """One event. `position` is its place in the stream; `id` counts in the order of archiving."""

    __tablename__ = "event_archive"
    __table_args__ = (Index("ix_event_archive_at_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    position: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    interaction_id: Mapped[str] = mapped_column(String(36), default="", index=True)
    agent_id: Mapped[str] = mapped_column(String(36), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Checkpoint(Base):
    """How far a reader of the stream has come; written in the same transaction as what it made of the events."""

    __tablename__ = "checkpoints"

    reader: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[str] = mapped_column(String(40))


def archived_keys(session: Session, events: list[Event]) -> set[str]:
    """The keys of those among the events that are on disk already."""
    keys = [event.key for event in events]
    return set(session.scalars(select(ArchivedEvent.key).where(ArchivedEvent.key.in_(keys))))


def archive(session: Session, events: list[Event]) -> None:
    """Add events that are not there yet, each of them once (see `archived_keys`); does not commit."""
    rows = [
        {
            "key": event.key, "position": event.position, "kind": event.kind.value, "at": event.at,
            "interaction_id": event.interaction_id, "agent_id": event.agent_id, "data": event.data,
        }
        for event in events
    ]  # fmt: skip
    if rows:
        session.execute(insert(ArchivedEvent), rows)


def events_since(session: Session, moment: datetime) -> Iterator[Event]:
    """Archived events at or after `moment` (aware UTC), in the order they were archived."""
    yield from _events(session, select(ArchivedEvent).where(ArchivedEvent.at >= moment))


def events_between(
    session: Session, start: datetime, end: datetime, kinds: Collection[EventKind], agent_id: str = ""
) -> Iterator[Event]:
    """Archived events of these kinds in [start, end), aware UTC, in the order they were archived; of one agent, or of all."""
    found = select(ArchivedEvent).where(ArchivedEvent.at >= start, ArchivedEvent.at < end, ArchivedEvent.kind.in_(kinds))
    yield from _events(session, found.where(ArchivedEvent.agent_id == agent_id) if agent_id else found)


def events_of_agents(
    session: Session, start: datetime, end: datetime, kinds: Collection[EventKind], agent_ids: Collection[str]
) -> Iterator[Event]:
    """As `events_between`, of these agents."""
    found = select(ArchivedEvent).where(ArchivedEvent.at >= start, ArchivedEvent.at < end, ArchivedEvent.kind.in_(kinds))
    yield from _events(session, found.where(ArchivedEvent.agent_id.in_(agent_ids)))


def events_of_those_with(
    session: Session, start: datetime, end: datetime, kinds: Collection[EventKind], has: EventKind, field: str, value: str
) -> Iterator[Event]:
    """As `events_between`, of the interactions alone that have an event `has` in that time whose data say `value` in `field`."""
    there = select(ArchivedEvent.interaction_id).where(
        ArchivedEvent.at >= start, ArchivedEvent.at < end, ArchivedEvent.kind == has,
        ArchivedEvent.data[field].as_string() == value,
    )  # fmt: skip
    found = select(ArchivedEvent).where(ArchivedEvent.at >= start, ArchivedEvent.at < end, ArchivedEvent.kind.in_(kinds))
    yield from _events(session, found.where(ArchivedEvent.interaction_id.in_(there)))


def events_of(session: Session, interaction_ids: Collection[str], kinds: Collection[EventKind] = ()) -> Iterator[Event]:
    """Archived events of these interactions, in the order they were archived; of these kinds, or of all."""
    found = select(ArchivedEvent).where(ArchivedEvent.interaction_id.in_(interaction_ids))
    yield from _events(session, found.where(ArchivedEvent.kind.in_(kinds)) if kinds else found)


def last_of_each_agent(session: Session, kind: EventKind, since: datetime, before: datetime, agent_id: str = "") -> Iterator[Event]:
    """Of each agent, or of this one alone, the last event of this kind in [since, before), aware UTC."""
    moments = [ArchivedEvent.kind == kind, ArchivedEvent.at >= since, ArchivedEvent.at < before]
    if agent_id:
        moments.append(ArchivedEvent.agent_id == agent_id)
    last = select(func.max(ArchivedEvent.id)).where(*moments).group_by(ArchivedEvent.agent_id)
    yield from _events(session, select(ArchivedEvent).where(ArchivedEvent.id.in_(last)))


def _events(session: Session, wanted: Select[ArchivedEvent]) -> Iterator[Event]:
    for row in session.scalars(wanted.order_by(ArchivedEvent.id)).yield_per(1000):
        yield Event(
            kind=EventKind(row.kind), at=row.at, interaction_id=row.interaction_id, agent_id=row.agent_id,
            data=row.data, key=row.key, position=row.position,
        )  # fmt: skip
