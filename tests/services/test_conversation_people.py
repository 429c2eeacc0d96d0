"""The people of conversations in the records of a Halo at work: laid out, laid out anew, put away, and nobody else touched."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, func, select

from core.database import Base, Database
from core.errors import BadInput
from crm.appointments import Appointment
from crm.customers import Customer, CustomerPhone
from crm.deliveries import DeliveryBooking, Rescheduled
from crm.orders import Invoice, Order
from crm.pins import PinResult, verify_pin
from crm.time_windows import TimeWindow, WindowPlan
from ivr.conversations.people import AGUS, BUDI, EVERYBODY, PIN, RINA, SARI
from ivr.conversations.people_records import lay_out, put_away
from ivr.database_desk import DatabaseDesk

TODAY = date(2025, 2, 3)
NOW = datetime(2025, 2, 3, 2, 30, tzinfo=UTC)


def laid_out(database: Database, whose=EVERYBODY) -> dict[int, str]:
    with database.writing() as session:
        names = lay_out(session, TODAY, whose)
        session.commit()
    return names


def count(database: Database, table: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def id_of(names: dict[int, str], name: str) -> int:
    return next(customer_id for customer_id, each in names.items() if each == name)


def reschedule(database: Database) -> Rescheduled:
    desk = DatabaseDesk(database)
    window = desk.delivery_windows(RINA.order, NOW)[0]
    return desk.reschedule(RINA.order, window, NOW, "")


def test_laying_out_again_is_as_it_was_and_keeps_the_customers(database: Database) -> None:
    names = laid_out(database)
    assert list(names.values()) == [person.name for person in EVERYBODY]
    before = [count(database, table) for table in (Customer, CustomerPhone, Order, Invoice, WindowPlan, TimeWindow)]
    assert reschedule(database) is Rescheduled.CHANGED
    assert laid_out(database) == names
    assert [count(database, table) for table in (Customer, CustomerPhone, Order, Invoice, WindowPlan, TimeWindow)] == before
    assert count(database, DeliveryBooking) == 0


def test_one_persons_records_are_laid_out_without_touching_the_others(database: Database) -> None:
    names = laid_out(database)
    assert reschedule(database) is Rescheduled.CHANGED
    for _ in range(3):
        verify_pin(database, id_of(names, "Budi"), "111222", BUDI.number, NOW)
    assert laid_out(database, [BUDI]) == names
    assert count(database, DeliveryBooking) == 1
    assert verify_pin(database, id_of(names, "Budi"), PIN, BUDI.number, NOW).result is PinResult.RIGHT
    laid_out(database, [RINA, AGUS])
    assert count(database, DeliveryBooking) == 0


def test_put_away_nothing_stays_but_the_customers(database: Database) -> None:
    names = laid_out(database)
    reschedule(database)
    with database.writing() as session:
        put_away(session)
        session.commit()
    assert [count(database, table) for table in (Order, Invoice, WindowPlan, TimeWindow, Appointment)] == [0] * 5
    assert count(database, Customer) == len(EVERYBODY)
    assert laid_out(database) == names


def test_other_customers_keep_all_they_have(database: Database) -> None:
    with database.writing() as session:
        other = Customer(name="Tini", external_id="1000016", created_at=NOW, updated_at=NOW)
        session.add(other)
        session.flush()
        session.add(Order(number="10000008", customer_id=other.id, status="placed", placed_at=NOW, total_idr=1, courier=""))
        session.commit()
    laid_out(database)
    with database.writing() as session:
        put_away(session)
        session.commit()
    with database.reading() as session:
        assert session.scalars(select(Order.number)).all() == ["10000008"]


def test_a_number_that_belongs_to_somebody_else_is_left_to_them(database: Database) -> None:
    with database.writing() as session:
        other = Customer(name="Sari", external_id=SARI.customer_number, postcode="40111", created_at=NOW, updated_at=NOW)
        session.add(other)
        session.commit()
    with pytest.raises(BadInput, match="belongs to conversations"):
        laid_out(database)
    with database.writing() as session:
        session.execute(delete(Customer))
        session.commit()
    names = laid_out(database)
    with database.writing() as session:
        order = session.scalars(select(Order).where(Order.number == SARI.order)).one()
        order.customer_id = id_of(names, "Dewi")
        session.commit()
    with pytest.raises(BadInput, match="belongs to conversations"):
        laid_out(database, [SARI])
