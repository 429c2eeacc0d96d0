from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.clock import VirtualClock
from core.database import Database
from core.errors import BadInput
from crm.customers import Customer, CustomerPhone
from crm.order_numbers import order_number
from crm.orders import Invoice, Order
from ivr.line import Grammar, Heard, HungUp, Prompt
from ivr.menu import PersonWanted
from ivr.outcome import CallerGone, Contained, Outcome, RouteTo
from ivr.reasons import Reason
from ivr.reception import Reception
from ivr.runner import run
from ivr.visit import Visit
from tests.unit.ivr.fake_desk import KNOWN_ANI
from tests.unit.ivr.fake_line import SILENCE, FakeLine, visit

CLOCK = VirtualClock(datetime(2025, 2, 3, 20, 0, tzinfo=UTC))  # in Jakarta already the 4th, three in the morning
NUMBER = order_number(1_234_567)


class BrokenVoiceLine(FakeLine):
    """The voice fails at every sentence."""

    def say(self, *prompts: Prompt) -> None:
        raise RuntimeError("no sound")

    def ask_keys(self, *prompts: Prompt, most: int = 1, wait_s: float = 5.0) -> str:
        raise RuntimeError("no sound")

    def ask(self, *prompts: Prompt, grammar: Grammar, most: int = 1, wait_s: float = 5.0) -> Heard:
        raise RuntimeError("no sound")


def receive(line: FakeLine, database: Database, flow: str = "hotline", zone: str = "Asia/Jakarta") -> Outcome:
    return Reception(database, CLOCK, zone, Path("/nonexistent")).receive(flow, line)


def broken_flow(caller: Visit) -> Outcome:
    caller.identify(7, "en")
    raise KeyError("a mistake in a flow")


def test_a_mistake_in_a_flow_becomes_an_apology_and_a_person() -> None:
    line = FakeLine()
    assert run(broken_flow, visit(line)) == RouteTo("general", "flow_failed", "en", 7)
    assert line.keys_heard == ["sorry_flow_failed", "connecting"]


def test_somebody_is_looked_for_before_the_caller_hears_why_and_that_they_are_being_connected() -> None:
    def wants_a_person(_caller: Visit) -> Outcome:
        raise PersonWanted(Reason.NOT_UNDERSTOOD)

    line = FakeLine()
    wish = run(wants_a_person, visit(line))
    assert line.wishes == [(wish, 0)]
    assert line.keys_heard == ["sorry_not_understood", "connecting_general"]


def test_a_mistake_in_a_flow_with_the_caller_gone_is_a_caller_gone() -> None:
    assert run(broken_flow, visit(FakeLine(hang_up_at=1))) == CallerGone()


def test_a_caller_reaches_a_person_even_when_nothing_can_be_spoken(database: Database) -> None:
    assert receive(BrokenVoiceLine(), database) == RouteTo("general", "flow_failed", "id")


def test_a_hang_up_in_a_flow_is_a_result() -> None:
    def gone(_caller: Visit) -> Outcome:
        raise HungUp

    assert run(gone, visit(FakeLine())) == CallerGone()


def test_an_unknown_entry_point_or_time_zone_is_refused_by_name(database: Database) -> None:
    with pytest.raises(BadInput, match="'shop'"):
        receive(FakeLine(), database, flow="shop")
    with pytest.raises(BadInput, match="Asia/Atlantis"):
        receive(FakeLine(), database, zone="Asia/Atlantis")


def test_the_hotline_reads_from_the_real_tables_in_local_days(database: Database) -> None:
    moment = datetime(2025, 2, 1, 3, 0, tzinfo=UTC)
    with database.writing() as session:
        customer = Customer(name="Sri Wahyuni", address="Jalan Melati 5", language="id", created_at=moment, updated_at=moment)
        customer.phones.append(CustomerPhone(e164=KNOWN_ANI))
        session.add(customer)
        session.flush()
        session.add(
            Order(
                number=NUMBER,
                customer_id=customer.id,
                status="shipped",
                placed_at=moment,
                promised_on=date(2025, 2, 4),
                total_idr=1_250_000,
            )
        )
        session.add(
            Invoice(
                number="INV-7",
                customer_id=customer.id,
                issued_on=date(2025, 1, 1),
                due_on=date(2025, 2, 3),
                amount_idr=300_000,
                paid_idr=100_000,
            )
        )
        session.commit()
        customer_id = customer.id
    line = FakeLine(["1", SILENCE, "2", "2", SILENCE, SILENCE])
    assert receive(line, database) == Contained("bill:INV-7")
    told = " ".join(line.heard)
    assert line.known == [(customer_id, "id")]
    assert "Perkiraan tiba, hari ini." in told
    assert "satu juta dua ratus lima puluh ribu rupiah" in told
    assert "dua ratus ribu rupiah, yang jatuh tempo kemarin" in told
    assert "Sri" not in told
    assert "Melati" not in told


def test_a_database_without_tables_costs_an_apology_not_the_caller() -> None:
    empty = Database("sqlite://")
    line = FakeLine(["1", "2", NUMBER])
    try:
        assert receive(line, empty) == RouteTo("billing", "back_end_down:bill", "id")
    finally:
        empty.dispose()
    assert "sorry_back_end" in line.keys_heard
