"""The ticket in which a customer took an offer: Halo makes no orders, so a colleague of sales does."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.ticket_category import TicketSubject
from crm.ticket_changes import TicketPen
from crm.ticket_states import TicketStatus
from crm.ticket_targets import shipped_targets
from crm.tickets import LONGEST_SUBJECT, Ticket, TicketWish, open_wished

_BY_ITSELF = "Halo"


def open_sales_ticket(session: Session, customer_id: int, words: str, interaction_id: str, now: datetime) -> Ticket:
    """Have sales make an order that the customer agreed to; `words` say of what. Once an interaction; does not commit."""
    wish = TicketWish(customer_id, TicketSubject.SALES, words[:LONGEST_SUBJECT], interaction_id)
    ticket, _is_new = open_wished(session, wish, shipped_targets(), _BY_ITSELF, now)
    if ticket.status == TicketStatus.SOLVED:  # taken back in this same call, and taken again
        ticket = _pen(session, now).reopen(ticket.number, ticket.version)
    return ticket


def close_sales_ticket(session: Session, interaction_id: str, now: datetime) -> None:
    """The customer does not want it after all: the ticket of this interaction, if any, is solved. Does not commit."""
    theirs = select(Ticket).where(Ticket.interaction_id == interaction_id, Ticket.category == TicketSubject.SALES.value)
    ticket = session.scalar(theirs)
    if ticket is not None and ticket.status != TicketStatus.SOLVED:
        _pen(session, now).solve(ticket.number, ticket.version)


def _pen(session: Session, now: datetime) -> TicketPen:
    return TicketPen(session, shipped_targets(), _BY_ITSELF, now)
