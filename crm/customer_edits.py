"""Changing a customer: all of what is asked for or nothing, and never over what somebody else has written meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import HaloError, NotFound
from crm.customer_changes import ChangeKind, CustomerChange, last_changer, last_edit, mark_undone, note_change
from crm.customer_fields import FIELDS, Fault, Refused, checked, value_of, write_value
from crm.customers import Customer
from crm.lookup import current_id


@dataclass(frozen=True, slots=True)
class Wish:
    """A field, what the person saw in it, and what they typed instead."""

    field: str
    seen: Any
    typed: Any


class CustomerFaults(HaloError):
    """Some of what was typed can't be so; nothing was changed."""

    code = "customer_faults"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("Something that was typed does not fit.", "Mend what is marked.")
        self.faults = tuple(faults)


class CustomerMoved(HaloError):
    """Somebody else has changed the same fields; `now` is what they hold, `by` who wrote it. Nothing was changed."""

    code = "customer_moved"

    def __init__(self, now: dict[str, Any], by: dict[str, str]) -> None:
        super().__init__("Somebody changed this meanwhile.", "Look at what it is now, then decide.")
        self.now, self.by = now, by


class NothingToUndo(HaloError):
    """That change was undone already, or is no longer the last."""

    code = "nothing_to_undo"


def change_customer(
    session: Session, customer_id: int, wishes: Sequence[Wish], by: str, now: datetime, country: str
) -> CustomerChange | None:
    """Make all of these changes or none; None when everything is so already. Does not commit.

    Raises NotFound, CustomerFaults for what can't be so, CustomerMoved when a field no longer holds what was seen.
    """
    customer = locked(session, customer_id)
    changes, faults, moved = [], [], {}
    for wish in wishes:
        current = value_of(customer, wish.field)
        try:
            value = checked(customer, wish.field, wish.typed, country, now)
        except Refused as why:
            faults.append(Fault(wish.field, why.code, why.about))
            continue
        if value == current:
            continue
        if current != wish.seen:
            moved[wish.field] = current
        changes.append((wish.field, current, value))
    if faults:
        raise CustomerFaults(faults)
    if moved:
        raise _moved(session, customer, moved)
    if not changes:
        return None
    for field, _before, after in changes:
        write_value(session, customer, field, after)
    customer.updated_at = now
    return note_change(session, customer.id, ChangeKind.EDIT, changes, by, now)


def undo_last(session: Session, customer_id: int, change_id: int, by: str, now: datetime) -> CustomerChange:
    """Take the customer's last edit back, which must be this one. Does not commit.

    Raises NotFound, NothingToUndo when it is not the last, CustomerMoved when its fields hold something else by now.
    """
    customer = locked(session, customer_id)
    last = last_edit(session, customer.id)
    if last is None or last.id != change_id:
        raise NothingToUndo("That is not the last change any more.", "Load the page again.")
    moved = {field: value_of(customer, field) for field, _before, after in last.changes if value_of(customer, field) != after}
    if moved:
        raise _moved(session, customer, moved)
    for field, before, _after in last.changes:
        write_value(session, customer, field, before)
    customer.updated_at = now
    mark_undone(last)
    back = [(field, after, before) for field, before, after in last.changes]
    return note_change(session, customer.id, ChangeKind.UNDO, back, by, now)


def locked(session: Session, customer_id: int) -> Customer:
    """The customer, as they stand by now, for this unit of work alone. Raises NotFound."""
    found = session.scalar(
        select(Customer)
        .where(Customer.id == current_id(session, customer_id))
        .with_for_update(of=Customer)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such customer.", "Search again.")
    return found


def is_field(name: str) -> bool:
    """Whether people may change this."""
    return name in FIELDS


def _moved(session: Session, customer: Customer, moved: dict[str, Any]) -> CustomerMoved:
    return CustomerMoved(moved, {field: last_changer(session, customer.id, field) for field in moved})
