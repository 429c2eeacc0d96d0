"""Was it received, and paying by card: what is said, what is charged, and that no digit leaves the line."""

import logging
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.clock import VirtualClock
from core.database import Database
from crm.payment.answers import LastPayment, PaymentState
from crm.payment.cards import passes_luhn
from crm.payment.sandbox import APPROVED_CARDS, CHARGED_WITHOUT_ANSWER, DECLINED_CARDS, LOST_ON_THE_WAY
from crm.payment.taking import MOST_DECLINED, SETTLE_AFTER
from ivr.desk import BillFacts
from ivr.flow_run import run_flow
from ivr.line import Heard, Prompt
from ivr.outcome import Contained, RouteTo
from ivr.reception import Reception
from ivr.runner import run
from ivr.services import card_entry
from ivr.services.questions import confirms
from tests.unit.ivr.callers import call, desk_with_pin
from tests.unit.ivr.fake_desk import PIN, FakeDesk
from tests.unit.ivr.fake_line import NOW, SILENCE, FakeLine, says, visit

PAY, RECEIVED = says("bayar dengan kartu"), says("pembayaran saya")
CARD, EXPIRY, CODE = APPROVED_CARDS[0], "1227", "123"
YES, NO = "1", "2"
DECLINED = next(iter(DECLINED_CARDS))


def longer(beginning: str, length: int) -> str:
    """A card number that begins so, with the check digit that makes it right."""
    digits = beginning.ljust(length - 1, "0")
    return next(digits + last for last in "0123456789" if passes_luhn(digits + last))


def entered(number: str = CARD) -> tuple[str, str, str]:
    return number, EXPIRY, CODE


# Received?


@pytest.mark.parametrize(
    ("last", "keys"),
    [
        (LastPayment(PaymentState.NONE), ["payment_none"]),
        (LastPayment(PaymentState.RECEIVED, 412_000, NOW - timedelta(days=1), 0, "card", ("INV-0041",)), ["payment_received"]),
        (LastPayment(PaymentState.PENDING, 412_000, NOW, 412_000, "transfer", ("INV-0042",)), ["payment_pending"]),
        (LastPayment(PaymentState.PARTLY, 100_000, NOW, 312_000, "transfer", ("INV-0042",)), ["payment_received", "payment_rest"]),
    ],
)
def test_every_state_of_a_payment_is_told(last: LastPayment, keys: list[str]) -> None:
    desk = desk_with_pin()
    desk.last_payments = {7: last}
    line, outcome = call([RECEIVED, PIN, SILENCE], desk)
    assert [key for key in line.keys_heard if key.startswith("payment_") and not key.startswith("payment_menu")] == keys
    assert outcome == Contained(f"payment_state:{last.invoices[0]}" if last.invoices else "payment_state")


# By card


@pytest.mark.parametrize("way", [[PAY], ["4", "2", "2"], ["2", SILENCE, "3"]], ids=["voice", "keys", "after the bill"])
def test_a_bill_is_paid_once_after_a_yes_to_card_and_amount(way: list[str | Heard]) -> None:
    desk = desk_with_pin()
    line, outcome = call([*way, PIN, *entered(), YES, SILENCE], desk)
    assert outcome == Contained("pay_by_card:INV-0042")
    assert desk.charges_idr == [412_000]
    assert desk.open_bills(7) == ()
    assert "Kami bayarkan empat ratus dua belas ribu rupiah dengan kartu Visa sekarang?" in line.heard
    assert "Pembayaran empat ratus dua belas ribu rupiah berhasil. Terima kasih." in line.heard


@pytest.mark.parametrize("end", ["", "#"], ids=["silence", "hash"])
@pytest.mark.parametrize(
    ("beginning", "length", "brand"),
    [
        ("4", 13, "Visa"), ("4", 19, "Visa"), ("34", 15, "American Express"), ("62", 17, "Union Pay"), ("62", 18, "Union Pay"),
        ("62", 19, "Union Pay"), ("5018", 12, "Maestro"), ("6304", 19, "Maestro"),
    ],
)  # fmt: skip
def test_cards_of_every_length_are_typed(beginning: str, length: int, brand: str, end: str) -> None:
    desk = desk_with_pin()
    code = "1234" if brand == "American Express" else CODE
    line, outcome = call([PAY, PIN, longer(beginning, length) + end, EXPIRY, code, YES, SILENCE], desk)
    assert outcome == Contained("pay_by_card:INV-0042")
    assert desk.charges_idr == [412_000]
    assert f"Kami bayarkan empat ratus dua belas ribu rupiah dengan kartu {brand} sekarang?" in line.heard


