"""How long the caller in hand has waited."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.contact_history import Interaction, Segment, SegmentKind
from routing.agent_state import AgentState
from routing.live import LiveAgent
from routing.place import Place


def waited_s(session: Session, agent: LiveAgent, place: Place) -> float | None:
    """How long they waited until the answer; None while they still wait. Who was handed over has waited anew, and the answer that
    counts is this agent's."""
    if agent.state in (AgentState.RESERVED, AgentState.RINGING) and not agent.consulted_by:
        return None
    if answered_at := _answered_at(session, agent, place):
        return place.waited_s(answered_at)
    return place.waited_s(agent.since) if agent.state is AgentState.TALKING and agent.since else None


def _answered_at(session: Session, agent: LiveAgent, place: Place) -> datetime | None:
    """When the wait in this place ended, as far as it is on record."""
    record = session.get(Interaction, place.interaction_id)
    if record is None or record.answered_at is None:
        return None
    if record.answered_at >= place.queued_at:
        return record.answered_at
    rung = select(Segment.ended_at).where(
        Segment.interaction_id == place.interaction_id, Segment.agent_id == agent.agent_id, Segment.kind == SegmentKind.RING,
        Segment.started_at >= place.queued_at, Segment.ended_at.is_not(None),
    )  # fmt: skip
    return session.scalar(rung.order_by(Segment.started_at.desc()).limit(1))
