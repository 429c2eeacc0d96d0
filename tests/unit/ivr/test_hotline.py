"""What a caller of the hotline hears, and where they end."""

from dataclasses import replace

import pytest

from ivr.desk import CallerFacts
from ivr.flow_run import run_flow
from ivr.line import Heard
from ivr.number_form import ORDER_NUMBER
from ivr.outcome import CallerGone, Contained, Outcome, RouteTo
from ivr.reasons import Reason
from ivr.runner import run
from ivr.spoken import spoken_digits
from tests.unit.ivr.fake_desk import (
    KNOWN_ANI,
    OTHER_ORDER,
    OWN_ORDER,
    SHARED_ANI,
    STRANGER_ANI,
    UNKNOWN_ORDER,
    FakeDesk,
    order_facts,
)
from tests.unit.ivr.fake_line import HANG_UP, NOW, SILENCE, FakeLine, says, visit

MISTYPED = OWN_ORDER[:-1] + "9"


def call(line: FakeLine, desk: FakeDesk | None = None) -> Outcome:
    return run(run_flow, visit(line, desk))


# Who is calling, and in which language


def test_a_known_caller_is_greeted_in_their_language_and_the_greeting_can_be_cut_short() -> None:
    line = FakeLine(["3", "1"])
    call(line)
    assert line.heard[0].startswith("Selamat pagi")
    assert line.known == [(7, "id")]
    assert line.keys_heard[:3] == ["greeting_morning", "main_menu_invite", "main_menu_1"]


@pytest.mark.parametrize(("hour", "words"), [(4, "pagi"), (10, "pagi"), (11, "siang"), (15, "sore"), (18, "malam"), (3, "malam")])
def test_the_greeting_follows_the_clock_of_the_contact_center(hour: int, words: str) -> None:
    line = FakeLine(["0"])
    caller = visit(line)
    caller.now = NOW.replace(hour=hour)
    run(run_flow, caller)
    assert line.heard[0].startswith(f"Selamat {words},")


def test_a_stranger_is_asked_for_the_language_in_both_languages() -> None:
    line = FakeLine(["2", "0"], ani=STRANGER_ANI)
    outcome = call(line)
    assert line.heard[:4] == [
        "Selamat datang di Halo.",
        "Welcome to Halo.",
        "Untuk Bahasa Indonesia, tekan satu.",
        "For English, press two.",
    ]
    assert line.known == [(None, "en")]
    assert outcome == RouteTo("general", "asked_for_person", "en")


def test_no_key_at_the_language_means_indonesian() -> None:
    line = FakeLine([SILENCE, "0"], ani=STRANGER_ANI)
    assert call(line) == RouteTo("general", "asked_for_person", "id")
    assert "language_2" not in line.keys_heard


def test_a_withheld_number_is_a_stranger() -> None:
    line = FakeLine(["1", "3", "1"], ani="")
    assert call(line) == RouteTo("sales", "sales", "id")
    assert line.known == [(None, "id")]


def test_a_customer_without_a_language_is_asked_and_stays_known() -> None:
    desk = FakeDesk()
    desk.callers_by_number[KNOWN_ANI] = (CallerFacts(7, None),)
    line = FakeLine(["2", "3", "3"])
    assert call(line, desk) == RouteTo("technical", "technical", "en", 7)


def test_a_language_known_from_an_earlier_try_is_not_asked_again() -> None:
    line = FakeLine(["3", "1"], ani=STRANGER_ANI, language="en")
    assert call(line) == RouteTo("sales", "sales", "en")
    assert line.keys_heard[0] == "greeting_morning"


# Order status


def test_a_known_caller_hears_their_order_and_says_goodbye_by_silence() -> None:
    line = FakeLine(["1", SILENCE])
    assert call(line) == Contained(f"order_status:{OWN_ORDER}")
    told = " ".join(line.heard)
    assert "sedang diantar kurir" in told
    assert "satu nol nol nol, nol nol nol empat" in told
    assert "Perkiraan tiba, besok." in told
    assert "empat ratus dua belas ribu rupiah" in told
    assert line.keys_heard[-1] == "goodbye"


