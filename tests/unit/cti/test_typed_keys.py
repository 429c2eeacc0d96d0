"""Keys that nobody read: which question they answer, whatever comes first, the manager interface's word or the command's."""

from datetime import UTC, datetime

import pytest

from core.clock import VirtualClock
from cti.typed_keys import CallerKeys, TypedKeys

AT = datetime(2025, 2, 3, tzinfo=UTC)


class Caller:
    """Types, on a clock of its own: a tenth of a second from key to key."""

    def __init__(self) -> None:
        self.clock = VirtualClock(AT)
        self.keys = CallerKeys(self.clock)

    def types(self, keys: str) -> None:
        for key in keys:
            self.clock.advance(0.1)
            self.keys.pressed(key, self.clock.now().timestamp())


@pytest.fixture
def caller() -> Caller:
    return Caller()


def test_a_key_that_nobody_read_answers_the_next_question_once(caller):
    caller.types("3")
    assert caller.keys.take(1) == "3"
    assert caller.keys.take(1) == ""


def test_a_key_that_was_read_answers_nothing_else(caller):
    caller.types("3")
    assert caller.keys.after("3", 1) == "3"
    assert caller.keys.take(1) == ""


def test_a_key_that_was_read_before_we_were_told_of_it_answers_nothing_else_either(caller):
    pressed_s = caller.clock.now().timestamp()
    assert caller.keys.after("3", 1) == "3"
    caller.keys.pressed("3", pressed_s)
    assert caller.keys.take(1) == ""


def test_of_a_key_that_was_read_we_may_be_told_later_with_a_time_that_is_later_too(caller):
    assert caller.keys.after("3", 1) == "3"
    caller.clock.advance(0.3)
    caller.keys.pressed("3", caller.clock.now().timestamp())
    assert caller.keys.take(1) == ""
    caller.types("3")
    assert caller.keys.take(1) == "3"


def test_a_key_of_which_we_were_never_told_hides_none_that_was_read_behind_it(caller):
    assert caller.keys.after("36", 2) == "36"
    caller.types("6")
    assert caller.keys.take(1) == ""


def test_of_two_keys_pressed_at_once_the_second_waits_for_the_next_question(caller):
    caller.types("13")
    assert caller.keys.after("1", 1) == "1"
    assert caller.keys.take(1) == "3"


def test_a_key_before_the_one_that_was_read_comes_before_it(caller):
    caller.types("13")
    assert caller.keys.after("3", 1) == "1"
    assert caller.keys.take(1) == "3"


def test_it_comes_before_it_also_when_we_are_told_of_the_other_later(caller):
    caller.types("1")
    pressed_s = caller.clock.advance(0.1).timestamp()
    assert caller.keys.after("3", 1) == "1"
    caller.keys.pressed("3", pressed_s)
    assert caller.keys.take(1) == "3"
    assert caller.keys.take(1) == ""


def test_who_heard_nothing_come_of_a_key_and_presses_again_has_answered_once(caller):
    caller.types("1")
    caller.clock.advance(2.0)
    caller.types("1")
    assert caller.keys.after("1", 1) == "1"
    caller.types("2")
    caller.clock.advance(2.0)
    caller.types("3")
    assert caller.keys.after("3", 1) == "3"
    assert caller.keys.take(1) == ""


def answers(caller: Caller, key: str, pressed_again_after_s: float) -> None:
    """They press a key, which is read, and the same one again before anything is heard."""
    caller.types(key)
    assert caller.keys.after(key, 1) == key
    caller.clock.advance(pressed_again_after_s)
    caller.types(key)


def test_the_same_key_again_while_nothing_was_heard_is_no_answer_to_the_next_question(caller):
    answers(caller, "2", 1.5)
    caller.clock.advance(1.5)
    caller.types("2")
    assert caller.keys.take_first() == ""
    caller.types("2")
    assert caller.keys.take_first() == "2"


def test_the_same_key_at_once_is_the_next_answer_of_who_knows_the_way(caller):
    answers(caller, "1", 0.4)
    assert caller.keys.take_first() == "1"


def test_another_key_after_a_while_is_the_next_answer_also_behind_the_same_one(caller):
    answers(caller, "2", 1.6)
    caller.types("0")
    assert caller.keys.take_first() == "0"


def test_the_same_key_after_another_question_was_spoken_is_its_answer(caller):
    caller.types("2")
    assert caller.keys.after("2", 1) == "2"
    assert caller.keys.take_first() == ""
    caller.clock.advance(3.0)
    caller.types("2")
    assert caller.keys.take_first() == "2"


def test_the_same_digit_in_the_middle_of_a_number_is_the_next_one_however_long_it_takes(caller):
    answers(caller, "9", 2.0)
    assert caller.keys.take(4) == "9"


def test_after_silence_a_key_that_was_not_read_is_the_answer(caller):
    caller.types("7")
    assert caller.keys.after("", 1) == "7"
    assert caller.keys.after("", 1) == ""


def test_a_machine_that_never_stops_fills_no_memory(caller):
    caller.types("1" * 1000)
    assert 20 < len(caller.keys.take(1000)) < 100


def test_a_number_in_two_parts_is_whole_and_ends_at_its_end_key(caller):
    caller.types("990012#5")
    assert caller.keys.take(4) == "9900"
    assert caller.keys.take(4) == "12#"
    assert caller.keys.take(4) == "5"


def test_a_number_whose_first_key_was_not_read_has_it_all_the_same(caller):
    caller.types("4111")
    assert caller.keys.after("111", 3) == "411"
    assert caller.keys.take(1) == "1"


def test_what_was_pressed_while_something_was_said_to_its_end_answers_nothing_even_if_we_are_told_later(caller):
    caller.types("1")
    pressed_s = caller.clock.advance(0.1).timestamp()
    caller.clock.advance(0.01)
    caller.keys.forget()
    caller.keys.pressed("2", pressed_s)
    caller.keys.pressed("4", caller.clock.advance(0.02).timestamp())
    assert caller.keys.take(2) == ""
    caller.types("3")
    assert caller.keys.take(2) == "3"


def test_a_key_of_which_we_are_told_with_a_time_after_its_reading_answers_once(caller):
    caller.keys.after("3", 1)
    caller.types("3")
    assert caller.keys.take(1) == ""


def test_a_key_of_which_we_were_never_told_hides_none_that_is_pressed_later(caller):
    caller.keys.after("3", 1)
    caller.clock.advance(5.0)
    caller.types("3")
    assert caller.keys.take(1) == "3"


def test_keys_are_told_of_the_channel_that_they_were_received_on_and_only_while_somebody_holds_them():
    clock = VirtualClock(AT)
    typed = TypedKeys(clock)
    first, second = typed.of("1.1"), typed.of("1.2")
    row = {"uniqueid": "1.2", "direction": "Received", "digit": "5", "timestamp": str(AT.timestamp() + 0.1)}
    for told in (row, row | {"direction": "Sent"}, row | {"uniqueid": "9.9"}, row | {"digit": ""}):
        typed.told(told)
    assert (first.take(3), second.take(3)) == ("", "5")
    again = typed.of("1.2")
    del second
    typed.told(row)
    assert again.take(1) == "5"
