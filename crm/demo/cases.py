"""Whom to be when trying Halo out: for each thing that a caller may want, a demo customer with whom it can be tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from crm.appointments import Appointment, AppointmentStatus
from crm.customers import Customer, CustomerPhone, Language
from crm.orders import OPEN_ORDER_STATUSES, Invoice, Order, OrderStatus
from crm.payment.records import Payment, PaymentStatus
from crm.tickets import Ticket, TicketStatus

HOUSEHOLD = "several people on this number"


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A customer, by customer number and the number that they call from, and what is so with them, in a few English words."""

    what: str
    customer_number: str
    e164: str


def demo_cases(session: Session, today: date) -> list[DemoCase]:
    """One customer for each case, another one for each; a case that nobody else has is left out.

    `today` is a day on the shop's calendar.
    """
    found: list[DemoCase] = []
    for what, holds in _cases(today).items():
        taken = [each.customer_number for each in found]
        row = session.execute(_people(shared=what == HOUSEHOLD).where(*holds, Customer.external_id.not_in(taken))).first()
        if row is not None:
            found.append(DemoCase(what, str(row[0]), row[1]))
    return found


def _people(shared: bool) -> Select[str | None, str]:
    """Customer numbers, with a number that is the customer's alone, or one that is `shared`; the first customer first."""
    other = aliased(CustomerPhone)
    owners = select(func.count(other.id)).where(other.e164 == CustomerPhone.e164).scalar_subquery()
    reachable = select(Customer.external_id, CustomerPhone.e164).join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
    return (
        reachable.where(Customer.external_id.is_not(None), owners > 1 if shared else owners == 1)
        .order_by(Customer.id, CustomerPhone.id)
        .limit(1)
    )


def _cases(today: date) -> Mapping[str, tuple[ColumnElement[bool], ...]]:
    indonesian = Customer.language == Language.INDONESIAN
    owes = _has(Invoice, Invoice.paid_idr < Invoice.amount_idr)
    late = and_(Order.status.in_(OPEN_ORDER_STATUSES), Order.promised_on < today)
    in_time = and_(Order.status == OrderStatus.SHIPPED, Order.promised_on >= today)
    return {
        "newest order on its way": (indonesian, _newest_order(in_time)),
        "newest order late": (indonesian, _newest_order(late)),
        "newest order delivered": (indonesian, _newest_order(Order.status == OrderStatus.DELIVERED)),
        "one open bill": (indonesian, _count(Invoice, Invoice.paid_idr < Invoice.amount_idr) == 1),
        "several open bills": (_count(Invoice, Invoice.paid_idr < Invoice.amount_idr) > 1,),
        "everything paid": (indonesian, ~owes, _has(Payment, Payment.status == PaymentStatus.RECEIVED)),
        "never ordered, no bill": (indonesian, ~_has(Order), ~_has(Invoice)),
        "open ticket": (indonesian, _has(Ticket, Ticket.status != TicketStatus.SOLVED)),
        "visit of a technician booked": (indonesian, _has(Appointment, Appointment.status == AppointmentStatus.BOOKED)),
        HOUSEHOLD: (indonesian, _has(Order)),
        "speaks English": (Customer.language == Language.ENGLISH, _has(Order)),
        "language not known": (Customer.language.is_(None), _has(Order)),
    }


def _newest_order(is_so: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of the order that a caller hears of (see crm.lookup.latest_order)."""
    theirs = aliased(Order)
    on_its_way = case((theirs.status.in_(OPEN_ORDER_STATUSES), 0), else_=1)
    newest_first = (on_its_way, theirs.placed_at.desc(), theirs.id.desc())
    newest = select(theirs.id).where(theirs.customer_id == Customer.id).order_by(*newest_first).limit(1)
    return exists().where(Order.id == newest.correlate(Customer).scalar_subquery(), is_so)


def _has(table: type[Invoice | Order | Payment | Ticket | Appointment], *so: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(table.customer_id == Customer.id, *so)


def _count(table: type[Invoice | Order | Payment | Ticket | Appointment], *so: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count(table.id)).where(table.customer_id == Customer.id, *so).scalar_subquery()
