"""Finding customers and their papers."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from core.database import Database
from core.ids import new_id
from crm.contact_history import Interaction
from crm.customers import Customer, CustomerEmail, CustomerPhone
from crm.lookup import customers_by_number, latest_order, open_invoices, order_by_number
from crm.order_numbers import order_number
from crm.orders import Invoice, Order, OrderStatus

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SHARED = "+62224201234"


def customer(session: Session, name: str, *phones: str, email: str = "", external_id: str | None = None) -> Customer:
    made = NOW - timedelta(days=900)
    person = Customer(
        name=name,
        external_id=external_id,
        created_at=made,
        updated_at=made,
        phones=[CustomerPhone(e164=phone) for phone in phones],
        emails=[CustomerEmail(address=email)] if email else [],
    )
    session.add(person)
    session.flush()
    return person


def order(session: Session, owner: Customer, serial: int, status: OrderStatus, days_ago: int) -> Order:
    placed = Order(
        number=order_number(serial), customer_id=owner.id, status=status, placed_at=NOW - timedelta(days=days_ago), total_idr=1000
    )  # fmt: skip
    session.add(placed)
    session.flush()
    return placed


def invoice(session: Session, owner: Customer, number: str, due_in_days: int, paid_idr: int) -> None:
    due_on = NOW.date() + timedelta(days=due_in_days)
    session.add(
        Invoice(number=number, customer_id=owner.id, issued_on=date(2026, 1, 1), due_on=due_on, amount_idr=1000, paid_idr=paid_idr)
    )
    session.flush()


def test_who_shares_a_number_comes_with_the_most_recently_active_first(database: Database) -> None:
    with database.writing() as session:
        idle, ordered, called = (customer(session, name, SHARED) for name in ("Idle", "Ordered", "Called"))
        customer(session, "Other", "+628112345678")
        order(session, ordered, 2_000_001, OrderStatus.DELIVERED, days_ago=30)
        order(session, called, 2_000_002, OrderStatus.DELIVERED, days_ago=90)
        session.add(Interaction(id=new_id(), customer_id=called.id, started_at=NOW - timedelta(days=1)))
        session.flush()
        assert customers_by_number(session, SHARED) == [called, ordered, idle]


def test_a_number_nobody_has_and_a_withheld_one_find_nobody(database: Database) -> None:
    with database.writing() as session:
        customer(session, "Sari", SHARED)
        assert customers_by_number(session, "+628999999999") == []
        assert customers_by_number(session, "") == []


def test_an_order_is_found_by_its_whole_number_only(database: Database) -> None:
    with database.writing() as session:
        placed = order(session, customer(session, "Sari"), 2_000_001, OrderStatus.PLACED, days_ago=1)
        assert order_by_number(session, placed.number) is placed
        assert order_by_number(session, placed.number[:-1]) is None
        assert order_by_number(session, "%") is None


def test_the_latest_order_is_the_newest_still_on_its_way(database: Database) -> None:
    with database.writing() as session:
        sari = customer(session, "Sari")
        order(session, sari, 2_000_001, OrderStatus.SHIPPED, days_ago=9)
        on_its_way = order(session, sari, 2_000_002, OrderStatus.PACKED, days_ago=5)
        order(session, sari, 2_000_003, OrderStatus.DELIVERED, days_ago=2)
        order(session, sari, 2_000_004, OrderStatus.CANCELLED, days_ago=1)
        assert latest_order(session, sari.id) is on_its_way


def test_without_one_on_its_way_the_latest_order_is_the_newest(database: Database) -> None:
    with database.writing() as session:
        sari = customer(session, "Sari")
        assert latest_order(session, sari.id) is None
        order(session, sari, 2_000_001, OrderStatus.DELIVERED, days_ago=9)
        newest = order(session, sari, 2_000_002, OrderStatus.DELIVERED, days_ago=2)
        assert latest_order(session, sari.id) is newest


def test_open_invoices_are_those_not_fully_paid_the_oldest_due_first(database: Database) -> None:
    with database.writing() as session:
        sari, budi = customer(session, "Sari"), customer(session, "Budi")
        invoice(session, sari, "late", due_in_days=9, paid_idr=0)
        invoice(session, sari, "paid", due_in_days=-9, paid_idr=1000)
        invoice(session, sari, "early", due_in_days=-3, paid_idr=999)
        invoice(session, budi, "of somebody else", due_in_days=-30, paid_idr=0)
        assert [bill.number for bill in open_invoices(session, sari.id)] == ["early", "late"]
