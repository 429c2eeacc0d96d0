"""Calls in hand of one customer: what must reach them when that customer's record changes."""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_desktop.call_orders import ask
from agent_desktop.services import services
from core.events import Event, EventKind
from crm.customers import Consent, ConsentPurpose
from crm.lookup import ids_of
from routing.agent_state import AgentState
from routing.live import LiveAgent
from routing.place import Place


def end_recordings(customer_id: int) -> None:
    """The customer allows no recording any more: nor of a talk that goes on."""
    for agent, place in _in_hand({customer_id}):
        if agent.state is AgentState.TALKING and agent.holds_caller and place.may_record:
            ask(agent, "refuse_recording", {"how": "consent"})


def tell_merged(kept_id: int, away_id: int, parted: bool) -> None:
    """Two records became one, or are two again: who has a call of theirs in hand sees it. Always after the commit."""
    here = services()
    data = {"why": "parted" if parted else "merged"}
    for agent, _place in _in_hand({kept_id, away_id}):
        here.bus.publish(Event(EventKind.CUSTOMERS_MERGED, here.clock.now(), agent.interaction_id, agent.agent_id, data))
    with here.database.reading() as session:
        refuse = [each for each in {kept_id, away_id} if _refuses_recording(session, each)]
    for customer_id in refuse:
        end_recordings(customer_id)


def _in_hand(customer_ids: Collection[int]) -> Iterator[tuple[LiveAgent, Place]]:
    """Agents who have a call of one of them, by whichever of their records, in hand."""
    with services().database.reading() as session:
        theirs = set[int]().union(*(ids_of(session, each) for each in customer_ids))
    floor = services().store.snapshot()
    for agent in floor.agents.values():
        place = agent.handed_over or floor.taken.get(agent.interaction_id)
        if place is not None and place.customer_id in theirs:
            yield agent, place


def _refuses_recording(session: Session, customer_id: int) -> bool:
    said = select(Consent.granted).where(Consent.customer_id == customer_id, Consent.purpose == ConsentPurpose.RECORDING)
    return session.scalar(said) is False
