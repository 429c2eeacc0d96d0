"""Two records of one person become one, and can be two again: everything moves, and what is needed to move it back is kept.

The record that goes away stays as a signpost: its number and its id lead to the other. What the other has already (the same
number, a PIN) stays behind with it, so that nothing is ever thrown away.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.errors import HaloError, NotFound
from crm.appointments import Appointment, AppointmentStatus
from crm.callback_tasks import CallbackTask
from crm.contact_history import Interaction
from crm.customer_changes import ChangeKind, note_change
from crm.customers import Consent, Customer, CustomerEmail, CustomerPhone
from crm.follow_ups import FollowUp
from crm.offers.records import Offer
from crm.orders import Invoice, Order
from crm.payment.records import Payment
from crm.pins import CustomerPin
from crm.search_terms import index_customers
from crm.surveys import SurveyAnswer
from crm.tickets import Ticket

# Each with the column that tells its rows of one customer apart; None where a customer may have any number of them.
MOVED: dict[type[Any], str | None] = {
    Order: None, Invoice: None, Payment: None, Ticket: None, Interaction: None, CallbackTask: None, SurveyAnswer: None,
    Appointment: None, CustomerPhone: "e164", CustomerEmail: "address", Consent: "purpose", CustomerPin: "customer_id",
    FollowUp: None, Offer: None,
}  # fmt: skip
FILLED = (("honorific",), ("language",), ("address", "city", "province", "postcode"))
LATE = timedelta(days=1)


class CustomerMerge(Base):
    """One merge. `moved` are the keys of the rows that moved, by table; `consents` those whose values changed places, `filled` the
    fields that were empty: each as [name, before, after]."""

    __tablename__ = "customer_merges"
    __table_args__ = (Index("ix_customer_merges_undone_at_at", "undone_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    away_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(240))
    moved: Mapped[dict[str, list[Any]]] = mapped_column(JSON)
    consents: Mapped[list[Any]] = mapped_column(JSON)
    filled: Mapped[list[Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str] = mapped_column(String(240), default="")


class MergeRefused(HaloError):
    """These two can't become one, or two again, as they are now. `why`: same, away, booked, undone, outer."""

    code = "merge_refused"

    def __init__(self, why: str) -> None:
        super().__init__("These two can't be merged or parted as they are now.", "Load the page again.")
        self.why = why


def merge_customers(session: Session, kept_id: int, away_id: int, by: str, now: datetime) -> CustomerMerge:
    """Give everything of `away_id` to `kept_id`. Does not commit. Raises NotFound, MergeRefused."""
    if kept_id == away_id:
        raise MergeRefused("same")
    kept, away = _both(session, kept_id, away_id)
    if kept.merged_into_id is not None or away.merged_into_id is not None:
        raise MergeRefused("away")
    if _booked(session, kept_id) & _booked(session, away_id):
        raise MergeRefused("booked")
    merge = CustomerMerge(
        kept_id=kept_id, away_id=away_id, at=now, by=by, moved={}, consents=_newer_consents(session, kept_id, away_id),
        filled=_fill(kept, away), undone_at=None,
    )  # fmt: skip
    merge.moved = _move_all(session, away_id, kept_id)
    session.add(merge)
    _stand(session, kept, away, kept_id, now)
    note_change(session, kept_id, ChangeKind.MERGE, [("merged", None, [away_id, away.name]), *_changes(merge)], by, now)
    note_change(session, away_id, ChangeKind.MERGE, [("merged_into", None, [kept_id, kept.name])], by, now)
    return merge


def part_customers(session: Session, merge_id: int, by: str, now: datetime) -> CustomerMerge:
    """Make two of them again: what had moved goes back as far as it is still there. Does not commit.

    Raises NotFound; MergeRefused when that was done already, or the one who was kept was merged into somebody else since.
    """
    known = session.get(CustomerMerge, merge_id)
    if known is None:
        raise NotFound("There is no such merge.", "Load the page again.")
    kept, away = _both(session, known.kept_id, known.away_id)
    merge = session.get_one(CustomerMerge, merge_id, populate_existing=True, with_for_update=True)
    if merge.undone_at is not None:
        raise MergeRefused("undone")
    if kept.merged_into_id is not None:
        raise MergeRefused("outer")
    for table in MOVED:
        _move(session, table, merge.moved.get(table.__tablename__, []), kept.id, away.id)
    _swap_back(session, merge)
    emptied = [(name, after, before) for name, before, after in merge.filled if (getattr(kept, name) or "") == after]
    for name, _after, before in emptied:
        setattr(kept, name, before or None if name == "language" else before)
    merge.undone_at, merge.undone_by = now, by
    _stand(session, kept, away, None, now)
    note_change(session, kept.id, ChangeKind.PART, [("merged", [away.id, away.name], None), *emptied], by, now)
    note_change(session, away.id, ChangeKind.PART, [("merged_into", [kept.id, kept.name], None)], by, now)
    return merge


def merged_lately(session: Session, now: datetime) -> list[CustomerMerge]:
    """Merges that hold and during which calls may still go on, the oldest first."""
    lately = select(CustomerMerge).where(CustomerMerge.undone_at.is_(None), CustomerMerge.at > now - LATE)
    return list(session.scalars(lately.order_by(CustomerMerge.id)))


def move_late_rows(session: Session, now: datetime) -> int:
    """Give on what was written for those who went away lately, by calls that had begun before; returns how many rows. Does not
    commit."""
    late = 0
    for merge in merged_lately(session, now):
        moved = _move_all(session, merge.away_id, merge.kept_id)
        if moved:
            late += sum(map(len, moved.values()))
            merge.moved = {name: merge.moved.get(name, []) + moved.get(name, []) for name in {*merge.moved, *moved}}
            index_customers(session.connection(), [merge.kept_id])
    return late


