"""Tickets: promises to a customer that somebody still has to keep."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core.database import Base, UtcDateTime, insert_missing
from core.ids import derived_id, new_id
from crm.customers import Customer, Language
from crm.ticket_category import TicketSubject
from crm.ticket_history import TicketChange, TicketInteraction
from crm.ticket_states import TicketStatus
from crm.ticket_targets import TicketTargets, shipped_targets

__all__ = ["Ticket", "TicketStatus", "TicketSubject", "TicketWish", "newest_ticket", "open_ticket", "open_tickets", "open_wished"]
LONGEST_SUBJECT = 200


class Ticket(Base):
    """A matter that outlives one interaction. `priority` is 1 (urgent) to 4 (low).

    `interaction_id` is where it was opened, None for those of other systems. `owner` is the agent who has it, `team` the queue
    that it waits in, both "" for nobody. Its due clock runs from `due_from` on and stood for `paused_s` seconds of counted time;
    it stands now while there is `waiting_since`. `version` rises with every change, so that nobody overwrites another's.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("interaction_id", "category"),
        Index("ix_tickets_owner_status_due_at", "owner", "status", "due_at"),
        Index("ix_tickets_status_due_at", "status", "due_at"),
        Index("ix_tickets_opened_at", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    category: Mapped[str] = mapped_column(String(40))
    priority: Mapped[int] = mapped_column(default=3)
    status: Mapped[str] = mapped_column(String(12), default=TicketStatus.OPEN)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    solved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    interaction_id: Mapped[str | None] = mapped_column(String(36))
    owner: Mapped[str] = mapped_column(String(36), default="")
    team: Mapped[str] = mapped_column(String(40), default="")
    due_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_s: Mapped[int] = mapped_column(default=0)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    customer: Mapped[Customer] = relationship()


_SUBJECTS = {
    TicketSubject.DELIVERY: ("Masalah pengiriman", "Trouble with a delivery"),
    TicketSubject.PRODUCT: ("Masalah produk", "Trouble with a product"),
    TicketSubject.BILLING: ("Pertanyaan tagihan atau pembayaran", "Question about a bill or payment"),
    TicketSubject.VISIT: ("Permintaan kunjungan teknisi", "Wants a technician to come"),
    TicketSubject.SALES: ("Pesanan baru", "New order"),
    TicketSubject.OTHER: ("Pertanyaan lain", "Another question"),
}
_BY_ITSELF = "Halo"


def usual_subject(category: TicketSubject, language: str) -> str:
    """What a ticket of this category is called when nobody names it."""
    indonesian, english = _SUBJECTS[category]
    return english if language == Language.ENGLISH else indonesian


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Whether it is not solved though it was promised. While we wait for the customer it gets no later."""
    if ticket.due_at is None or ticket.status == TicketStatus.SOLVED:
        return False
    stands_at = ticket.waiting_since if ticket.status == TicketStatus.PENDING else None
    return ticket.due_at < (stands_at or now)


def open_tickets(session: Session, customer_id: int, limit: int = 5) -> list[Ticket]:
    """Tickets of this customer that are not solved, the newest first."""
    unsolved = select(Ticket).where(Ticket.customer_id == customer_id, Ticket.status != TicketStatus.SOLVED)
    return list(session.scalars(unsolved.order_by(Ticket.opened_at.desc(), Ticket.id.desc()).limit(limit)))


def newest_ticket(session: Session, customer_id: int) -> Ticket | None:
    """The ticket that was opened last, solved or not."""
    newest = select(Ticket).where(Ticket.customer_id == customer_id).order_by(Ticket.opened_at.desc(), Ticket.id.desc())
    return session.scalar(newest.limit(1))


def open_ticket(
    session: Session, customer_id: int, subject: TicketSubject, language: str, interaction_id: str, now: datetime,
    targets: TicketTargets | None = None, words: str = "",
) -> Ticket:  # fmt: skip
    """Open a ticket; the same subject in the same interaction is the same ticket. Does not commit.

    `words` says what it is about, in place of the subject's own words.
    """
    wish = TicketWish(customer_id, subject, words[:LONGEST_SUBJECT] or usual_subject(subject, language), interaction_id)
    return open_wished(session, wish, targets or shipped_targets(), _BY_ITSELF, now)[0]


@dataclass(frozen=True, slots=True)
class TicketWish:
    """A ticket to be opened. `priority` 0: that of its category; `owner` and `team` "" for nobody."""

    customer_id: int
    category: TicketSubject
    subject: str
    interaction_id: str | None
    priority: int = 0
    owner: str = ""
    team: str = ""


def open_wished(session: Session, wish: TicketWish, targets: TicketTargets, by: str, now: datetime) -> tuple[Ticket, bool]:
    """The ticket, and whether it is new: one of this category in the same interaction is the same. Does not commit."""
    category = wish.category.value
    priority = wish.priority or targets.priority(category)
    # Its number follows from its id, which the database gives; until then it has one that nobody else can have.
    passing = derived_id("ticket", wish.interaction_id, category)[:16] if wish.interaction_id else new_id()[:16]
    row = {
        "number": passing, "customer_id": wish.customer_id, "category": category, "priority": priority,
        "subject": wish.subject, "status": TicketStatus.OPEN.value, "opened_at": now, "interaction_id": wish.interaction_id,
        "due_at": targets.due(category, priority, now), "due_from": now, "paused_s": 0, "version": 1,
        "owner": wish.owner, "team": wish.team,
    }  # fmt: skip
    insert_missing(session, Ticket, row)
    same = (Ticket.interaction_id == wish.interaction_id, Ticket.category == category)
    ticket = session.scalars(select(Ticket).where(*(same if wish.interaction_id else (Ticket.number == passing,)))).one()
    if ticket.number != passing:
        return ticket, False
    ticket.number = f"T{ticket.id:06d}"
    session.add(TicketChange(ticket_id=ticket.id, at=now, by=by, what="opened", after=ticket.number))
    if wish.interaction_id:
        session.add(TicketInteraction(ticket_id=ticket.id, interaction_id=wish.interaction_id, at=now, by=by))
    session.flush()
    return ticket, True
