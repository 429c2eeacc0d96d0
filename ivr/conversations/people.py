"""The few customers that conversations are about: fixed, small, and with one thing of every kind.

Days stand relative to `today`, so the same conversation holds on any day, in a file and on a real phone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from crm.customer_numbers import customer_number
from crm.customers import Customer, CustomerPhone
from crm.deliveries import TRACKING_WORDS, TrackingCode, TrackingEvent
from crm.order_numbers import order_number
from crm.orders import Invoice, Order, OrderStatus
from crm.payment.records import Payment, PaymentAllocation, PaymentMethod, PaymentStatus
from crm.pins import set_pin
from crm.tickets import Ticket, TicketStatus
from crm.time_windows import WindowKind, WindowPlan

PIN = "735190"
# Far from the numbers that a shop begins with, so that the set fits beside any other data.
FIRST_CUSTOMER = 990_001
UNKNOWN_ORDER = order_number(9_900_999)
_POSTCODE = "99915"
_HOURS = ((9, 12), (13, 17))


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the data set. `number` is the one they call from."""

    name: str
    number: str
    language: str | None
    segment: str = "regular"
    order: str = ""
    pin: str = ""


SARI = Person("Sari", "+628111000001", "id", order=order_number(9_900_000), pin=PIN)
BUDI = Person("Budi", "+628111000002", "en", "vip", order=order_number(9_900_001), pin=PIN)
DEWI = Person("Dewi", "+628111000003", None)
RINA = Person("Rina", "+62215550123", "id", order=order_number(9_900_003), pin=PIN)
AGUS = Person("Agus", "+62215550123", "id", order=order_number(9_900_004))
EVERYBODY = (SARI, BUDI, DEWI, RINA, AGUS)

# Who a conversation can name as its caller, and the number that Halo sees.
WHO: Mapping[str, str] = {
    "Sari": SARI.number, "Budi": BUDI.number, "Dewi": DEWI.number, "family": RINA.number,
    "stranger": "+628998887776", "withheld": "",
}  # fmt: skip


def person_of(customer_id: int | None, first_id: int) -> str:
    """The name of a customer of the set whose ids begin at `first_id`; "nobody" for None."""
    if customer_id is None:
        return "nobody"
    return EVERYBODY[customer_id - first_id].name


def lay_out(session: Session, today: date) -> int:
    """Write the data set as it stands on `today`; returns the first customer's id, the others follow. Does not commit."""
    long_ago = datetime.combine(today - timedelta(days=400), time(3), UTC)
    for kind in WindowKind:
        for weekday in range(7):
            for from_hour, to_hour in _HOURS:
                session.add(
                    WindowPlan(
                        kind=kind, area=_POSTCODE[:3], weekday=weekday, from_hour=from_hour, to_hour=to_hour, capacity=5
                    )
                )  # fmt: skip
    rows = [
        Customer(
            name=person.name, language=person.language, segment=person.segment, external_id=customer_number(FIRST_CUSTOMER + index),
            postcode=_POSTCODE, created_at=long_ago, updated_at=long_ago, phones=[CustomerPhone(e164=person.number)],
        )
        for index, person in enumerate(EVERYBODY)
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    sari, budi, _dewi, rina, agus = (row.id for row in rows)
    for person, row in zip(EVERYBODY, rows, strict=True):
        if person.pin:
            set_pin(session, row.id, person.pin, long_ago)
    _orders(session, today, {sari: SARI.order, budi: BUDI.order, rina: RINA.order, agus: AGUS.order})
    _bills(session, today, sari, budi, rina)
    _tickets(session, today, sari, budi)
    return sari


def _orders(session: Session, today: date, numbers: Mapping[int, str]) -> None:
    stands = (
        (OrderStatus.OUT_FOR_DELIVERY, 3, 1, 412_000),
        (OrderStatus.DELIVERED, 9, -2, 1_250_000),
        (OrderStatus.PLACED, 1, 4, 89_000),
        (OrderStatus.SHIPPED, 6, -1, 300_000),
    )
    for (customer_id, number), (status, placed_days, promised_days, total_idr) in zip(numbers.items(), stands, strict=True):
        placed_at = _at(today, -placed_days, 3)
        promised_on = today + timedelta(days=promised_days)
        delivered = status is OrderStatus.DELIVERED
        order = Order(
            number=number, customer_id=customer_id, status=status, placed_at=placed_at, promised_on=promised_on,
            delivered_at=_at(today, promised_days, 4) if delivered else None, total_idr=total_idr, courier="Kilat",
        )  # fmt: skip
        session.add(order)
        session.flush()
        passed = [TrackingCode.PLACED] if status is OrderStatus.PLACED else [TrackingCode.PLACED, TrackingCode.HANDED_OVER]
        for index, code in enumerate(passed):
            in_indonesian, in_english = TRACKING_WORDS[code]
            session.add(
                TrackingEvent(
                    order_id=order.id, at=placed_at + timedelta(hours=5 * index), code=code, place="Bandung",
                    what_id=in_indonesian, what_en=in_english,
                )
            )  # fmt: skip


def _bills(session: Session, today: date, sari: int, budi: int, rina: int) -> None:
    stands = (
        ("INV-9001", sari, 7, 412_000, 0),
        ("INV-9002", budi, -14, 150_000, 0),
        ("INV-9003", budi, 17, 50_000, 0),
        ("INV-9004", rina, -3, 89_000, 89_000),
    )
    for number, customer_id, due_days, amount_idr, paid_idr in stands:
        due_on = today + timedelta(days=due_days)
        invoice = Invoice(
            number=number, customer_id=customer_id, issued_on=due_on - timedelta(days=14), due_on=due_on, amount_idr=amount_idr,
            paid_idr=paid_idr,
        )  # fmt: skip
        session.add(invoice)
        session.flush()
        if paid_idr:
            session.add(
                Payment(
                    key=f"conversation-{number}", customer_id=customer_id, amount_idr=paid_idr, method=PaymentMethod.TRANSFER,
                    status=PaymentStatus.RECEIVED, begun_at=_at(today, -4, 2), received_at=_at(today, -4, 3),
                    allocations=[PaymentAllocation(invoice_id=invoice.id, amount_idr=paid_idr)],
                )
            )  # fmt: skip


def _tickets(session: Session, today: date, sari: int, budi: int) -> None:
    session.add(
        Ticket(
            number="T900001", customer_id=sari, subject="Masalah pengiriman", category="delivery", priority=2,
            status=TicketStatus.OPEN, opened_at=_at(today, -1, 2), due_at=_at(today, 1, 2),
        )
    )  # fmt: skip
    session.add(
        Ticket(
            number="T900002", customer_id=budi, subject="Trouble with a product", category="product", priority=3,
            status=TicketStatus.SOLVED, opened_at=_at(today, -20, 2), due_at=_at(today, -17, 2), solved_at=_at(today, -18, 2),
        )
    )  # fmt: skip


def _at(today: date, days: int, hour_utc: int) -> datetime:
    return datetime.combine(today + timedelta(days=days), time(hour_utc), UTC)
