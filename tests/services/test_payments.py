"""Taking payments: exactly once towards the gateway, whatever dies in between, and no card number anywhere."""

import logging
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.clock import VirtualClock
from core.database import Base, Database
from core.errors import SettingsError, Unavailable
from core.ids import new_id
from core.settings import load_settings
from crm.lookup import open_invoices
from crm.orders import Invoice
from crm.payment.answers import PaymentState, last_payment
from crm.payment.cards import Card, CardExpiry, CardNumber, SecurityCode
from crm.payment.gateway import Charge, ChargeState, PaymentGateway
from crm.payment.jobs import settle_job
from crm.payment.providers import gateway_named
from crm.payment.records import Payment, PaymentAllocation, PaymentMethod, PaymentStatus
from crm.payment.sandbox import APPROVED_CARDS, CHARGED_WITHOUT_ANSWER, DECLINED_CARDS, LOST_ON_THE_WAY, SandboxGateway
from crm.payment.taking import BANK_WAITS, SETTLE_AFTER, PaymentResult, Taken, record_payment, settle_pending, take_payment
from launch.settings_file import write_settings
from tests.services.crowd import at_once, times
from tests.services.desk_records import database_desk
from tests.unit.ivr.fake_desk import FakeDesk
from tests.unit.ivr.fake_line import NOW

BILLS, TOTAL_IDR = ["INV-0043", "INV-0050"], 200_000
LATER = NOW + SETTLE_AFTER
CODE = "739"


@dataclass
class RecordingGateway:
    """The sandbox, which remembers what it was asked to charge, and fails when it is told to."""

    sandbox: SandboxGateway
    charged: list[str] = field(default_factory=list)
    dies: Exception | None = None
    dies_after: Exception | None = None

    def charge(self, key: str, amount_idr: int, card: Card) -> Charge:
        if self.dies:
            raise self.dies
        charge = self.sandbox.charge(key, amount_idr, card)
        if charge.state is ChargeState.APPROVED:
            self.charged.append(key)
        if self.dies_after:
            raise self.dies_after
        return charge

    def close(self, key: str) -> Charge:
        if self.dies:
            raise self.dies
        return self.sandbox.close(key)


@pytest.fixture
def gateway(database: Database) -> RecordingGateway:
    database_desk(database, FakeDesk(), VirtualClock(NOW))
    return RecordingGateway(SandboxGateway(database, VirtualClock(NOW)))


def pay(database: Database, gateway: PaymentGateway, number: str = APPROVED_CARDS[0]) -> PaymentResult:
    card = Card(CardNumber(number), CardExpiry(2026, 1), SecurityCode(CODE))
    return take_payment(database, gateway, 8, BILLS, TOTAL_IDR, card, NOW, new_id())


def payments(database: Database) -> list[Payment]:
    with database.reading() as session:
        return list(session.scalars(select(Payment).order_by(Payment.id)))


def open_idr(database: Database) -> int:
    with database.reading() as session:
        return sum(invoice.open_idr for invoice in open_invoices(session, 8))


def test_many_who_pay_the_same_at_once_are_charged_once(database: Database, gateway: RecordingGateway) -> None:
    results = at_once(*times(6, lambda: pay(database, gateway).taken))
    assert results.count(Taken.APPROVED) == 1
    assert set(results) <= {Taken.APPROVED, Taken.IN_PROGRESS, Taken.ALREADY_PAID}
    assert len(gateway.charged) == 1
    assert open_idr(database) == 0


