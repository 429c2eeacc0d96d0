"""Whether a customer's payment was received: the answer from the payments on record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.orders import Invoice
from crm.payment.records import Payment, PaymentAllocation, PaymentStatus


class PaymentState(StrEnum):
    RECEIVED = "received"
    PARTLY = "partly"  # received, and something of the same invoices is still open
    PENDING = "pending"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LastPayment:
    """The newest payment that was received or is on its way. `at`: when it was received, or pending since."""

    state: PaymentState
    amount_idr: int = 0
    at: datetime | None = None
    open_idr: int = 0
    method: str = ""
    invoices: tuple[str, ...] = ()


def last_payment(session: Session, customer_id: int) -> LastPayment:
    """What became of this customer's newest payment; declined tries do not count."""
    counted = (PaymentStatus.PENDING, PaymentStatus.RECEIVED)
    newest = select(Payment).where(Payment.customer_id == customer_id, Payment.status.in_(counted))
    payment = session.scalar(newest.order_by(Payment.begun_at.desc(), Payment.id.desc()).limit(1))
    if payment is None:
        return LastPayment(PaymentState.NONE)
    paid = (
        select(Invoice)
        .join(PaymentAllocation, PaymentAllocation.invoice_id == Invoice.id)
        .where(PaymentAllocation.payment_id == payment.id)
        .order_by(Invoice.due_on, Invoice.id)
    )
    invoices = list(session.scalars(paid))
    open_idr = sum(invoice.open_idr for invoice in invoices)
    numbers = tuple(invoice.number for invoice in invoices)
    if payment.status == PaymentStatus.PENDING:
        return LastPayment(PaymentState.PENDING, payment.amount_idr, payment.begun_at, open_idr, payment.method, numbers)
    state = PaymentState.PARTLY if open_idr > 0 else PaymentState.RECEIVED
    return LastPayment(state, payment.amount_idr, payment.received_at, open_idr, payment.method, numbers)