def merges_of(session: Session, customer_id: int) -> list[CustomerMerge]:
    """Who was merged into this customer and still is, the newest first."""
    standing = (CustomerMerge.kept_id == customer_id, CustomerMerge.undone_at.is_(None))
    return list(session.scalars(select(CustomerMerge).where(*standing).order_by(CustomerMerge.id.desc())))


def newest_merges(session: Session, most: int) -> list[CustomerMerge]:
    """The last merges of anybody that hold, the newest first."""
    standing = select(CustomerMerge).where(CustomerMerge.undone_at.is_(None))
    return list(session.scalars(standing.order_by(CustomerMerge.at.desc(), CustomerMerge.id.desc()).limit(most)))


def _both(session: Session, *ids: int) -> tuple[Customer, Customer]:
    """Both for this unit of work alone, locked in one order whoever is kept."""
    wanted = select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id).with_for_update(of=Customer)
    found = {person.id: person for person in session.scalars(wanted.execution_options(populate_existing=True))}
    if len(found) < len(ids):
        raise NotFound("There is no such customer.", "Search again.")
    return found[ids[0]], found[ids[1]]


def _booked(session: Session, customer_id: int) -> set[str]:
    booked = (Appointment.customer_id == customer_id, Appointment.status == AppointmentStatus.BOOKED)
    return set(session.scalars(select(Appointment.purpose).where(*booked)))


def _move_all(session: Session, giver: int, taker: int) -> dict[str, list[Any]]:
    """Keys of the rows that moved, by table."""
    moved = {}
    for table in MOVED:
        keys = list(session.scalars(select(_key(table)).where(table.customer_id == giver).order_by(_key(table))))
        gone = _move(session, table, keys, giver, taker)
        if gone:
            moved[table.__tablename__] = gone
    return moved


def _move(session: Session, table: type[Any], keys: Sequence[Any], giver: int, taker: int) -> list[Any]:
    """Move these rows as far as the giver has them and the taker has nothing alike; returns the keys of those that moved."""
    if table is CustomerPin:  # its key is the customer
        there = session.scalar(select(CustomerPin.customer_id).where(CustomerPin.customer_id == taker)) is not None
        keys = [] if there or not keys else [giver]
    elif table is Appointment:  # one booked visit of a kind for one customer
        booked = _booked(session, taker)
        visits = session.execute(select(Appointment.id, Appointment.purpose, Appointment.status).where(Appointment.id.in_(keys)))
        keys = [key for key, purpose, status in visits if status != AppointmentStatus.BOOKED or purpose not in booked]
    elif (alike := MOVED[table]) is not None:
        theirs = set(session.scalars(select(getattr(table, alike)).where(table.customer_id == taker)))
        own = session.execute(select(_key(table), getattr(table, alike)).where(table.customer_id == giver))
        keys = [key for key, value in own if key in set(keys) and value not in theirs]
    here = _key(table).in_(keys), table.customer_id == giver
    gone = list(session.scalars(select(_key(table)).where(*here).order_by(_key(table)))) if keys else []
    if gone:
        session.execute(update(table).where(*here).values(customer_id=taker), execution_options={"synchronize_session": False})
    return gone


def _key(table: type[Any]) -> Any:
    return table.customer_id if table is CustomerPin else table.id


def _newer_consents(session: Session, kept_id: int, away_id: int) -> list[Any]:
    """Where both said something, the newest counts: their values change places."""
    kept, away = _consents(session, kept_id), _consents(session, away_id)
    swapped = []
    for purpose in sorted(kept.keys() & away.keys()):
        if away[purpose].given_at > kept[purpose].given_at:
            before, after = _said(kept[purpose]), _said(away[purpose])
            _say(kept[purpose], after)
            _say(away[purpose], before)
            swapped.append([f"consent.{purpose}", before, after])
    session.flush()
    return swapped


def _swap_back(session: Session, merge: CustomerMerge) -> None:
    kept, away = _consents(session, merge.kept_id), _consents(session, merge.away_id)
    for name, before, after in merge.consents:
        purpose = name.removeprefix("consent.")
        if purpose in kept and _said(kept[purpose]) == after:
            _say(kept[purpose], before)
        if purpose in away:
            _say(away[purpose], after)
    session.flush()


def _consents(session: Session, customer_id: int) -> dict[str, Consent]:
    own = select(Consent).where(Consent.customer_id == customer_id).execution_options(populate_existing=True)
    return {consent.purpose: consent for consent in session.scalars(own)}


def _said(consent: Consent) -> list[Any]:
    return [consent.granted, consent.source, consent.given_at.isoformat()]


def _say(consent: Consent, said: Sequence[Any]) -> None:
    consent.granted, consent.source, consent.given_at = said[0], said[1], datetime.fromisoformat(said[2])


def _fill(kept: Customer, away: Customer) -> list[Any]:
    """Fields that say nothing take what the other says; an address as a whole."""
    filled = []
    for names in FILLED:
        if not any(getattr(kept, name) for name in names):
            filled += [[name, getattr(kept, name) or "", getattr(away, name)] for name in names if getattr(away, name)]
    for name, _before, after in filled:
        setattr(kept, name, after)
    return filled


def _changes(merge: CustomerMerge) -> list[tuple[str, Any, Any]]:
    return [(name, before, after) for name, before, after in (*merge.consents, *merge.filled)]


def _stand(session: Session, kept: Customer, away: Customer, merged_into_id: int | None, now: datetime) -> None:
    away.merged_into_id = merged_into_id
    kept.updated_at = away.updated_at = now
    session.flush()
    session.expire_all()  # rows have changed their owner behind the objects
    index_customers(session.connection(), [kept.id, away.id])
