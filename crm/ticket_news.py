"""What is told of tickets; always after the commit."""

from datetime import datetime

from core.events import Event, EventKind
from crm.ticket_states import TicketAct
from crm.tickets import Ticket


def ticket_opened(ticket: Ticket, interaction_id: str, agent_id: str, now: datetime) -> Event:
    """A ticket was opened in this interaction, "" outside of one; by this agent, "" for none."""
    data = {"number": ticket.number, "category": ticket.category, "priority": ticket.priority, "team": ticket.team}
    return Event(EventKind.TICKET_OPENED, now, interaction_id, agent_id, data)


def ticket_changed(ticket: Ticket, act: TicketAct, agent_id: str, now: datetime) -> Event:
    """A ticket was changed, by this agent or "" for somebody who is none."""
    data = {
        "number": ticket.number, "act": act.value, "status": ticket.status, "category": ticket.category,
        "priority": ticket.priority, "owner": ticket.owner, "team": ticket.team,
    }  # fmt: skip
    return Event(EventKind.TICKET_CHANGED, now, ticket.interaction_id or "", agent_id, data)
