"""Where a caller is whom an agent has handed over, in words, for as long as their wrap-up lasts."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_desktop.flow_names import queue_name
from agent_desktop.services import services
from agent_desktop.texts import _
from crm.contact_history import OUTSIDE, Interaction, Segment, SegmentKind
from routing.agent_state import AgentState
from routing.agents import name_of_agent
from routing.live import LiveAgent
from routing.place import Place


def where_handed(session: Session, agent: LiveAgent) -> str:
    """One sentence; "" while nobody can say."""
    in_line, taken = services().store.where(agent.interaction_id)
    if in_line is not None:
        return _waits(session, in_line)
    if taken is not None:
        return _with_agent(session, agent)
    return _on_record(session, agent.interaction_id)


def _waits(session: Session, place: Place) -> str:
    alone_until = place.queued_at + timedelta(seconds=place.asked_for_s)
    if place.asked_agent and services().clock.now() < alone_until:
        return _("They wait for %(name)s.", name=name_of_agent(session, place.asked_agent))
    return _("They wait in %(queue)s.", queue=queue_name(place.queue))


def _with_agent(session: Session, giver: LiveAgent) -> str:
    others = (each for each in services().store.snapshot().agents.values() if each.agent_id != giver.agent_id)
    holder = next((each for each in others if each.interaction_id == giver.interaction_id and each.holds_caller), None)
    if holder is None:
        return ""
    name = name_of_agent(session, holder.agent_id)
    match holder.state:
        case AgentState.TALKING:
            return _("%(name)s talks with them.", name=name)
        case AgentState.WRAP_UP:
            return _("%(name)s has talked with them.", name=name)
    return _("The phone of %(name)s rings for them.", name=name)


def _on_record(session: Session, interaction_id: str) -> str:
    """Outside, or over: then they have no place any more."""
    interaction = session.get(Interaction, interaction_id)
    if interaction is None:
        return ""
    if interaction.ended_at is not None:
        return _("Their call is over.")
    outside = select(Segment.kind).where(
        Segment.interaction_id == interaction_id, Segment.detail == OUTSIDE, Segment.ended_at.is_(None)
    )  # fmt: skip
    match session.scalar(outside):
        case SegmentKind.RING:
            return _("The number outside rings for them.")
        case SegmentKind.TALK:
            return _("They talk with the number outside.")
    return ""