def test_the_order_can_be_heard_again_and_another_one_asked_for() -> None:
    line = FakeLine(["1", SILENCE, "1", SILENCE, "3", OTHER_ORDER, SILENCE])
    assert call(line) == Contained(f"order_status:{OTHER_ORDER}")
    assert line.keys_heard.count("order_out_for_delivery") == 2
    assert line.keys_heard.count("order_placed") == 1
    assert line.known == [(7, "id")], "another customer's order does not change who is calling"


def test_a_stranger_types_the_order_number_and_is_then_known() -> None:
    line = FakeLine(["2", "1", OTHER_ORDER, SILENCE], ani=STRANGER_ANI)
    assert call(line) == Contained(f"order_status:{OTHER_ORDER}")
    assert line.known == [(None, "en"), (8, "en")]


def test_a_hash_after_the_number_does_not_cut_the_answer_short() -> None:
    line = FakeLine(["2", "1", f"{OTHER_ORDER}#", HANG_UP], ani=STRANGER_ANI)
    call(line)
    assert "order_placed" in line.keys_heard
    assert len([key for key in line.keys_heard if key == "order_checking"]) == 1


def test_an_order_long_delivered_is_not_what_the_caller_means() -> None:
    desk = FakeDesk()
    delivered = order_facts(status="delivered")
    desk.orders = {OWN_ORDER: replace(delivered, delivered_at=NOW.replace(year=2024))}
    line = FakeLine(["1"])
    call(line, desk)
    assert line.keys_heard[3:5] == ["order_none_on_its_way", "order_number_1"]


@pytest.mark.parametrize("wrong", [UNKNOWN_ORDER, MISTYPED])
def test_a_number_that_is_not_found_is_read_back_and_the_second_time_a_person_helps(wrong: str) -> None:
    line = FakeLine(["2", "1", wrong, wrong], ani=STRANGER_ANI)
    assert call(line) == RouteTo("general", "order_not_found", "en")
    assert any("one zero zero zero, zero zero" in sentence for sentence in line.heard)
    assert line.keys_heard[-2:] == ["sorry_order_not_found", "connecting_general"]


def test_a_short_number_is_told_so_and_may_be_typed_again() -> None:
    line = FakeLine(["2", "1", "1000#", OWN_ORDER, SILENCE], ani=STRANGER_ANI)
    assert call(line) == Contained(f"order_status:{OWN_ORDER}")
    assert "Sorry, we have received only four digits." in line.heard


def test_a_star_is_not_part_of_a_number() -> None:
    line = FakeLine(["2", "1", "*", OWN_ORDER, SILENCE], ani=STRANGER_ANI)
    assert call(line) == Contained(f"order_status:{OWN_ORDER}")


def test_zero_instead_of_a_number_is_a_person_at_once() -> None:
    line = FakeLine(["2", "1", "0"], ani=STRANGER_ANI)
    assert call(line) == RouteTo("general", "order_status", "en")


def test_three_silences_instead_of_a_number_end_with_a_person_each_in_other_words() -> None:
    line = FakeLine(["2", "1"], ani=STRANGER_ANI)
    assert call(line) == RouteTo("general", "order_status", "en")
    asked = [key for key in line.keys_heard if key.startswith("order_number_")]
    assert asked == ["order_number_1", "order_number_2", "order_number_3"]


def test_zero_in_the_middle_of_the_answer_is_a_person_who_sees_the_order() -> None:
    line = FakeLine(["1", "0"])
    assert call(line) == RouteTo("general", f"order_status:{OWN_ORDER}", "id", 7)
    assert "after_order_1" not in line.keys_heard


# Bill


def test_the_bill_tells_amount_and_due_day() -> None:
    line = FakeLine(["2", SILENCE])
    assert call(line) == Contained("bill:INV-0042")
    assert "Ada satu tagihan sebesar empat ratus dua belas ribu rupiah, jatuh tempo hari Senin, sepuluh Februari." in line.heard


@pytest.mark.parametrize("earlier", [[], [SILENCE]], ids=["in the answer", "after the answer"])
def test_who_asks_for_a_person_at_the_bill_reaches_billing_with_the_bill(earlier: list[str]) -> None:
    assert call(FakeLine(["2", *earlier, "0"])) == RouteTo("billing", "bill:INV-0042", "id", 7)


