"""Order numbers notice what callers mistype."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import BadInput
from crm.order_numbers import FIRST_SERIAL, LAST_SERIAL, check_digit, is_order_number, order_number

serials = st.integers(FIRST_SERIAL, LAST_SERIAL)


def test_the_check_digit_by_a_published_number() -> None:
    """The example that goes with Damm's quasigroup of order 10: 572 has the check digit 4."""
    assert check_digit("572") == "4"


@given(serials)
def test_an_order_number_is_eight_digits_and_valid(serial: int) -> None:
    number = order_number(serial)
    assert len(number) == 8
    assert number.startswith(str(serial))
    assert is_order_number(number)


@given(serials, st.integers(0, 7), st.integers(0, 9))
def test_every_single_wrong_digit_is_noticed(serial: int, place: int, digit: int) -> None:
    number = order_number(serial)
    assume(number[place] != str(digit))
    assert not is_order_number(number[:place] + str(digit) + number[place + 1 :])


@given(serials, st.integers(0, 6))
def test_every_swap_of_neighbours_is_noticed(serial: int, place: int) -> None:
    number = order_number(serial)
    assume(number[place] != number[place + 1])
    assert not is_order_number(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@pytest.mark.parametrize(
    "text", ["", "1234567", "123456789", "0000000", "00000000", "abcdefgh", "١٢٣٤٥٦٧٨", "1234 567", "-1234567"]
)
def test_other_texts_are_no_order_numbers(text: str) -> None:
    assert not is_order_number(text)


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    assert is_order_number(text) in {True, False}


@pytest.mark.parametrize("serial", [0, FIRST_SERIAL - 1, LAST_SERIAL + 1])
def test_a_serial_out_of_range_is_refused(serial: int) -> None:
    with pytest.raises(BadInput, match="out of range"):
        order_number(serial)
