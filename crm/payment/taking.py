"""Taking a payment by card: the intent is on record first, then the gateway is asked, then the result is kept.

Whatever dies in between leaves a pending payment with its key, and while it is pending nothing else is charged for its
invoices. `settle_pending` asks the gateway for its final word about such keys. So a customer is never charged twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import NotFound, Unavailable
from core.ids import new_id
from core.log import get_log
from crm.orders import Invoice
from crm.payment.cards import Card
from crm.payment.gateway import Charge, ChargeState, DeclineReason, PaymentGateway
from crm.payment.records import Payment, PaymentAllocation, PaymentMethod, PaymentStatus

MOST_DECLINED = 4
BANK_WAITS = timedelta(days=1)  # then a transfer that was begun is not coming any more
DECLINED_WITHIN = timedelta(hours=1)
SETTLE_AFTER = timedelta(minutes=2)

_log = get_log(__name__)


class Taken(StrEnum):
    """What became of the wish to pay."""

    APPROVED = "approved"
    DECLINED = "declined"
    UNKNOWN = "unknown"  # the gateway gave no answer; it will be asked again, and nothing is charged meanwhile
    IN_PROGRESS = "in_progress"  # an earlier payment for these invoices is not settled yet
    ALREADY_PAID = "already_paid"
    AMOUNT_CHANGED = "amount_changed"  # what is open is not what the caller agreed to
    TOO_MANY_DECLINED = "too_many_declined"  # no more cards of this customer for now


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """The result, for the ears: `reference` is the gateway's number for it, "" without one."""

    taken: Taken
    amount_idr: int = 0
    reference: str = ""
    decline_reason: DeclineReason | None = None


_RESULTS = {
    PaymentStatus.PENDING: Taken.UNKNOWN,
    PaymentStatus.RECEIVED: Taken.APPROVED,
    PaymentStatus.DECLINED: Taken.DECLINED,
    PaymentStatus.LOST: Taken.UNKNOWN,
}


def take_payment(
    database: Database,
    gateway: PaymentGateway,
    customer_id: int,
    invoices: Sequence[str],
    amount_idr: int,
    card: Card,
    now: datetime,
    interaction_id: str = "",
) -> PaymentResult:
    """Pay these invoices (their numbers) of a customer, whole, for the amount that the caller agreed to.

    Commits by itself: before the gateway is asked, and after. Raises NotFound for an invoice that is not this customer's.
    """
    with database.writing() as session:
        begun = _begin(session, customer_id, invoices, amount_idr, card, now, interaction_id)
        if isinstance(begun, PaymentResult):
            return begun
        session.commit()
        payment_id, key = begun.id, begun.key
    try:
        charge = gateway.charge(key, amount_idr, card)
    except Unavailable:
        _log.warning("payment_unknown", payment=payment_id)
        return PaymentResult(Taken.UNKNOWN, amount_idr)
    except Exception as problem:
        broken = type(problem).__name__
    else:
        return _keep(database, payment_id, charge, now)
    # Only its kind, and outside of the handler: a provider's library may quote what it was given, and a log that can't be
    # written prints whatever is being handled.
    _log.error("payment_gateway_broken", payment=payment_id, error=broken)
    return PaymentResult(Taken.UNKNOWN, amount_idr)


def settle_pending(database: Database, gateway: PaymentGateway, now: datetime) -> int:
    """Ask the gateway for its final word about card payments that are pending for long; returns how many were settled.

    Run again and again, by whomever: a settled payment stays as it is. A gateway that does not answer ends the round.
    """
    waiting = select(Payment.id, Payment.key).where(
        Payment.status == PaymentStatus.PENDING, Payment.method == PaymentMethod.CARD, Payment.begun_at <= now - SETTLE_AFTER
    )
    with database.reading() as session:
        pending = session.execute(waiting.order_by(Payment.begun_at)).all()
    settled = 0
    for payment_id, key in pending:
        try:
            charge = gateway.close(key)
        except Unavailable:
            _log.warning("payments_not_settled", left=len(pending) - settled)
            break
        _keep(database, payment_id, charge, now)
        settled += 1
    return settled


def record_payment(
    session: Session,
    key: str,
    customer_id: int,
    method: PaymentMethod,
    reference: str,
    received_at: datetime,
    amounts_idr: dict[int, int],
) -> Payment:
    """Keep money that came another way, as {invoice id: rupiah}; the same key twice is one payment. Does not commit."""
    known = session.scalar(select(Payment).where(Payment.key == key))
    if known is not None:
        return known
    payment = Payment(
        key=key, customer_id=customer_id, amount_idr=sum(amounts_idr.values()), method=method.value, begun_at=received_at,
        reference=reference,
        allocations=[PaymentAllocation(invoice_id=invoice_id, amount_idr=part) for invoice_id, part in amounts_idr.items()],
    )  # fmt: skip
    session.add(payment)
    session.flush()
    _receive(session, payment, received_at)
    return payment