def test_a_card_that_can_be_no_longer_is_waited_for_no_longer() -> None:
    whole_at = {number: card_entry.NUMBER.missing(number) for number in (APPROVED_CARDS[1], longer("37", 15), "4" * 19)}
    assert set(whole_at.values()) == {0}
    union_pay = longer("62", 16)
    assert card_entry.NUMBER.missing(union_pay) == 1
    assert card_entry.NUMBER.wait_s(union_pay) < card_entry.NUMBER.wait_s(longer("4", 13)) == card_entry.NUMBER.gap_s


@pytest.mark.parametrize(
    "number",
    [APPROVED_CARDS[0], APPROVED_CARDS[1], longer("37", 15), longer("3528", 16)],
    ids=["visa", "mastercard", "amex", "jcb"],
)
def test_a_card_its_expiry_and_its_code_may_be_typed_in_one_breath(number: str) -> None:
    desk = desk_with_pin()
    code = "1234" if number.startswith("37") else CODE
    line, _outcome = call([PAY, PIN, number + EXPIRY + code, YES, SILENCE], desk)
    assert desk.charges_idr == [412_000]
    assert "card_not_read" not in line.keys_heard


def test_what_was_typed_behind_a_number_that_is_none_is_no_part_of_the_next_try() -> None:
    desk = desk_with_pin()
    wrong = longer("51", 16)[:-1]
    wrong += str((int(longer("51", 16)[-1]) + 1) % 10)
    line, _outcome = call([PAY, PIN, wrong + EXPIRY + CODE, *entered(), YES, SILENCE], desk)
    assert desk.charges_idr == [412_000]
    assert line.keys_heard.count("card_not_read") == 1


def test_a_payment_begins_when_it_is_agreed_to_however_long_the_call_took_until_then(database: Database, tmp_path: Path) -> None:
    """Payments that are pending for some minutes are closed: one that is just being charged must not be among them."""

    class SlowTypist(FakeLine):
        def private(self) -> AbstractContextManager[None]:
            clock.advance(SETTLE_AFTER.total_seconds())
            return super().private()

    clock, desk = VirtualClock(NOW), desk_with_pin()
    Reception(database, clock, "Asia/Jakarta", tmp_path, desk).receive(
        "hotline", SlowTypist(["4", "2", "2", PIN, *entered(), YES, SILENCE])
    )
    assert desk.charges_idr == [412_000]
    assert desk.last_payments[7].at == clock.now()


@pytest.mark.parametrize("answer", [NO, SILENCE, says("tidak"), "9"])
def test_without_a_yes_nothing_is_charged(answer: str | Heard) -> None:
    desk = desk_with_pin()
    call([PAY, PIN, *entered(), answer, *([answer] if answer in (SILENCE, "9") else []), "0"], desk)
    assert desk.charges_idr == []


@pytest.mark.parametrize("which", [("1", [200_000], "INV-0043"), ("2", [150_000], "INV-0043")])
def test_of_several_bills_all_or_the_first_are_paid(which: tuple[str, list[int], str]) -> None:
    desk = desk_with_pin()
    desk.bills[7] = desk.bills.pop(8)
    key, charged, first = which
    _line, outcome = call([PAY, PIN, key, *entered(), YES, SILENCE], desk)
    assert desk.charges_idr == charged
    assert outcome == Contained(f"pay_by_card:{first}")


def test_who_has_nothing_to_pay_is_told_so_before_any_card_is_asked_for() -> None:
    desk = desk_with_pin()
    desk.bills = {}
    line, outcome = call([PAY, PIN, SILENCE], desk)
    assert outcome == Contained("pay_by_card")
    assert "bill_none" in line.keys_heard
    assert "card_number_1" not in line.keys_heard


@pytest.mark.parametrize(("number", "reason"), DECLINED_CARDS.items())
def test_a_declined_card_says_why_and_another_one_may_be_tried(number: str, reason: str) -> None:
    desk = desk_with_pin()
    line, outcome = call([PAY, PIN, *entered(number), YES, *entered(), YES, SILENCE], desk)
    assert f"pay_declined_{reason}" in line.keys_heard
    assert outcome == Contained("pay_by_card:INV-0042")
    assert desk.charges_idr == [412_000]


def test_two_declined_cards_end_with_a_person_who_sees_the_bill() -> None:
    desk = desk_with_pin()
    line, outcome = call([PAY, PIN, *entered(DECLINED), YES, *entered(DECLINED), YES], desk)
    assert outcome == RouteTo("billing", "payment_declined:INV-0042", "id", 7)
    assert "sorry_payment_declined" in line.keys_heard


def test_whose_cards_were_declined_too_often_reaches_a_person() -> None:
    desk = desk_with_pin()
    desk.declined[7] = MOST_DECLINED
    _line, outcome = call([PAY, PIN, *entered(), YES], desk)
    assert outcome == RouteTo("billing", "payment_declined:INV-0042", "id", 7)
    assert desk.charges_idr == []