def test_who_goes_from_the_bill_to_the_billing_team_by_menu_brings_the_bill_too() -> None:
    assert call(FakeLine(["2", SILENCE, "2", "3", "2"])) == RouteTo("billing", "bill:INV-0042", "id", 7)


def test_who_goes_from_the_bill_to_sales_comes_for_sales() -> None:
    assert call(FakeLine(["2", SILENCE, "2", "3", "1"])) == RouteTo("sales", "sales", "id", 7)


def test_zero_in_the_main_menu_is_the_general_queue_even_after_a_bill() -> None:
    assert call(FakeLine(["2", SILENCE, "2", "0"])) == RouteTo("general", "bill:INV-0042", "id", 7)


def test_the_bill_can_be_heard_again() -> None:
    line = FakeLine(["2", SILENCE, "1"])
    call(line)
    assert line.keys_heard.count("bill_one") == 2


def test_nothing_to_pay_is_said_too() -> None:
    desk = FakeDesk()
    desk.bills = {}
    line = FakeLine(["2", SILENCE])
    assert call(line, desk) == Contained("bill")
    assert "bill_none" in line.keys_heard


def test_a_stranger_hears_no_bill_for_naming_an_order() -> None:
    line = FakeLine(["2", "2", OTHER_ORDER, SILENCE], ani=STRANGER_ANI)
    assert call(line) == RouteTo("billing", "no_pin:bill", "en", 8)
    assert "who_first" in line.keys_heard
    assert "bill_many" not in line.keys_heard


def test_a_stranger_without_an_order_number_reaches_billing() -> None:
    assert call(FakeLine(["2", "2", "0"], ani=STRANGER_ANI)) == RouteTo("billing", "bill", "en")


def test_several_people_on_one_number_are_asked_who_calls_before_anything_is_told() -> None:
    line = FakeLine(["2", OTHER_ORDER, SILENCE], ani=SHARED_ANI)
    assert call(line) == Contained("bill:INV-0043")
    assert line.known == [(None, "id"), (8, "id")]
    assert "who_first" in line.keys_heard
    order = FakeLine(["1", HANG_UP], ani=SHARED_ANI)
    call(order)
    assert order.keys_heard[-1] == "order_number_1"


# People, silence, hang-ups, a dead back end


@pytest.mark.parametrize(("key", "queue"), [("1", "sales"), ("2", "billing"), ("3", "technical")])
def test_speak_to_someone_reaches_the_team(key: str, queue: str) -> None:
    line = FakeLine(["3", key])
    assert call(line) == RouteTo(queue, queue, "id", 7)
    assert line.keys_heard[-1] == f"connecting_{queue}"


@pytest.mark.parametrize("ani", [KNOWN_ANI, STRANGER_ANI, SHARED_ANI, ""])
@pytest.mark.parametrize("first", [[], ["1"], ["1", "1"], ["2"], ["3"], ["1", "3"]], ids=str)
def test_silence_from_anywhere_ends_with_a_person_or_a_goodbye_after_an_answer(ani: str, first: list[str]) -> None:
    line = FakeLine(first, ani=ani)
    outcome = call(line)
    if isinstance(outcome, Contained):
        assert any(key.startswith(("order_out", "bill_one", "bill_many")) for key in line.keys_heard)
    else:
        assert isinstance(outcome, RouteTo)


def test_a_caller_who_hangs_up_after_the_answer_was_helped_and_one_who_did_before_was_not() -> None:
    assert call(FakeLine(["1", SILENCE, HANG_UP])) == CallerGone(f"order_status:{OWN_ORDER}")
    assert call(FakeLine(["1", HANG_UP])) == CallerGone("")
    assert call(FakeLine([HANG_UP])) == CallerGone("")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["1", "1"], RouteTo("general", "back_end_down:order_status", "id")),
        (["1", "2"], RouteTo("billing", "back_end_down:bill", "id")),
        (["1", "3", "1"], RouteTo("sales", "sales", "id")),
        (["1", "0"], RouteTo("general", "asked_for_person", "id")),
    ],
    ids=["order", "bill", "sales", "person"],
)
def test_with_a_dead_back_end_everybody_still_reaches_the_right_person(keys: list[str], expected: RouteTo) -> None:
    desk = FakeDesk()
    desk.fails = True
    typed = [*keys, OWN_ORDER] if keys[1] in "12" else keys
    line = FakeLine(typed)
    assert call(line, desk) == expected
    if expected.reason.startswith("back_end_down"):
        assert line.keys_heard[-2] == "sorry_back_end"


