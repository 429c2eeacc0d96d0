"""Tickets: promises to a customer that somebody still has to keep."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core.database import Base, UtcDateTime, insert_missing
from core.ids import derived_id
from crm.customers import Customer, Language


class TicketStatus(StrEnum):
    OPEN = "open"
    PENDING = "pending"
    SOLVED = "solved"


SALES = "sales"
"""The category of tickets in which a customer took an offer: a colleague of sales makes the order."""
_LONGEST_SUBJECT = 200
_SALES_PRIORITY, _SALES_DUE_DAYS = 2, 1


class Ticket(Base):
    """A matter that outlives one interaction. `priority` is 1 (urgent) to 4 (low).

    `interaction_id` is where it was opened, None for those of other systems.
    """

    __tablename__ = "tickets"
    __table_args__ = (UniqueConstraint("interaction_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(_LONGEST_SUBJECT))
    category: Mapped[str] = mapped_column(String(40))
    priority: Mapped[int] = mapped_column(default=3)
    status: Mapped[str] = mapped_column(String(12), default=TicketStatus.OPEN)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    solved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    interaction_id: Mapped[str | None] = mapped_column(String(36))

    customer: Mapped[Customer] = relationship()


class TicketSubject(StrEnum):
    """What a ticket from the IVR can be about."""

    DELIVERY = "delivery"
    PRODUCT = "product"
    BILLING = "billing"
    VISIT = "visit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Kind:
    """The subject in both languages, how urgent it is, and in how many days it is promised."""

    indonesian: str
    english: str
    priority: int
    due_days: int


_KINDS = {
    TicketSubject.DELIVERY: _Kind("Masalah pengiriman", "Trouble with a delivery", 2, 2),
    TicketSubject.PRODUCT: _Kind("Masalah produk", "Trouble with a product", 3, 3),
    TicketSubject.BILLING: _Kind("Pertanyaan tagihan atau pembayaran", "Question about a bill or payment", 3, 3),
    TicketSubject.VISIT: _Kind("Permintaan kunjungan teknisi", "Wants a technician to come", 3, 3),
    TicketSubject.OTHER: _Kind("Pertanyaan lain", "Another question", 4, 4),
}


def open_tickets(session: Session, customer_id: int, limit: int = 5) -> list[Ticket]:
    """Tickets of this customer that are not solved, the newest first."""
    unsolved = select(Ticket).where(Ticket.customer_id == customer_id, Ticket.status != TicketStatus.SOLVED)
    return list(session.scalars(unsolved.order_by(Ticket.opened_at.desc(), Ticket.id.desc()).limit(limit)))


def newest_ticket(session: Session, customer_id: int) -> Ticket | None:
    """The ticket that was opened last, solved or not."""
    newest = select(Ticket).where(Ticket.customer_id == customer_id).order_by(Ticket.opened_at.desc(), Ticket.id.desc())
    return session.scalar(newest.limit(1))


def open_ticket(
    session: Session, customer_id: int, subject: TicketSubject, language: str, interaction_id: str, now: datetime, words: str = ""
) -> Ticket:
    """Open a ticket; the same subject in the same interaction is the same ticket. Does not commit.

    `words` says what it is about, in place of the subject's own words.
    """
    kind = _KINDS[subject]
    words = words[:_LONGEST_SUBJECT] or (kind.english if language == Language.ENGLISH else kind.indonesian)
    return _open(session, customer_id, subject.value, words, kind.priority, kind.due_days, interaction_id, now)


def open_sales_ticket(session: Session, customer_id: int, words: str, interaction_id: str, now: datetime) -> Ticket:
    """Have sales make an order that the customer agreed to; `words` say of what. Once an interaction; does not commit."""
    words = words[:_LONGEST_SUBJECT]
    ticket = _open(session, customer_id, SALES, words, _SALES_PRIORITY, _SALES_DUE_DAYS, interaction_id, now)
    if ticket.status == TicketStatus.SOLVED:  # taken back in this same call, and taken again
        ticket.status, ticket.solved_at, ticket.subject = TicketStatus.OPEN, None, words
    return ticket


def close_sales_ticket(session: Session, interaction_id: str, now: datetime) -> None:
    """The customer does not want it after all: the ticket of this interaction, if any, is solved. Does not commit."""
    theirs = select(Ticket).where(Ticket.interaction_id == interaction_id, Ticket.category == SALES)
    ticket = session.scalar(theirs)
    if ticket is not None and ticket.status != TicketStatus.SOLVED:
        ticket.status, ticket.solved_at = TicketStatus.SOLVED, now


def _open(
    session: Session, customer_id: int, category: str, words: str, priority: int, due_days: int, interaction_id: str, now: datetime
) -> Ticket:  # fmt: skip
    # Its number follows from its id, which the database gives; until then it has one that nobody else can have.
    passing = derived_id("ticket", interaction_id, category)[:16]
    row = {
        "number": passing, "customer_id": customer_id, "category": category, "priority": priority, "subject": words,
        "status": TicketStatus.OPEN.value, "opened_at": now, "due_at": now + timedelta(days=due_days),
        "interaction_id": interaction_id,
    }  # fmt: skip
    insert_missing(session, Ticket, row)
    same = select(Ticket).where(Ticket.interaction_id == interaction_id, Ticket.category == category)
    ticket = session.scalars(same).one()
    if ticket.number == passing:
        ticket.number = f"T{ticket.id:06d}"
        session.flush()
    return ticket
