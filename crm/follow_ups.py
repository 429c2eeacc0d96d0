"""What an agent has promised to do by a time: about a ticket, a customer, or both."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core.database import Base, UtcDateTime
from core.errors import NotFound
from crm.customers import Customer
from crm.tickets import Ticket

LONGEST_TEXT = 200
_MOST = 200


class FollowUp(Base):
    """One promise of an agent's. Done when `done_at` is there; `told_at` when the agent was reminded of this `due_at`."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_agent_id_done_at_due_at", "agent_id", "done_at", "due_at"),
        Index("ix_follow_ups_told_at_due_at", "told_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(36))
    text: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    customer: Mapped[Customer | None] = relationship()
    ticket: Mapped[Ticket | None] = relationship()


def add_follow_up(
    session: Session, agent_id: str, text: str, due_at: datetime, now: datetime,
    customer_id: int | None = None, ticket_id: int | None = None,
) -> FollowUp:  # fmt: skip
    """Keep a promise in mind. Does not commit."""
    made = FollowUp(agent_id=agent_id, text=text, customer_id=customer_id, ticket_id=ticket_id, created_at=now, due_at=due_at)
    session.add(made)
    session.flush()
    return made


def follow_ups_of(session: Session, agent_id: str) -> list[FollowUp]:
    """What this agent has promised and not done, the first due first."""
    theirs = select(FollowUp).where(FollowUp.agent_id == agent_id, FollowUp.done_at.is_(None))
    return list(session.scalars(theirs.order_by(FollowUp.due_at, FollowUp.id).limit(_MOST)))


def done_since(session: Session, agent_id: str, since: datetime) -> list[FollowUp]:
    """What this agent has done since then, the last first."""
    theirs = select(FollowUp).where(FollowUp.agent_id == agent_id, FollowUp.done_at >= since)
    return list(session.scalars(theirs.order_by(FollowUp.done_at.desc()).limit(_MOST)))


def due_follow_ups(session: Session, agent_id: str, now: datetime) -> list[FollowUp]:
    """What is due now, the first due first."""
    due = select(FollowUp).where(FollowUp.agent_id == agent_id, FollowUp.done_at.is_(None), FollowUp.due_at <= now)
    return list(session.scalars(due.order_by(FollowUp.due_at, FollowUp.id).limit(_MOST)))


def finish_follow_up(session: Session, agent_id: str, follow_up_id: int, now: datetime) -> None:
    """It is done; a second time changes nothing. Raises NotFound for somebody else's. Does not commit."""
    own = _own(session, agent_id, follow_up_id)
    own.done_at = own.done_at or now


def unfinish_follow_up(session: Session, agent_id: str, follow_up_id: int) -> None:
    """It was not done after all. Raises NotFound for somebody else's. Does not commit."""
    _own(session, agent_id, follow_up_id).done_at = None


def postpone_follow_up(session: Session, agent_id: str, follow_up_id: int, due_at: datetime) -> None:
    """It is due at another time, and the agent is reminded then. Raises NotFound for somebody else's. Does not commit."""
    own = _own(session, agent_id, follow_up_id)
    own.due_at, own.told_at = due_at, None


def tell_due(session: Session, now: datetime) -> set[str]:
    """Mark what has come due as told, and return whose it is: each reminder is given once. Does not commit."""
    due = update(FollowUp).where(FollowUp.told_at.is_(None), FollowUp.done_at.is_(None), FollowUp.due_at <= now)
    return set(session.scalars(due.values(told_at=now).returning(FollowUp.agent_id)))


def _own(session: Session, agent_id: str, follow_up_id: int) -> FollowUp:
    found = session.get(FollowUp, follow_up_id)
    if found is None or found.agent_id != agent_id:
        raise NotFound("There is no such follow-up of yours.", "Open the list again.")
    return found