@pytest.mark.parametrize("number", [LOST_ON_THE_WAY, CHARGED_WITHOUT_ANSWER])
def test_an_unknown_result_is_said_honestly_and_a_person_looks_into_it(number: str) -> None:
    desk = desk_with_pin()
    line, outcome = call([PAY, PIN, *entered(number), YES], desk)
    assert outcome == RouteTo("billing", "payment_unknown:INV-0042", "id", 7)
    assert "sorry_payment_unknown" in line.keys_heard
    again, _outcome = call([PAY, PIN, *entered(), YES, SILENCE], desk)
    assert "pay_in_progress" in again.keys_heard
    assert desk.charges_idr == []


def test_an_amount_that_changed_is_asked_about_anew() -> None:
    class Changing(FakeDesk):
        """The bill grows after it was read."""

        def take_payment(self, customer_id, bills, amount_idr, card, now, interaction_id=""):  # type: ignore[no-untyped-def]
            self.bills = {7: (BillFacts("INV-0042", date(2025, 2, 10), 500_000),)}
            return super().take_payment(customer_id, bills, amount_idr, card, now, interaction_id)

    desk = Changing()
    desk.callers_by_number, desk.pins = desk_with_pin().callers_by_number, desk_with_pin().pins
    line, _outcome = call([PAY, PIN, *entered(), YES, YES, SILENCE], desk)
    assert desk.charges_idr == [500_000]
    assert line.keys_heard.count("pay_confirm") == 2
    refused = Changing()
    refused.callers_by_number, refused.pins = desk.callers_by_number, desk.pins
    call([PAY, PIN, *entered(), YES, NO, "0"], refused)
    assert refused.charges_idr == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (["4111111111111112"], entered()),
        (["123#"], entered()),
        ([CARD, "1327"], (EXPIRY, CODE)),
        ([CARD, EXPIRY, "12#"], (CODE,)),
    ],
    ids=["number", "short number", "month", "code"],
)
def test_what_is_no_card_may_be_typed_again(wrong: list[str], right: tuple[str, ...]) -> None:
    desk = desk_with_pin()
    line, _outcome = call([PAY, PIN, *wrong, *right, YES, SILENCE], desk)
    assert "card_not_read" in line.keys_heard
    assert desk.charges_idr == [412_000]


def test_what_is_no_card_twice_ends_with_a_person() -> None:
    _line, outcome = call([PAY, PIN, "4111111111111112", "4111111111111112"])
    assert outcome == RouteTo("billing", "pay_by_card:INV-0042", "id", 7)


def test_an_american_express_card_has_a_code_of_four_digits() -> None:
    desk = desk_with_pin()
    line, _outcome = call([PAY, PIN, "378282246310005#", EXPIRY, "1234", YES, SILENCE], desk)
    assert desk.charges_idr == [412_000]
    assert any("American Express" in sentence for sentence in line.heard)


def test_without_a_gateway_cards_are_not_asked_for() -> None:
    line = FakeLine([PAY, PIN])
    outcome = run(run_flow, visit(line, desk_with_pin()))
    assert outcome == RouteTo("billing", "pay_by_card", "id", 7)
    assert "sorry_no_cards" in line.keys_heard


def test_no_digit_of_a_card_is_noted_spoken_or_logged_and_the_line_is_private(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk = desk_with_pin()
    line, outcome = call([PAY, PIN, *entered(DECLINED), YES, *entered(), YES, SILENCE], desk)
    assert line.privacies == 3, "the PIN, and each card from its number to its code"
    everything = f"{line.steps} {line.heard} {line.spoken} {line.known} {outcome} {caplog.text}"
    for digits in (DECLINED, CARD, CARD[-4:], DECLINED[-4:], EXPIRY, PIN):
        assert digits not in everything
    assert not any(grammar.digits for grammar in line.grammars)


def test_the_records_that_die_during_the_charge_leave_its_result_unknown() -> None:
    class Dying(FakeDesk):
        def take_payment(self, customer_id, bills, amount_idr, card, now, interaction_id=""):  # type: ignore[no-untyped-def]
            self.fails = True
            return super().take_payment(customer_id, bills, amount_idr, card, now, interaction_id)

    desk = Dying()
    desk.callers_by_number, desk.pins = desk_with_pin().callers_by_number, desk_with_pin().pins
    _line, outcome = call([PAY, PIN, *entered(), YES], desk)
    assert outcome == RouteTo("billing", "payment_unknown:INV-0042", "id", 7)
    assert replace(desk.bills[7][0]).open_idr == 412_000


def test_what_costs_something_is_asked_for_when_it_was_heard_to_its_end() -> None:
    class Impatient(FakeLine):
        """Presses 1 into the first word of whatever is said to its end."""

        def say(self, *prompts: Prompt) -> None:
            self._left_over += "1"
            super().say(*prompts)

    line = Impatient(["2"])
    assert not confirms(visit(line), Prompt("pay_confirm", "id", {"brand": "Visa", "amount": "seribu rupiah"}))
    assert line.keys_heard == ["pay_confirm", "confirm_1"]
