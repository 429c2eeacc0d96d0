"""What is on record about the people of conversations: laid out as it stands on a day, and put away again.

Days stand relative to `today`, so the same conversation holds on any day, in a file and on a real phone.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from core.database import insert_missing
from core.errors import BadInput
from crm.appointments import Appointment, AppointmentChange
from crm.customers import Customer, CustomerPhone
from crm.deliveries import TRACKING_WORDS, DeliveryBooking, TrackingCode, TrackingEvent
from crm.number_tries import forget_number_tries
from crm.orders import Invoice, Order, OrderStatus
from crm.payment.records import Payment, PaymentAllocation, PaymentMethod, PaymentStatus
from crm.pins import CustomerPin, forget_tries, set_pin
from crm.surveys import SurveyAnswer
from crm.tickets import Ticket, TicketStatus
from crm.time_windows import TimeWindow, WindowKind, WindowPlan
from ivr.conversations.people import AGUS, BUDI, EVERYBODY, RINA, SARI, WHO, Person

_POSTCODE = "99915"
_AREA = _POSTCODE[:3]
_HOURS = ((9, 12), (13, 17))
_CAPACITY = 5
_ELSEWHERE = "Hold conversations by phone in another installation."


def lay_out(session: Session, today: date, whose: Collection[Person] = EVERYBODY) -> dict[int, str]:
    """Write what is on record about these people as it stands on `today`, in the place of whatever was there about them.

    Returns the name of every person of the set who is there, by the customer's id. Does not commit. Raises BadInput where a
    number of the set belongs to somebody else.
    """
    ids = {person.name: _customer(session, person, today).id for person in whose}
    _clear(session, list(ids.values()))
    _plan_windows(session)
    long_ago = _long_ago(today)
    for person in whose:
        if person.pin:
            set_pin(session, ids[person.name], person.pin, long_ago)
    _orders(session, today, ids)
    _bills(session, today, ids)
    _tickets(session, today, ids)
    session.flush()
    return _names(session)


def put_away(session: Session) -> None:
    """Leave nothing of the set but the customers themselves, to whom calls on record belong. Does not commit."""
    _clear(session, list(_names(session)))
    hours = [and_(WindowPlan.from_hour == from_hour, WindowPlan.to_hour == to_hour) for from_hour, to_hour in _HOURS]
    session.execute(delete(WindowPlan).where(WindowPlan.area == _AREA, WindowPlan.capacity == _CAPACITY, or_(*hours)))


def _customer(session: Session, person: Person, today: date) -> Customer:
    row = session.scalar(select(Customer).where(Customer.external_id == person.customer_number))
    if row is None:
        row = Customer(
            external_id=person.customer_number, name=person.name, postcode=_POSTCODE, created_at=_long_ago(today),
            updated_at=_long_ago(today), phones=[CustomerPhone(e164=person.number)],
        )  # fmt: skip
        session.add(row)
    elif row.postcode != _POSTCODE or [phone.e164 for phone in row.phones] != [person.number]:
        raise BadInput(f"A customer of yours has the number {person.customer_number}, which belongs to conversations.", _ELSEWHERE)
    row.language, row.segment = person.language, person.segment
    session.flush()
    return row


def _names(session: Session) -> dict[int, str]:
    by_number = {person.customer_number: person.name for person in EVERYBODY}
    wanted = select(Customer.id, Customer.external_id).where(Customer.external_id.in_(by_number)).order_by(Customer.external_id)
    return {customer_id: by_number[number] for customer_id, number in session.execute(wanted) if number}


def _clear(session: Session, ids: Collection[int]) -> None:
    """Everything that these customers have, wrong PINs included, and the places that they had taken in their area."""
    for table in (Payment, Invoice, Order, Ticket, Appointment, SurveyAnswer, CustomerPin):
        session.execute(delete(table).where(table.customer_id.in_(ids)))
    forget_tries(session, ids, [number for number in WHO.values() if number])
    forget_number_tries(session, WHO.values())
    taken = [TimeWindow.id.not_in(select(table.window_id)) for table in (DeliveryBooking, Appointment, AppointmentChange)]
    session.execute(delete(TimeWindow).where(TimeWindow.area == _AREA, TimeWindow.capacity == _CAPACITY, *taken))


def _plan_windows(session: Session) -> None:
    for kind in WindowKind:
        for weekday in range(7):
            for from_hour, to_hour in _HOURS:
                plan = {"kind": kind.value, "area": _AREA, "weekday": weekday, "from_hour": from_hour, "to_hour": to_hour}
                insert_missing(session, WindowPlan, {**plan, "capacity": _CAPACITY})


def _orders(session: Session, today: date, ids: Mapping[str, int]) -> None:
    stands = {
        SARI: (OrderStatus.OUT_FOR_DELIVERY, 3, 1, 412_000),
        BUDI: (OrderStatus.DELIVERED, 9, -2, 1_250_000),
        RINA: (OrderStatus.PLACED, 1, 4, 89_000),
        AGUS: (OrderStatus.SHIPPED, 6, -1, 300_000),
    }
    for person, (status, placed_days, promised_days, total_idr) in stands.items():
        if person.name not in ids:
            continue
        if session.scalar(select(Order.id).where(Order.number == person.order)) is not None:
            raise BadInput(f"An order of yours has the number {person.order}, which belongs to conversations.", _ELSEWHERE)
        placed_at = _at(today, -placed_days, 3)
        promised_on = today + timedelta(days=promised_days)
        delivered = status is OrderStatus.DELIVERED
        order = Order(
            number=person.order, customer_id=ids[person.name], status=status, placed_at=placed_at, promised_on=promised_on,
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


def _bills(session: Session, today: date, ids: Mapping[str, int]) -> None:
    stands = (
        ("INV-9001", SARI, 7, 412_000, 0),
        ("INV-9002", BUDI, -14, 150_000, 0),
        ("INV-9003", BUDI, 17, 50_000, 0),
        ("INV-9004", RINA, -3, 89_000, 89_000),
    )
    for number, person, due_days, amount_idr, paid_idr in stands:
        if person.name not in ids:
            continue
        customer_id = ids[person.name]
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


def _tickets(session: Session, today: date, ids: Mapping[str, int]) -> None:
    tickets = {
        SARI: Ticket(
            number="T900001", subject="Masalah pengiriman", category="delivery", priority=2, status=TicketStatus.OPEN,
            opened_at=_at(today, -1, 2), due_at=_at(today, 1, 2),
        ),
        BUDI: Ticket(
            number="T900002", subject="Trouble with a product", category="product", priority=3, status=TicketStatus.SOLVED,
            opened_at=_at(today, -20, 2), due_at=_at(today, -17, 2), solved_at=_at(today, -18, 2),
        ),
    }  # fmt: skip
    for person, ticket in tickets.items():
        if person.name in ids:
            ticket.customer_id = ids[person.name]
            session.add(ticket)


def _at(today: date, days: int, hour_utc: int) -> datetime:
    return datetime.combine(today + timedelta(days=days), time(hour_utc), UTC)


def _long_ago(today: date) -> datetime:
    return _at(today, -400, 3)