@pytest.mark.parametrize("number", [APPROVED_CARDS[0], next(iter(DECLINED_CARDS)), CHARGED_WITHOUT_ANSWER])
def test_no_digit_of_a_card_is_stored_or_logged(
    database: Database, gateway: RecordingGateway, number: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    pay(database, gateway, number)
    with database.reading() as session:
        stored = [str(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    written = "\n".join([*stored, caplog.text, *capsys.readouterr()])
    assert "visa" in written
    assert number not in written
    # As a word of its own: a key that was drawn by chance may hold any four digits.
    assert not re.search(rf"(?<![0-9a-f]){number[-4:]}(?![0-9a-f])", "\n".join(row for row in stored if "visa" in row))
    assert f"'{CODE}'" not in written


def test_a_library_that_quotes_the_card_in_its_error_quotes_it_to_nobody(
    database: Database, gateway: RecordingGateway, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway.dies = RuntimeError(f"bad request: card {APPROVED_CARDS[0]}")
    assert pay(database, gateway).taken is Taken.UNKNOWN
    assert APPROVED_CARDS[0] not in caplog.text + "".join(capsys.readouterr())


def test_the_intent_is_on_record_before_the_gateway_is_asked(database: Database, gateway: RecordingGateway) -> None:
    seen: list[tuple[str, str]] = []

    class Watching(RecordingGateway):
        def charge(self, key: str, amount_idr: int, card: Card) -> Charge:
            seen.extend((payment.key, payment.status) for payment in payments(database))
            assert seen == [(key, PaymentStatus.PENDING)]
            return super().charge(key, amount_idr, card)

    assert pay(database, Watching(gateway.sandbox)).taken is Taken.APPROVED
    assert len(seen) == 1


def test_a_crash_after_the_charge_is_settled_as_paid_and_not_charged_again(database: Database, gateway: RecordingGateway) -> None:
    gateway.dies_after = KeyboardInterrupt()  # as if the process were killed: no handler of ours sees it
    with pytest.raises(KeyboardInterrupt):
        pay(database, gateway)
    assert open_idr(database) == TOTAL_IDR
    assert pay(database, gateway).taken is Taken.IN_PROGRESS
    gateway.dies_after = None
    assert settle_pending(database, gateway, LATER) == 1
    assert open_idr(database) == 0
    assert pay(database, gateway).taken is Taken.ALREADY_PAID
    assert len(gateway.charged) == 1


def test_a_crash_before_the_charge_is_settled_as_lost_and_can_be_paid_then(database: Database, gateway: RecordingGateway) -> None:
    gateway.dies = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        pay(database, gateway)
    gateway.dies = None
    assert settle_pending(database, gateway, LATER) == 1
    (lost,) = payments(database)
    assert (lost.status, lost.received_at) == (PaymentStatus.LOST, None)
    assert pay(database, gateway).taken is Taken.APPROVED
    assert len(gateway.charged) == 1


def test_a_charge_that_comes_after_the_final_word_is_refused(database: Database, gateway: RecordingGateway) -> None:
    """The slowest race: the sweep closes the key while the charge is still on its way."""

    class Overtaken(RecordingGateway):
        def charge(self, key: str, amount_idr: int, card: Card) -> Charge:
            assert settle_pending(database, self, LATER) == 1
            return super().charge(key, amount_idr, card)

    slow = Overtaken(gateway.sandbox)
    assert pay(database, slow).taken is Taken.UNKNOWN
    assert slow.charged == []
    assert open_idr(database) == TOTAL_IDR
    assert pay(database, gateway).taken is Taken.APPROVED


def test_a_lost_answer_and_a_lost_charge_are_settled_as_what_they_were(database: Database, gateway: RecordingGateway) -> None:
    assert pay(database, gateway, LOST_ON_THE_WAY).taken is Taken.UNKNOWN
    assert settle_pending(database, gateway, LATER - timedelta(seconds=1)) == 0
    assert settle_pending(database, gateway, LATER) == 1
    assert pay(database, gateway, CHARGED_WITHOUT_ANSWER).taken is Taken.UNKNOWN
    assert settle_pending(database, gateway, LATER) == 1
    assert [payment.status for payment in payments(database)] == [PaymentStatus.LOST, PaymentStatus.RECEIVED]
    assert open_idr(database) == 0


def test_settling_again_or_by_several_at_once_changes_nothing(database: Database, gateway: RecordingGateway) -> None:
    pay(database, gateway, CHARGED_WITHOUT_ANSWER)
    at_once(*times(4, lambda: settle_pending(database, gateway, LATER)))
    assert settle_pending(database, gateway, LATER) == 0
    with database.reading() as session:
        paid = session.scalars(select(Invoice.paid_idr).where(Invoice.number.in_(BILLS)).order_by(Invoice.number)).all()
    assert paid == [150_000, 50_000]


def test_while_a_gateway_is_away_a_payment_stays_pending(database: Database, gateway: RecordingGateway) -> None:
    pay(database, gateway, CHARGED_WITHOUT_ANSWER)
    gateway.dies = Unavailable("away")
    assert settle_pending(database, gateway, LATER) == 0
    gateway.dies = None
    assert settle_pending(database, gateway, LATER) == 1


def test_a_database_that_fails_after_the_charge_leaves_it_to_the_sweep(
    database: Database, gateway: RecordingGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise OperationalError("UPDATE invoices", None, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr("crm.payment.taking._receive", broken)
        with pytest.raises(OperationalError):
            pay(database, gateway)
    assert [payment.status for payment in payments(database)] == [PaymentStatus.PENDING]
    assert settle_pending(database, gateway, LATER) == 1
    assert open_idr(database) == 0


def test_a_key_counts_once_at_the_sandbox_whatever_comes_after(database: Database, gateway: RecordingGateway) -> None:
    card, key = Card(CardNumber(APPROVED_CARDS[0]), CardExpiry(2026, 1)), new_id()
    first = gateway.sandbox.charge(key, 1000, card)
    declined = Card(CardNumber("4000000000000002"), CardExpiry(2026, 1))
    assert gateway.sandbox.charge(key, 9999, declined) == gateway.sandbox.close(key) == first
    assert first.state is ChargeState.APPROVED
    assert first.token
    assert first.token != gateway.sandbox.charge(new_id(), 1000, card).token


def test_money_that_came_another_way_is_kept_once_and_pays_in_part(database: Database, gateway: RecordingGateway) -> None:
    key = new_id()
    for _twice in range(2):
        with database.writing() as session:
            invoice_id = session.scalars(select(Invoice.id).where(Invoice.number == "INV-0043")).one()
            record_payment(session, key, 8, PaymentMethod.TRANSFER, "BCA 1", NOW, {invoice_id: 100_000})
            session.commit()
    with database.reading() as session:
        state = last_payment(session, 8)
        assert (state.state, state.amount_idr, state.open_idr, state.method) == (PaymentState.PARTLY, 100_000, 50_000, "transfer")
        assert state.invoices == ("INV-0043",)
        (first, _second) = open_invoices(session, 8)
        assert (first.number, first.open_idr, first.due_on) == ("INV-0043", 50_000, date(2025, 1, 20))


def test_a_transfer_that_was_begun_is_waited_for_a_day(database: Database, gateway: RecordingGateway) -> None:
    with database.writing() as session:
        invoice_id = session.scalars(select(Invoice.id).where(Invoice.number == "INV-0043")).one()
        part = PaymentAllocation(invoice_id=invoice_id, amount_idr=150_000)
        begun = Payment(
            key=new_id(), customer_id=8, amount_idr=150_000, method=PaymentMethod.TRANSFER.value, begun_at=NOW, allocations=[part]
        )
        session.add(begun)
        session.commit()
    assert pay(database, gateway).taken is Taken.IN_PROGRESS
    with database.writing() as session:
        session.get_one(Payment, begun.id).begun_at = NOW - BANK_WAITS
        session.commit()
    assert pay(database, gateway).taken is Taken.APPROVED
    assert settle_pending(database, gateway, LATER) == 0  # no gateway knows of a transfer


def test_gateways_are_known_by_name(database: Database) -> None:
    assert gateway_named("", database, VirtualClock(NOW)) is None
    assert isinstance(gateway_named("sandbox", database, VirtualClock(NOW)), SandboxGateway)
    with pytest.raises(SettingsError, match="'bank'"):
        gateway_named("bank", database, VirtualClock(NOW))


def test_the_workers_job_settles_on_its_own_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings(tmp_path, {})
    monkeypatch.setenv("HALO_HOME", str(tmp_path))
    own = Database(load_settings().database)
    Base.metadata.create_all(own.engine)
    desk = database_desk(own, FakeDesk(), VirtualClock(NOW))
    desk.take_payment(8, BILLS, TOTAL_IDR, Card(CardNumber(CHARGED_WITHOUT_ANSWER), CardExpiry(2026, 1)), NOW)
    assert settle_job("sandbox") == 1
    assert settle_job("sandbox") == 0
    assert open_idr(own) == 0
    own.dispose()
