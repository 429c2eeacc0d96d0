"""Finding people and their papers by number."""

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from core.clock import as_utc
from crm.contact_history import Interaction
from crm.customers import Customer, CustomerPhone
from crm.orders import OPEN_ORDER_STATUSES, Invoice, Order

_LAST_ORDER = select(func.max(Order.placed_at)).where(Order.customer_id == Customer.id).scalar_subquery()
_LAST_CONTACT = select(func.max(Interaction.started_at)).where(Interaction.customer_id == Customer.id).scalar_subquery()
_REACHED = (
    select(Customer, _LAST_ORDER, _LAST_CONTACT)
    .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
    .where(CustomerPhone.e164 == bindparam("e164"), Customer.merged_into_id.is_(None))
)


def customers_by_number(session: Session, e164: str) -> list[Customer]:
    """Everybody who is reached at this number, whoever ordered or called last first; [] for nobody."""
    if not e164:
        return []
    rows = session.execute(_REACHED, {"e164": e164})
    active = [(max(as_utc(at) for at in (row[1], row[2], row[0].created_at) if at), -row[0].id, row[0]) for row in rows]
    return [customer for _at, _id, customer in sorted(active, key=lambda each: each[:2], reverse=True)]


def order_by_number(session: Session, number: str) -> Order | None:
    """The order with this number, or None."""
    return session.scalar(select(Order).where(Order.number == number))


def customer_by_external_id(session: Session, external_id: str) -> Customer | None:
    """The customer with this customer number, or None; "" is nobody's. Of one who was merged into another: the other."""
    if not external_id:
        return None
    return standing_for(session, session.scalar(select(Customer).where(Customer.external_id == external_id)))


def standing_for(session: Session, customer: Customer | None) -> Customer | None:
    """The customer who has everything of this one by now: the same, unless they were merged into another."""
    while customer is not None and customer.merged_into_id is not None:
        customer = session.get(Customer, customer.merged_into_id)
    return customer


def current_id(session: Session, customer_id: int) -> int:
    """The id under which everything of this customer stands by now; the same one for somebody who is not on record."""
    into = session.scalar(select(Customer.merged_into_id).where(Customer.id == customer_id))
    return customer_id if into is None else current_id(session, into)


def ids_of(session: Session, customer_id: int) -> set[int]:
    """Every id under which a call may still know this customer: that one, and those of records that were merged into it, and into
    those."""
    found = new = {customer_id}
    while new:
        new = set(session.scalars(select(Customer.id).where(Customer.merged_into_id.in_(new)))) - found
        found = found | new
    return found


def newest_orders(session: Session, customer_id: int, limit: int = 5) -> list[Order]:
    """The orders of this customer, the newest first."""
    newest = select(Order).where(Order.customer_id == customer_id).order_by(Order.placed_at.desc(), Order.id.desc())
    return list(session.scalars(newest.limit(limit)))


def latest_order(session: Session, customer_id: int) -> Order | None:
    """The newest order that is still on its way; when there is none, the newest; None without orders."""
    on_its_way = case((Order.status.in_(OPEN_ORDER_STATUSES), 0), else_=1)
    return session.scalar(
        select(Order).where(Order.customer_id == customer_id).order_by(on_its_way, Order.placed_at.desc(), Order.id.desc()).limit(1)
    )


def open_invoices(session: Session, customer_id: int) -> list[Invoice]:
    """Invoices that are not fully paid, the oldest due first."""
    return list(
        session.scalars(
            select(Invoice)
            .where(Invoice.customer_id == customer_id, Invoice.paid_idr < Invoice.amount_idr)
            .order_by(Invoice.due_on, Invoice.id)
        )
    )
