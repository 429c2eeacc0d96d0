"""Tickets: what was promised, and a new one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crm.tickets import TicketSubject


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket to be read out. `category` is what it is about ("delivery"), `status` a value of crm.tickets.TicketStatus."""

    number: str
    category: str
    status: str
    opened_at: datetime
    due_at: datetime | None
    solved_at: datetime | None = None


class TicketsDesk(Protocol):
    def tickets(self, customer_id: int, most: int = 3) -> tuple[TicketFacts, ...]:
        """Tickets of this customer that are not solved, the newest first; the last solved one when all are; () for none."""
        ...

    def open_ticket(
        self, customer_id: int, subject: TicketSubject, language: str, now: datetime, interaction_id: str
    ) -> TicketFacts:
        """Open a ticket; the same subject in the same interaction is the same ticket."""
        ...
