"""Who changed what about a customer, from what to what: written here and nowhere else, never changed but to say it was undone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime

Change = tuple[str, Any, Any]
"""A field, what was there, and what is: plain values as JSON has them."""


class ChangeKind(StrEnum):
    EDIT = "edit"
    UNDO = "undo"
    MERGE = "merge"  # the customer took over everything of another, or gave it
    PART = "part"  # that was undone


class CustomerChange(Base):
    """One change. `by` is "Name (login)"; `changes` are [field, before, after]."""

    __tablename__ = "customer_changes"
    __table_args__ = (Index("ix_customer_changes_customer_id_id", "customer_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(240))
    changes: Mapped[list[Any]] = mapped_column(JSON)
    undone: Mapped[bool] = mapped_column(default=False)


def note_change(
    session: Session, customer_id: int, kind: ChangeKind, changes: Sequence[Change], by: str, now: datetime
) -> CustomerChange:
    """Write down what is being changed in this unit of work. Does not commit."""
    row = CustomerChange(
        customer_id=customer_id, kind=kind.value, at=now, by=by, changes=[list(change) for change in changes], undone=False
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def mark_undone(change: CustomerChange) -> None:
    """Say that this change holds no longer. Does not commit."""
    change.undone = True


def newest_changes(session: Session, customer_ids: Collection[int], most: int) -> list[CustomerChange]:
    """The changes of these customers, the newest first."""
    wanted = select(CustomerChange).where(CustomerChange.customer_id.in_(customer_ids))
    return list(session.scalars(wanted.order_by(CustomerChange.id.desc()).limit(most)))


def last_edit(session: Session, customer_id: int) -> CustomerChange | None:
    """The newest edit of this customer that was not undone; None when there is none."""
    edits = (CustomerChange.customer_id == customer_id, CustomerChange.kind == ChangeKind.EDIT.value, ~CustomerChange.undone)
    return session.scalar(select(CustomerChange).where(*edits).order_by(CustomerChange.id.desc()).limit(1))


def last_changer(session: Session, customer_id: int, field: str) -> str:
    """Who changed this field last, "" when nobody did by hand."""
    for change in newest_changes(session, [customer_id], 50):
        if any(name == field for name, _before, _after in change.changes):
            return change.by
    return ""
