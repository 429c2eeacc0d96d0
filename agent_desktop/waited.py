"""How long the caller in hand has waited."""

from sqlalchemy.orm import Session

from crm.contact_history import Interaction
from routing.agent_state import AgentState
from routing.live import LiveAgent
from routing.place import Place


def waited_s(session: Session, agent: LiveAgent, place: Place) -> float | None:
    """How long they waited until the answer; None while they still wait."""
    if agent.state in (AgentState.RESERVED, AgentState.RINGING):
        return None
    record = session.get(Interaction, place.interaction_id)
    if record is not None and record.answered_at is not None:
        return place.waited_s(record.answered_at)
    return place.waited_s(agent.since) if agent.state is AgentState.TALKING and agent.since else None