def test_a_back_end_that_dies_in_the_middle_costs_a_known_caller_an_apology_only() -> None:
    desk = FakeDesk()

    class Dying(FakeLine):
        def identified(self, customer_id: int | None, language: str) -> None:
            super().identified(customer_id, language)
            desk.fails = True

    line = Dying(["2"])
    assert call(line, desk) == RouteTo("billing", "back_end_down:bill", "id", 7)
    assert line.keys_heard[-2:] == ["sorry_back_end", "connecting_billing"]


def test_a_stuck_key_does_not_hold_a_caller_for_ever() -> None:
    line = FakeLine(["2"] * 200)
    outcome = call(line)
    assert isinstance(outcome, RouteTo)
    assert outcome.customer_id == 7


def test_no_note_ever_holds_the_keys_that_were_typed() -> None:
    line = FakeLine(["2", "1", UNKNOWN_ORDER, OWN_ORDER, SILENCE], ani=STRANGER_ANI)
    call(line)
    assert not any(OWN_ORDER in text or UNKNOWN_ORDER in text for step in line.steps for text in step)


def test_who_listens_to_a_spoken_number_knows_how_long_it_is() -> None:
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    digits = " ".join(words[int(digit)] for digit in OTHER_ORDER)
    line = FakeLine([says("english"), says("order status"), says(digits), SILENCE], ani=STRANGER_ANI)
    assert call(line) == Contained(f"order_status:{OTHER_ORDER}")
    (asked,) = [grammar for grammar in line.grammars if grammar.digits]
    assert asked.length == len(OTHER_ORDER)
    assert {grammar.length for grammar in line.grammars if not grammar.digits} == {0}
    assert asked.form == ORDER_NUMBER.name
    assert {grammar.form for grammar in line.grammars if not grammar.digits} == {""}


def in_words(number: str, confidence: float = 1.0) -> Heard:
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return says(" ".join(words[int(digit)] for digit in number), confidence)


def asks_for_order(*does: str | Heard) -> tuple[FakeLine, object]:
    line = FakeLine([says("english"), says("order status"), *does, SILENCE], ani=STRANGER_ANI)
    return line, call(line)


def test_a_number_heard_less_clearly_is_asked_back_and_taken_on_a_yes() -> None:
    line, outcome = asks_for_order(in_words(OTHER_ORDER, 0.7), says("yes"))
    assert outcome == Contained(f"order_status:{OTHER_ORDER}")
    (asked_back,) = [prompt for prompt in line.spoken if prompt.key == "did_you_say"]
    assert asked_back.values["phrase"] == spoken_digits(OTHER_ORDER, "en")


def test_after_a_no_the_number_is_asked_for_again() -> None:
    line, outcome = asks_for_order(in_words(UNKNOWN_ORDER, 0.7), says("no"), in_words(OTHER_ORDER))
    assert outcome == Contained(f"order_status:{OTHER_ORDER}")
    assert [key for key in line.keys_heard if key.startswith("order_number_")] == ["order_number_1", "order_number_2"]
    assert ("order_number", Reason.NOT_UNDERSTOOD) in line.steps


def test_what_was_heard_badly_is_neither_acted_on_nor_asked_back() -> None:
    line, _ = asks_for_order(in_words(UNKNOWN_ORDER, 0.1), OTHER_ORDER)
    assert "did_you_say" not in line.keys_heard
    assert line.keys_heard.count("order_checking") == 1


def test_whoever_is_asked_back_still_reaches_a_person_and_keys_come_after_two_misses() -> None:
    _, outcome = asks_for_order(in_words(OTHER_ORDER, 0.7), "0")
    assert isinstance(outcome, RouteTo)
    line, outcome = asks_for_order(in_words(OTHER_ORDER, 0.7), says("no"), in_words(OTHER_ORDER, 0.1), OTHER_ORDER)
    assert outcome == Contained(f"order_status:{OTHER_ORDER}")
    assert len([grammar for grammar in line.grammars if grammar.digits]) == 2, "the third time by key alone"
