"""An agent's own day: what they handled so far, and which wrap-ups are still unfinished."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.contact_history import Disposition, Interaction, Segment, SegmentKind
from crm.customers import Customer

MOST_UNFINISHED = 5
_HANDLING = (SegmentKind.TALK, SegmentKind.HOLD, SegmentKind.CONSULT, SegmentKind.WRAP_UP)


@dataclass(frozen=True, slots=True)
class OwnDay:
    """Counted from the segments of today. Means are in seconds, None before the first call."""

    handled: int
    talk_s: float | None
    wrap_up_s: float | None
    aht_s: float | None


@dataclass(frozen=True, slots=True)
class UnfinishedWrapUp:
    """A call of today without a disposition from this agent."""

    interaction_id: str
    queue: str
    talked_at: datetime
    customer_name: str
    ani: str


def day_start(now: datetime, time_zone: str) -> datetime:
    """Midnight of today in the contact center's zone."""
    zone = ZoneInfo(time_zone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def own_day(session: Session, agent_id: str, since: datetime, now: datetime) -> OwnDay:
    """The agent's numbers since `since`; a segment still running counts up to `now`."""
    rows = session.execute(
        select(Segment.interaction_id, Segment.kind, Segment.started_at, Segment.ended_at).where(
            Segment.agent_id == agent_id, Segment.started_at >= since, Segment.kind.in_(_HANDLING)
        )
    ).all()
    spent = dict.fromkeys(_HANDLING, 0.0)
    for _interaction, kind, started_at, ended_at in rows:
        spent[SegmentKind(kind)] += ((ended_at or now) - started_at).total_seconds()
    handled = len({interaction for interaction, kind, _start, _end in rows if kind == SegmentKind.TALK})
    if not handled:
        return OwnDay(0, None, None, None)
    talk_s = sum(spent[kind] for kind in _HANDLING if kind is not SegmentKind.WRAP_UP) / handled
    return OwnDay(handled, talk_s, spent[SegmentKind.WRAP_UP] / handled, sum(spent.values()) / handled)


def unfinished_wrap_ups(session: Session, agent_id: str, since: datetime, besides: str) -> list[UnfinishedWrapUp]:
    """Calls this agent talked on since `since` and gave no disposition for, newest first; `besides` is the call in hand."""
    given = select(Disposition.id).where(Disposition.interaction_id == Segment.interaction_id, Disposition.agent_id == agent_id)
    rows = session.execute(
        select(Segment.interaction_id, Interaction.queue, Segment.started_at, Customer.honorific, Customer.name, Interaction.ani)
        .join(Interaction, Interaction.id == Segment.interaction_id)
        .outerjoin(Customer, Customer.id == Interaction.customer_id)
        .where(
            Segment.agent_id == agent_id, Segment.kind == SegmentKind.TALK, Segment.started_at >= since,
            Segment.ended_at.is_not(None), Segment.interaction_id != besides, ~given.exists(),
        )
        .order_by(Segment.started_at.desc())
    )  # fmt: skip
    found: dict[str, UnfinishedWrapUp] = {}
    for interaction_id, queue, talked_at, honorific, name, ani in rows:
        who = f"{honorific or ''} {name or ''}".strip()
        found.setdefault(interaction_id, UnfinishedWrapUp(interaction_id, queue, talked_at, who, ani))
    return list(found.values())[:MOST_UNFINISHED]
