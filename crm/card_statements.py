"""The statements of a customer card. Made once: to build one anew for each call takes longer than the database needs to answer.

Parameters: `customer` (its id), `most` (rows to be shown), `ids`.
"""

from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam, case, func, select

from crm.contact_history import Disposition, Interaction
from crm.customers import Consent, CustomerEmail, CustomerPhone
from crm.orders import Invoice, Order, OrderLine, OrderStatus, Product
from crm.tickets import Ticket, TicketStatus

_CUSTOMER, _MOST = bindparam("customer", type_=Integer), bindparam("most", type_=Integer)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_STILL_OPEN = Invoice.paid_idr < Invoice.amount_idr

LIFETIME = select(func.coalesce(func.sum(Order.total_idr), 0), func.count()).where(
    Order.customer_id == _CUSTOMER, Order.status != OrderStatus.CANCELLED
)
PHONES = select(CustomerPhone.e164, CustomerPhone.kind).where(CustomerPhone.customer_id == _CUSTOMER).order_by(CustomerPhone.id)
EMAILS = select(CustomerEmail.address).where(CustomerEmail.customer_id == _CUSTOMER).order_by(CustomerEmail.id)
CONSENTS = (
    select(Consent.purpose, Consent.granted, Consent.given_at).where(Consent.customer_id == _CUSTOMER).order_by(Consent.purpose)
)
ORDERS = (
    select(Order, func.count().over())
    .where(Order.customer_id == _CUSTOMER)
    .order_by(Order.placed_at.desc(), Order.id.desc())
    .limit(_MOST)
)
LINES = (
    select(OrderLine.order_id, Product.name_id, Product.name_en, Product.category, OrderLine.quantity, OrderLine.unit_price_idr)
    .join(Product, Product.id == OrderLine.product_id)
    .where(OrderLine.order_id.in_(_IDS))
    .order_by(OrderLine.id)
)
# The window sum sees all rows before LIMIT cuts them, so the open amount is whole.
INVOICES = (
    select(Invoice, func.sum(Invoice.amount_idr - Invoice.paid_idr).over(), func.count().over())
    .where(Invoice.customer_id == _CUSTOMER)
    .order_by(case((_STILL_OPEN, 0), else_=1), case((_STILL_OPEN, Invoice.due_on)), Invoice.issued_on.desc(), Invoice.id.desc())
    .limit(_MOST)
)
OPEN_TICKETS = (
    select(Ticket, func.count().over())
    .where(Ticket.customer_id == _CUSTOMER, Ticket.status != TicketStatus.SOLVED)
    .order_by(Ticket.priority, Ticket.opened_at)
    .limit(_MOST)
)
CONTACTS = select(Interaction).where(Interaction.customer_id == _CUSTOMER).order_by(Interaction.started_at.desc()).limit(_MOST)
DISPOSITIONS = (
    select(Disposition.interaction_id, Disposition.code, Disposition.note)
    .where(Disposition.interaction_id.in_(_IDS))
    .order_by(Disposition.saved_at, Disposition.id)
)
