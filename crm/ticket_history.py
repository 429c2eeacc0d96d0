"""What a ticket has beside itself: its notes, each change that was made, and the interactions that it was about."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from crm.contact_history import Interaction

LONGEST_NOTE = 4000
LONGEST_BY = 80
SHOWN_NOTES, SHOWN_CHANGES, SHOWN_INTERACTIONS = 200, 200, 50


class TicketNote(Base):
    """One note in the thread of a ticket, for us alone. `by` is who wrote it: "Dewi (dewi)"."""

    __tablename__ = "ticket_notes"
    __table_args__ = (Index("ix_ticket_notes_ticket_id_id", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(LONGEST_BY))
    text: Mapped[str] = mapped_column(Text)


class TicketChange(Base):
    """One field of a ticket that somebody changed. `what` is the field ("opened" for the beginning), values as they are stored."""

    __tablename__ = "ticket_changes"
    __table_args__ = (Index("ix_ticket_changes_ticket_id_id", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(LONGEST_BY))
    what: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(String(200), default="")
    after: Mapped[str] = mapped_column(String(200), default="")


class TicketInteraction(Base):
    """An interaction in which the ticket was opened or spoken of."""

    __tablename__ = "ticket_interactions"
    __table_args__ = (UniqueConstraint("ticket_id", "interaction_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    interaction_id: Mapped[str] = mapped_column(String(36), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(LONGEST_BY))


def notes_of(session: Session, ticket_id: int) -> list[TicketNote]:
    """The thread, the oldest first; of a very long one the newest."""
    newest = select(TicketNote).where(TicketNote.ticket_id == ticket_id).order_by(TicketNote.id.desc()).limit(SHOWN_NOTES)
    return list(reversed(session.scalars(newest).all()))


def changes_of(session: Session, ticket_id: int) -> list[TicketChange]:
    """What was changed, the newest first."""
    found = select(TicketChange).where(TicketChange.ticket_id == ticket_id).order_by(TicketChange.id.desc())
    return list(session.scalars(found.limit(SHOWN_CHANGES)))


def interactions_of(session: Session, ticket_id: int) -> list[tuple[TicketInteraction, Interaction | None]]:
    """What it was about, the newest first; None for one that is not on record (yet, or any more)."""
    found = (
        select(TicketInteraction, Interaction)
        .outerjoin(Interaction, Interaction.id == TicketInteraction.interaction_id)
        .where(TicketInteraction.ticket_id == ticket_id)
        .order_by(TicketInteraction.at.desc(), TicketInteraction.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(found.limit(SHOWN_INTERACTIONS))]
