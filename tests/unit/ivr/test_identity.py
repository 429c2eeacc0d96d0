"""Who calls, and how they prove it: by number, by what they can name, by PIN; and what never leaves the line."""

import logging

import pytest

from crm.number_tries import PER_CALLER, PER_WITHHELD
from crm.pins import PER_CUSTOMER
from ivr.line import Heard
from ivr.outcome import Contained, RouteTo
from tests.unit.ivr.callers import NUMBER_7, NUMBER_8, call, desk_with_pin
from tests.unit.ivr.fake_desk import KNOWN_ANI, OTHER_ORDER, OWN_ORDER, PIN, SHARED_ANI, STRANGER_ANI, UNKNOWN_ORDER
from tests.unit.ivr.fake_line import SILENCE, says

PAYMENT, TICKETS = says("pembayaran saya"), says("keluhan saya")
WRONG_PIN = "000001"
QUEUES = {"order_status": "general", "bill": "billing"}


@pytest.mark.parametrize("named", [NUMBER_7, OWN_ORDER, f"{NUMBER_7}#"])
def test_several_people_on_one_number_are_told_apart_by_customer_or_order_number(named: str) -> None:
    line, outcome = call([says("tagihan"), named, PIN, SILENCE], ani=SHARED_ANI)
    assert outcome == Contained("bill:INV-0042")
    assert line.known[-1] == (7, "id")


def test_a_customer_number_may_be_said() -> None:
    words = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
    spoken = " ".join(words[int(digit)] for digit in NUMBER_8)
    line, outcome = call([says("tagihan"), says(spoken), SILENCE], ani=SHARED_ANI)
    assert outcome == Contained("bill:INV-0043")
    assert line.known[-1] == (8, "id")


@pytest.mark.parametrize("wrong", [UNKNOWN_ORDER, "1234567#", "12#"])
def test_after_two_numbers_that_nobody_has_a_person_sees_what_was_wanted(wrong: str) -> None:
    line, outcome = call(["1", says("tagihan"), wrong, wrong], ani=STRANGER_ANI)
    assert outcome == RouteTo("billing", "customer_not_found:bill", "id")
    assert line.keys_heard[-2:] == ["sorry_customer_not_found", "connecting_billing"]


def test_the_pin_is_asked_for_once_a_call() -> None:
    line, _outcome = call([PAYMENT, PIN, SILENCE, "2", TICKETS, SILENCE])
    assert [key for key in line.keys_heard if key.startswith("pin_")] == ["pin_1"]
    assert ("pin", "proved") in line.steps
    assert "ticket_none" in line.keys_heard


def test_the_status_of_an_order_needs_no_pin() -> None:
    line, outcome = call(["1", SILENCE])
    assert outcome == Contained(f"order_status:{OWN_ORDER}")
    assert "pin_1" not in line.keys_heard


def test_what_is_owed_is_told_to_who_calls_from_a_number_of_their_own_without_a_pin() -> None:
    line, outcome = call([says("tagihan"), SILENCE])
    assert outcome == Contained("bill:INV-0042")
    assert "pin_1" not in line.keys_heard


@pytest.mark.parametrize("ani", [STRANGER_ANI, "", SHARED_ANI])
@pytest.mark.parametrize("named", [NUMBER_7, OWN_ORDER])
def test_who_only_names_a_customer_with_a_pin_hears_what_is_owed_after_the_pin(named: str, ani: str) -> None:
    asked_for_language = [] if ani == SHARED_ANI else ["1"]
    wrong, outcome = call([*asked_for_language, says("tagihan"), named, *[WRONG_PIN] * PER_CUSTOMER], ani=ani)
    assert outcome == RouteTo("billing", "pin_not_proved:bill", "id", 7)
    assert "bill_one" not in wrong.keys_heard
    _right, outcome = call([*asked_for_language, says("tagihan"), named, PIN, SILENCE], ani=ani)
    assert outcome == Contained("bill:INV-0042")


@pytest.mark.parametrize("named", [NUMBER_8, OTHER_ORDER])
def test_who_names_a_customer_without_a_pin_hears_what_is_owed_only_at_a_number_of_theirs(named: str) -> None:
    _line, outcome = call([says("tagihan"), named, SILENCE], ani=SHARED_ANI)
    assert outcome == Contained("bill:INV-0043")
    line, outcome = call(["1", says("tagihan"), named], ani=STRANGER_ANI)
    assert outcome == RouteTo("billing", "no_pin:bill", "id", 8)
    assert "bill_many" not in line.keys_heard


def test_who_heard_of_an_order_by_its_number_does_not_hear_what_its_customer_owes() -> None:
    line, outcome = call(["1", "1", OTHER_ORDER, SILENCE, "2", says("tagihan")], ani=STRANGER_ANI)
    assert outcome == RouteTo("billing", "no_pin:bill", "id", 8)
    assert "bill_many" not in line.keys_heard


