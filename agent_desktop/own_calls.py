"""An agent's own calls of a day, each with its times, and their handling beside that of the queue."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.event_archive import events_of
from core.events import EventKind
from crm.contact_history import OUTSIDE, Direction, Disposition, Interaction, Segment, SegmentKind
from crm.customers import Customer
from routing.policy import Policy
from workforce.intervals import interval_rows

_HELD = (SegmentKind.HOLD, SegmentKind.CONSULT)
_WAITING = (SegmentKind.QUEUE, SegmentKind.RING)


@dataclass(frozen=True, slots=True)
class OwnCall:
    """One interaction as this agent had it. `wait_s` is how long the caller waited for them, None for whom they called: back
    (`called_back`), or by hand (`dialled`); times in seconds, those still running up to now. `code`: the disposition that they
    gave, "" for none yet."""

    interaction_id: str
    at: datetime
    customer_id: int | None
    who: str
    ani: str
    queue: str
    called_back: bool
    dialled: bool
    wait_s: float | None
    talk_s: float
    hold_s: float
    wrap_up_s: float
    code: str

    @property
    def handling_s(self) -> float:
        """Talk, hold and wrap-up."""
        return self.talk_s + self.hold_s + self.wrap_up_s


@dataclass(frozen=True, slots=True)
class QueueHandling:
    """Handling time in one queue: the agent's own mean beside that of everybody, None where nobody has handled any."""

    queue: str
    handled: int
    own_s: float
    all_s: float | None

    @property
    def difference(self) -> float | None:
        """Own over everybody's, less one: 0.1 is a tenth longer."""
        return self.own_s / self.all_s - 1 if self.all_s else None


def own_calls(session: Session, agent_id: str, start: datetime, end: datetime, now: datetime) -> list[OwnCall]:
    """The interactions in which the agent began to talk in [start, end), the newest first."""
    talked = select(Segment.interaction_id).where(
        Segment.agent_id == agent_id, Segment.kind == SegmentKind.TALK, Segment.started_at >= start, Segment.started_at < end,
        Segment.detail != OUTSIDE,
    )  # fmt: skip
    ids = list(dict.fromkeys(session.scalars(talked)))
    segments = defaultdict[str, list[Segment]](list)
    for segment in session.scalars(select(Segment).where(Segment.interaction_id.in_(ids)).order_by(Segment.started_at, Segment.id)):
        segments[segment.interaction_id].append(segment)
    codes = dict(
        session.execute(
            select(Disposition.interaction_id, Disposition.code).where(
                Disposition.interaction_id.in_(ids), Disposition.agent_id == agent_id
            )
        ).all()
    )
    called_back = {event.interaction_id for event in events_of(session, ids, [EventKind.CALLBACK_PICKED_UP])}
    rows = session.execute(
        select(
            Interaction.id,
            Interaction.queue,
            Interaction.ani,
            Interaction.customer_id,
            Interaction.direction,
            Customer.honorific,
            Customer.name,
        )
        .outerjoin(Customer, Customer.id == Interaction.customer_id)
        .where(Interaction.id.in_(ids))
    )
    found = []
    for key, queue, ani, customer_id, direction, honorific, name in rows:
        own = [each for each in segments[key] if each.agent_id == agent_id and each.detail != OUTSIDE]
        first = next(each for each in own if each.kind == SegmentKind.TALK)
        dialled = direction == Direction.OUT and first is next(each for each in segments[key] if each.kind == SegmentKind.TALK)
        waited_s = None if dialled or key in called_back else _waited_s(segments[key], first)
        found.append(
            OwnCall(
                key, first.started_at, customer_id, f"{honorific or ''} {name or ''}".strip(), ani, first.queue or queue,
                key in called_back, dialled, waited_s,
                _spent_s(own, (SegmentKind.TALK,), now), _spent_s(own, _HELD, now), _spent_s(own, (SegmentKind.WRAP_UP,), now),
                codes.get(key, ""),
            )
        )  # fmt: skip
    return sorted(found, key=lambda call: call.at, reverse=True)


def handling_by_queue(
    session: Session, policy: Policy, calls: Sequence[OwnCall], start: datetime, end: datetime
) -> list[QueueHandling]:
    """For each queue of these calls, in the policy's order, the agent's mean handling time beside the mean of all of the day."""
    own = defaultdict[str, list[float]](list)
    for call in calls:
        own[call.queue].append(call.handling_s)
    handled, handle_s = defaultdict[str, int](int), defaultdict[str, float](float)
    for row in interval_rows(session, policy, start, end):
        handled[row.queue] += row.handled
        handle_s[row.queue] += row.handle_s
    return [
        QueueHandling(
            queue.name,
            len(times),
            sum(times) / len(times),
            handle_s[queue.name] / handled[queue.name] if handled[queue.name] else None,
        )
        for queue in policy.queues
        if (times := own.get(queue.name))
    ]


def _waited_s(segments: Iterable[Segment], first: Segment) -> float:
    """How long the caller waited for this talk: in line and ringing, since anybody else had them."""
    waited_s = 0.0
    for segment in segments:
        if segment.started_at >= first.started_at:
            break
        if segment.kind in _WAITING and segment.ended_at is not None:
            waited_s += (segment.ended_at - segment.started_at).total_seconds()
        elif segment.kind == SegmentKind.TALK:
            waited_s = 0.0
    return waited_s


def _spent_s(segments: Iterable[Segment], kinds: tuple[SegmentKind, ...], now: datetime) -> float:
    return sum(((each.ended_at or now) - each.started_at).total_seconds() for each in segments if each.kind in kinds)
