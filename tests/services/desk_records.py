"""The fake desk's records in real tables, so that one test holds both desks to the same laws."""

from datetime import UTC, date, datetime, timedelta

from core.clock import VirtualClock
from core.database import Database
from crm.customers import Customer, CustomerPhone
from crm.orders import Invoice, Order
from crm.payment.sandbox import SandboxGateway
from crm.pins import set_pin
from crm.time_windows import WindowKind, WindowPlan
from ivr.database_desk import DatabaseDesk
from tests.unit.ivr.fake_desk import HOURS, FakeDesk

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
POSTCODE = "40115"


def database_desk(database: Database, fake: FakeDesk, clock: VirtualClock) -> DatabaseDesk:
    """A desk on the database with the customers, numbers, orders, bills, PINs and windows of this fake."""
    with database.writing() as session:
        for kind in WindowKind:
            for weekday in range(6):
                for from_hour, to_hour in HOURS:
                    session.add(
                        WindowPlan(
                            kind=kind, area=POSTCODE[:3], weekday=weekday, from_hour=from_hour, to_hour=to_hour,
                            capacity=fake.capacity,
                        )
                    )  # fmt: skip
        numbers: dict[int, list[str]] = {}
        for e164, callers in fake.callers_by_number.items():
            for caller in callers:
                numbers.setdefault(caller.customer_id, []).append(e164)
        for customer_id, e164s in numbers.items():
            facts = fake.caller(customer_id)
            assert facts is not None
            session.add(
                Customer(
                    id=customer_id, name=f"Customer {customer_id}", language=facts.language, segment=facts.segment,
                    external_id=facts.customer_number, postcode=POSTCODE, created_at=LONG_AGO, updated_at=LONG_AGO,
                    phones=[CustomerPhone(e164=e164) for e164 in e164s],
                )
            )  # fmt: skip
        session.flush()
        for order in fake.orders.values():
            session.add(
                Order(
                    number=order.number, customer_id=order.customer_id, status=order.status, placed_at=order.placed_at,
                    promised_on=order.promised_on, delivered_at=order.delivered_at, total_idr=order.total_idr,
                    courier=order.courier,
                )
            )  # fmt: skip
        for customer_id, bills in fake.bills.items():
            for bill in bills:
                issued_on: date = bill.due_on - timedelta(days=14)
                session.add(
                    Invoice(
                        number=bill.number, customer_id=customer_id, issued_on=issued_on, due_on=bill.due_on,
                        amount_idr=bill.open_idr, paid_idr=0,
                    )
                )  # fmt: skip
        for customer_id, pin in fake.pins.items():
            set_pin(session, customer_id, pin, LONG_AGO)
        session.commit()
    return DatabaseDesk(database, SandboxGateway(database, clock))