@pytest.mark.parametrize(("ani", "most"), [(STRANGER_ANI, PER_CALLER), ("", PER_WITHHELD)])
@pytest.mark.parametrize(("does", "reason"), [(["1", OTHER_ORDER, SILENCE], "order_status"), ([says("tagihan"), NUMBER_8], "bill")])
def test_a_number_that_names_one_customer_after_another_is_stopped_before_anything_is_looked_up(
    does: list[str | Heard], reason: str, ani: str, most: int
) -> None:
    desk = desk_with_pin()
    for _call in range(most):
        _line, outcome = call(["1", *does], desk, ani)
        assert outcome != RouteTo(QUEUES[reason], f"too_many_numbers:{reason}", "id")
    line, outcome = call(["1", *does], desk, ani)
    assert outcome == RouteTo(QUEUES[reason], f"too_many_numbers:{reason}", "id")
    assert line.keys_heard[-2] == "sorry_too_many_numbers"


def test_own_papers_may_be_named_as_often_as_one_likes_and_a_mistyped_number_is_no_try() -> None:
    desk = desk_with_pin()
    for _call in range(2 * PER_CALLER):
        call(["1", OTHER_ORDER, SILENCE], desk, SHARED_ANI)
        call(["1", "12345678", "0"], desk, SHARED_ANI)
    _line, outcome = call(["1", OTHER_ORDER, SILENCE], desk, SHARED_ANI)
    assert outcome == Contained(f"order_status:{OTHER_ORDER}")


def test_a_wrong_pin_may_be_typed_again() -> None:
    line, outcome = call([PAYMENT, WRONG_PIN, PIN, SILENCE])
    assert outcome == Contained("payment_state")
    assert "pin_wrong" in line.keys_heard


def test_as_many_wrong_pins_as_are_allowed_end_with_a_person_who_sees_that_it_is_not_proved() -> None:
    line, outcome = call([PAYMENT, *[WRONG_PIN] * PER_CUSTOMER])
    assert outcome == RouteTo("billing", "pin_not_proved:payment_state", "id", 7)
    assert line.keys_heard[-2:] == ["sorry_pin", "connecting_billing"]
    assert "payment_none" not in line.keys_heard


def test_tries_count_from_call_to_call_and_a_locked_pin_is_not_even_looked_at() -> None:
    desk = desk_with_pin()
    call([PAYMENT, *[WRONG_PIN] * PER_CUSTOMER], desk)
    _line, outcome = call([PAYMENT, PIN], desk)
    assert outcome == RouteTo("billing", "pin_not_proved:payment_state", "id", 7)


def test_a_pin_that_is_too_short_is_a_slip_and_counts_on_no_record() -> None:
    desk = desk_with_pin()
    call([PAYMENT, "735#", PIN, SILENCE], desk)
    assert all(tries.wrong == 0 for tries in desk.pin_tries.values())


def test_a_customer_without_a_pin_goes_to_a_person_and_is_not_asked_for_one() -> None:
    line, outcome = call([PAYMENT, NUMBER_8], ani=SHARED_ANI)
    assert outcome == RouteTo("billing", "no_pin:payment_state", "id", 8)
    assert "pin_1" not in line.keys_heard


def test_who_named_an_order_must_still_prove_who_they_are() -> None:
    line, outcome = call(["1", "1", OWN_ORDER, SILENCE, "2", PAYMENT, PIN, SILENCE], ani=STRANGER_ANI)
    assert outcome == Contained("payment_state")
    assert "who_first" not in line.keys_heard
    assert "pin_1" in line.keys_heard


def test_the_proof_of_one_customer_is_none_for_another() -> None:
    desk = desk_with_pin()
    line, _outcome = call([PAYMENT, PIN, SILENCE, "2", "1", SILENCE, "3", OTHER_ORDER, SILENCE, "5", SILENCE], desk)
    assert "reschedule_done" not in line.keys_heard
    assert all(order.window is None for order in desk.orders.values())


@pytest.mark.parametrize("instead", ["0", says("petugas")])
def test_a_person_instead_of_a_pin(instead: str | Heard) -> None:
    _line, outcome = call([PAYMENT, *([instead] if isinstance(instead, str) else []), SILENCE, SILENCE])
    assert outcome == RouteTo("billing", "payment_state", "id", 7)


def test_a_pin_is_typed_while_the_line_is_private_and_never_asked_for_by_voice() -> None:
    line, _outcome = call([PAYMENT, PIN, SILENCE])
    assert line.privacies == 1
    assert {grammar.name for grammar in line.grammars} == {"main_menu"}


def test_no_pin_is_noted_spoken_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    line, outcome = call([PAYMENT, WRONG_PIN, PIN, SILENCE], ani=KNOWN_ANI)
    everything = f"{line.steps} {line.heard} {line.spoken} {outcome} {caplog.text}"
    assert PIN not in everything
    assert WRONG_PIN not in everything
