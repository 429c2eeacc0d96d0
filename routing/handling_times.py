"""How long callers of each queue are handled lately, and how long they are patient: what an expected wait is worked out from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.events import Event, EventKind
from crm.contact_history import OUTSIDE, Direction, Interaction, Outcome, Segment, SegmentKind
from routing.agent_state import Action, AgentState
from routing.durations import Durations, Forbearance

_MOST_ROWS = 20_000
_TALKS = (SegmentKind.TALK, SegmentKind.HOLD, SegmentKind.CONSULT)


@dataclass(frozen=True, slots=True)
class QueueTimes:
    """Of one queue: `answering` is from the moment an agent was claimed until they answered."""

    answering: Durations = field(default_factory=lambda: Durations(4, 0.5))
    talk: Durations = field(default_factory=lambda: Durations(180))
    wrap_up: Durations = field(default_factory=lambda: Durations(30))
    forbearance: Forbearance = field(default_factory=Forbearance)


@dataclass(slots=True)
class _InHand:
    queue: str
    state: AgentState
    since: datetime


class HandlingTimes:
    """By queue, learned from events as they happen."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, QueueTimes] = defaultdict(QueueTimes)
        self._in_hand: dict[str, _InHand] = {}

    def of(self, queue: str) -> QueueTimes:
        """Those of a queue."""
        return self._queues[queue]

    def take(self, event: Event) -> None:
        """Learn from one event of the log."""
        match event.kind:
            case EventKind.AGENT_STATE_CHANGED:
                self._agent_changed(event)
            case EventKind.INTERACTION_ANSWERED | EventKind.INTERACTION_ABANDONED if not event.data.get("callback"):
                gave_up = event.kind is EventKind.INTERACTION_ABANDONED
                self._queues[str(event.data["queue"])].forbearance.learn(float(event.data.get("wait_s") or 0), gave_up)

    def recall(self, session: Session, since: datetime) -> None:
        """Learn from what is on record since this moment (aware)."""
        for queue, talk_s, wrap_up_s in _handled(session, since):
            self._queues[queue].talk.learn(talk_s)
            if wrap_up_s is not None:
                self._queues[queue].wrap_up.learn(wrap_up_s)
        for queue, waited_s, gave_up in _waits(session, since):
            self._queues[queue].forbearance.learn(waited_s, gave_up)

    def _agent_changed(self, event: Event) -> None:
        state, data = AgentState(event.data["state"]), event.data
        if data["action"] == Action.RESERVE:
            self._in_hand[event.agent_id] = _InHand(str(data.get("queue", "")), state, event.at)
            return
        hand = self._in_hand.get(event.agent_id)
        if hand is None:
            return
        lasted_s, times = (event.at - hand.since).total_seconds(), self._queues[hand.queue]
        if state is AgentState.TALKING and hand.state is AgentState.RESERVED:
            times.answering.learn(lasted_s)
        elif state is AgentState.WRAP_UP and hand.state is AgentState.TALKING:
            times.talk.learn(lasted_s)
        elif hand.state is AgentState.WRAP_UP:
            times.wrap_up.learn(lasted_s)
        if state in (AgentState.TALKING, AgentState.WRAP_UP):
            hand.state, hand.since = state, event.at
        elif state is not AgentState.RINGING:
            del self._in_hand[event.agent_id]


def _handled(session: Session, since: datetime) -> Iterable[tuple[str, float, float | None]]:
    """Queue, talk and wrap-up in seconds of each interaction, the earliest first."""
    kinds = (*_TALKS, SegmentKind.WRAP_UP)
    query = select(Segment).join(Interaction).where(
        Interaction.direction == Direction.IN, Segment.started_at >= since, Segment.ended_at.is_not(None),
        Segment.kind.in_(kinds), Segment.detail != OUTSIDE,
    )  # fmt: skip
    talks: dict[str, float] = {}
    wrap_ups: dict[str, float] = {}
    queues: dict[str, str] = {}
    for segment in reversed(list(session.scalars(query.order_by(Segment.id.desc()).limit(_MOST_ROWS)))):
        assert segment.ended_at is not None
        lasted_s = (segment.ended_at - segment.started_at).total_seconds()
        found = talks if segment.kind in _TALKS else wrap_ups
        found[segment.interaction_id] = found.get(segment.interaction_id, 0.0) + lasted_s
        queues[segment.interaction_id] = segment.queue
    return [(queues[key], talk_s, wrap_ups.get(key)) for key, talk_s in talks.items()]


def _waits(session: Session, since: datetime) -> Iterable[tuple[str, float, bool]]:
    """Queue, wait in seconds, and whether they gave up, of each interaction, the earliest first."""
    decided = Interaction.outcome.in_((Outcome.ANSWERED, Outcome.ABANDONED))
    newest = select(Interaction).where(Interaction.offered_at >= since, decided).order_by(Interaction.offered_at.desc())
    for one in reversed(list(session.scalars(newest.limit(_MOST_ROWS)))):
        until = one.answered_at or one.ended_at
        if until is not None and one.offered_at is not None:
            yield one.queue, (until - one.offered_at).total_seconds(), one.outcome == Outcome.ABANDONED
