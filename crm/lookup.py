"""Finding people and their papers: by number, by order, by whatever an agent types into the search box."""

import re

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from core.clock import as_utc
from crm.contact_history import Interaction
from crm.customers import Customer, CustomerEmail, CustomerPhone
from crm.order_numbers import is_order_number
from crm.orders import OPEN_ORDER_STATUSES, Invoice, Order
from crm.phone_numbers import HOME_COUNTRY, to_e164

_SHORTEST_NUMBER_PART = 4


def customers_by_number(session: Session, e164: str) -> list[Customer]:
    """Everybody who is reached at this number, whoever ordered or called last first; [] for nobody."""
    if not e164:
        return []
    last_order = select(func.max(Order.placed_at)).where(Order.customer_id == Customer.id).scalar_subquery()
    last_contact = select(func.max(Interaction.started_at)).where(Interaction.customer_id == Customer.id).scalar_subquery()
    rows = session.execute(
        select(Customer, last_order, last_contact)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(CustomerPhone.e164 == e164)
    )
    active = [(max(as_utc(at) for at in (row[1], row[2], row[0].created_at) if at), -row[0].id, row[0]) for row in rows]
    return [customer for _at, _id, customer in sorted(active, key=lambda each: each[:2], reverse=True)]


def order_by_number(session: Session, number: str) -> Order | None:
    """The order with this number, or None."""
    return session.scalar(select(Order).where(Order.number == number))


def customer_by_external_id(session: Session, external_id: str) -> Customer | None:
    """The customer with this customer number, or None; "" is nobody's."""
    return session.scalar(select(Customer).where(Customer.external_id == external_id)) if external_id else None


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


def search_customers(session: Session, text: str, limit: int = 20, country: str = HOME_COUNTRY) -> list[Customer]:
    """Customers for what an agent typed: an order number, a phone number or its last digits, an e-mail, part of a name.

    Exact finds come first, then names that begin so, then names that contain it; an external id
    is found whole; at most `limit`; [] for blank text. In `country` (ISO, "ID") a number without its country code is read.
    """
    wanted = " ".join(text.split())
    found: dict[int, Customer] = {}
    for statement in _searches(wanted, country) if wanted else []:
        for customer in session.scalars(statement.limit(limit)):
            found.setdefault(customer.id, customer)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def _searches(wanted: str, country: str) -> list[Select[Customer]]:
    everyone = select(Customer)
    digits = re.sub(r"[ ().\-/+]", "", wanted)
    if "@" in wanted:
        by_email = everyone.join(CustomerEmail, CustomerEmail.customer_id == Customer.id)
        address = wanted.lower()
        return [
            by_email.where(CustomerEmail.address == address),
            by_email.where(CustomerEmail.address.startswith(address, autoescape=True)).order_by(CustomerEmail.address),
        ]
    if digits.isascii() and digits.isdigit():
        return _number_searches(everyone, wanted, digits, country)
    name = func.lower(Customer.name)
    return [
        everyone.where(Customer.external_id == wanted),
        everyone.where(name.startswith(wanted.lower(), autoescape=True)).order_by(Customer.name, Customer.id),
        everyone.where(name.contains(wanted.lower(), autoescape=True)).order_by(Customer.name, Customer.id),
    ]


def _number_searches(everyone: Select[Customer], wanted: str, digits: str, country: str) -> list[Select[Customer]]:
    searches: list[Select[Customer]] = []
    if is_order_number(digits):
        searches.append(everyone.join(Order, Order.customer_id == Customer.id).where(Order.number == digits))
    by_phone = everyone.join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
    e164 = to_e164(wanted, country)
    if e164:
        searches.append(by_phone.where(CustomerPhone.e164 == e164).order_by(Customer.id))
    if len(digits) >= _SHORTEST_NUMBER_PART:
        searches.append(by_phone.where(CustomerPhone.e164.endswith(digits)).order_by(Customer.id))
    searches.append(everyone.where(Customer.external_id == wanted))
    return searches
