"""Which numbers fit a form, and that walking digit by digit says the same as the records' own rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.customer_numbers import FIRST_SERIAL, LAST_SERIAL, customer_number, is_customer_number
from crm.order_numbers import is_order_number, order_number
from ivr.number_form import CUSTOMER_OR_ORDER, HOUR, NUMBER_FORMS, ORDER_NUMBER, PHONE_NUMBER, POSTCODE, SCORE

DIGITS = st.text("0123456789", min_size=0, max_size=17)


@given(DIGITS)
def test_order_and_customer_numbers_are_those_of_the_records(digits: str) -> None:
    assert ORDER_NUMBER.fits(digits) == is_order_number(digits)
    assert CUSTOMER_OR_ORDER.fits(digits) == (is_order_number(digits) or is_customer_number(digits))


@given(st.integers(1_000_000, 9_999_999), st.integers(FIRST_SERIAL, LAST_SERIAL))
def test_every_number_that_is_given_out_fits(order: int, customer: int) -> None:
    assert ORDER_NUMBER.fits(order_number(order))
    assert CUSTOMER_OR_ORDER.fits(order_number(order))
    assert CUSTOMER_OR_ORDER.fits(customer_number(customer))


@given(st.integers(1_000_000, 9_999_999), st.integers(0, 7), st.sampled_from("0123456789"))
def test_no_number_with_one_wrong_lost_or_added_digit_fits(serial: int, place: int, digit: str) -> None:
    number = order_number(serial)
    if digit != number[place]:
        assert not ORDER_NUMBER.fits(number[:place] + digit + number[place + 1 :])
    assert not ORDER_NUMBER.fits(number[:place] + number[place + 1 :])
    assert not ORDER_NUMBER.fits(number[:place] + digit + number[place:])


@given(DIGITS)
def test_what_is_not_checked_only_has_its_length(digits: str) -> None:
    assert POSTCODE.fits(digits) == (len(digits) == 5)
    assert PHONE_NUMBER.fits(digits) == (8 <= len(digits) <= 15)
    assert HOUR.fits(digits) == (len(digits) in (1, 2))
    assert SCORE.fits(digits) == (len(digits) == 1)


@pytest.mark.parametrize("text", ["", "4712a035", "1234 678", "-1234567", "+6281234567"])
def test_other_signs_are_no_number(text: str) -> None:
    assert not any(form.fits(text) for form in NUMBER_FORMS)


def test_forms_have_names_that_can_stand_in_a_path_and_none_twice() -> None:
    names = [form.name for form in NUMBER_FORMS]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
