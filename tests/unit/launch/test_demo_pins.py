import stat
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from core.clock import VirtualClock
from core.database import Database
from crm.customers import Customer, CustomerPhone
from crm.demo import seed_demo
from crm.lookup import customer_by_external_id, open_invoices
from crm.pins import CustomerPin, PinResult, verify_pin
from launch.demo_pins import SOFT_PHONES, ensure_pins, pins_file, read_pins

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


def test_a_few_customers_prove_who_is_calling_with_what_is_on_file(database: Database, tmp_path: Path) -> None:
    seed_demo(database, VirtualClock(NOW), customers=200)

    pins = ensure_pins(database, tmp_path, NOW)

    assert read_pins(tmp_path) == pins
    assert stat.S_IMODE(pins_file(tmp_path).stat().st_mode) == 0o600
    assert pins[0].what.startswith(SOFT_PHONES)
    assert len({each.pin for each in pins}) == len({each.customer_number for each in pins}) == len(pins) > 8
    for each in pins:
        with database.reading() as session:
            customer = customer_by_external_id(session, each.customer_number)
            assert customer is not None
            assert each.e164 in session.scalars(select(CustomerPhone.e164).where(CustomerPhone.customer_id == customer.id)).all()
            assert bool(open_invoices(session, customer.id)) or "open bill" not in each.what
        assert verify_pin(database, customer.id, each.pin, each.e164, NOW).result is PinResult.RIGHT


def test_the_soft_phones_customer_has_one(database: Database, tmp_path: Path) -> None:
    seed_demo(database, VirtualClock(NOW), customers=20)
    with database.reading() as session:
        first = session.scalars(select(Customer.external_id).order_by(Customer.id)).first()
    assert ensure_pins(database, tmp_path, NOW)[0].customer_number == first


def test_run_again_nothing_changes_and_a_pin_that_was_changed_stays(database: Database, tmp_path: Path) -> None:
    seed_demo(database, VirtualClock(NOW), customers=50)
    pins = ensure_pins(database, tmp_path, NOW)
    with database.reading() as session:
        before = session.execute(select(CustomerPin.customer_id, CustomerPin.pin_hash)).all()

    assert ensure_pins(database, tmp_path, NOW) == pins

    with database.reading() as session:
        assert session.execute(select(CustomerPin.customer_id, CustomerPin.pin_hash)).all() == before


def test_a_file_of_an_earlier_halo_is_read_as_it_is(tmp_path: Path) -> None:
    pins_file(tmp_path).parent.mkdir()
    pins_file(tmp_path).write_text("# PINs\n10000017   735190   +628111000001\n", encoding="utf-8")
    assert [(pin.customer_number, pin.pin, pin.what) for pin in read_pins(tmp_path)] == [("10000017", "735190", "")]


def test_without_customers_there_are_none(database: Database, tmp_path: Path) -> None:
    assert ensure_pins(database, tmp_path, NOW) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CustomerPin)) == 0