def _begin(
    session: Session, customer_id: int, numbers: Sequence[str], amount_idr: int, card: Card, now: datetime, interaction_id: str
) -> Payment | PaymentResult:
    """Put the intent on record, or say why there is none. The invoices are locked, so two intents see each other."""
    wanted = sorted(set(numbers))
    chosen = select(Invoice).where(Invoice.number.in_(wanted), Invoice.customer_id == customer_id).order_by(Invoice.id)
    invoices = list(session.scalars(chosen.with_for_update().execution_options(populate_existing=True)))
    if not wanted or len(invoices) != len(wanted):
        raise NotFound("There is no such invoice of this customer.", "Ask for the open bills again.")
    unsettled = (
        select(Payment.id)
        .join(PaymentAllocation, PaymentAllocation.payment_id == Payment.id)
        .where(PaymentAllocation.invoice_id.in_([invoice.id for invoice in invoices]), Payment.status == PaymentStatus.PENDING)
        .where(or_(Payment.method == PaymentMethod.CARD, Payment.begun_at > now - BANK_WAITS))
    )
    if session.scalar(unsettled.limit(1)) is not None:
        return PaymentResult(Taken.IN_PROGRESS)
    still_open = [invoice for invoice in invoices if invoice.open_idr > 0]
    if not still_open:
        return PaymentResult(Taken.ALREADY_PAID)
    if sum(invoice.open_idr for invoice in still_open) != amount_idr:
        return PaymentResult(Taken.AMOUNT_CHANGED, sum(invoice.open_idr for invoice in still_open))
    if _declined_lately(session, customer_id, now) >= MOST_DECLINED:
        return PaymentResult(Taken.TOO_MANY_DECLINED)
    payment = Payment(
        key=new_id(), customer_id=customer_id, amount_idr=amount_idr, method=PaymentMethod.CARD.value,
        status=PaymentStatus.PENDING.value, begun_at=now, card_brand=card.number.brand.value, interaction_id=interaction_id,
        allocations=[PaymentAllocation(invoice_id=invoice.id, amount_idr=invoice.open_idr) for invoice in still_open],
    )  # fmt: skip
    session.add(payment)
    session.flush()
    return payment


def _declined_lately(session: Session, customer_id: int, now: datetime) -> int:
    """How many cards of this customer were declined in the last hour: trying cards out by phone must not pay."""
    declined = select(func.count()).where(
        Payment.customer_id == customer_id, Payment.begun_at > now - DECLINED_WITHIN, Payment.status == PaymentStatus.DECLINED
    )
    return session.scalar(declined) or 0


def _keep(database: Database, payment_id: int, charge: Charge, now: datetime) -> PaymentResult:
    """Keep the gateway's word about a pending payment; one that is settled stays as it is."""
    with database.writing() as session:
        locked = select(Payment).where(Payment.id == payment_id).with_for_update()
        payment = session.scalars(locked).one()
        if payment.status == PaymentStatus.PENDING:
            payment.reference, payment.card_token = charge.reference, charge.token
            payment.decline_reason = charge.decline_reason.value if charge.decline_reason else ""
            match charge.state:
                case ChargeState.APPROVED:
                    _receive(session, payment, now)
                case ChargeState.DECLINED:
                    payment.status = PaymentStatus.DECLINED.value
                case ChargeState.NEVER_CAME:
                    payment.status = PaymentStatus.LOST.value
            session.commit()
        reason = DeclineReason(payment.decline_reason) if payment.decline_reason else None
        return PaymentResult(_RESULTS[PaymentStatus(payment.status)], payment.amount_idr, payment.reference, reason)


def _receive(session: Session, payment: Payment, at: datetime) -> None:
    """The money is here: the invoices know."""
    payment.status, payment.received_at = PaymentStatus.RECEIVED.value, at
    parts = {each.invoice_id: each.amount_idr for each in payment.allocations}
    locked = select(Invoice).where(Invoice.id.in_(parts)).order_by(Invoice.id).with_for_update()
    for invoice in session.scalars(locked.execution_options(populate_existing=True)):
        invoice.paid_idr += parts[invoice.id]
    session.flush()
