"""Card data: what is read, and that nothing prints, copies or keeps it."""

import copy
import json
import logging
import pickle
from dataclasses import asdict, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.payment.cards import (
    Card,
    CardBrand,
    CardExpiry,
    SecurityCode,
    card_lengths,
    passes_luhn,
    read_card_number,
    read_expiry,
    read_security_code,
)
from crm.payment.sandbox import APPROVED_CARDS, CHARGED_WITHOUT_ANSWER, DECLINED_CARDS, LOST_ON_THE_WAY

NUMBER = "4111111111111111"
TEST_CARDS = (*APPROVED_CARDS, *DECLINED_CARDS, CHARGED_WITHOUT_ANSWER, LOST_ON_THE_WAY)


def card() -> Card:
    number = read_card_number(NUMBER)
    assert number is not None
    return Card(number, CardExpiry(2030, 1), SecurityCode("987"))


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r:>40}".format, "%s".__mod__, lambda each: f"{each}"])
def test_no_text_of_a_card_shows_a_digit_of_it(show) -> None:
    shown = show(card()) + show(card().number) + show(card().security_code)
    assert "4111" not in shown
    assert "1111" not in shown
    assert "987" not in shown


def test_neither_a_log_nor_an_exception_shows_it(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="hidden") as problem:
        raise ValueError(card())
    logging.getLogger("test").warning("paying with %s", card())
    assert NUMBER not in str(problem.value) + repr(problem.value) + caplog.text


@pytest.mark.parametrize("keep", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_it_is_neither_pickled_nor_copied(keep) -> None:
    with pytest.raises(TypeError) as problem:
        keep(card().number)
    assert NUMBER not in str(problem.value)


def test_a_whole_card_is_not_turned_into_plain_values() -> None:
    with pytest.raises(TypeError):
        asdict(card())
    assert not hasattr(card().number, "__dict__")


def test_only_the_gateway_asks_for_the_digits() -> None:
    assert card().number.reveal() == NUMBER
    assert replace(card(), security_code=None).number.brand is CardBrand.VISA


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4111111111111111", CardBrand.VISA),
        ("5555555555554444", CardBrand.MASTERCARD),
        ("2223003122003222", CardBrand.MASTERCARD),
        ("3530111333300000", CardBrand.JCB),
        ("378282246310005", CardBrand.AMEX),
    ],
)
def test_the_brands_own_test_numbers_are_read_as_theirs(number: str, brand: CardBrand) -> None:
    read = read_card_number(number)
    assert read is not None
    assert read.brand is brand


def test_every_card_of_the_sandbox_can_be_typed() -> None:
    assert all(read_card_number(number) for number in TEST_CARDS)
    assert len(set(TEST_CARDS)) == len(TEST_CARDS)


@pytest.mark.parametrize(
    "typed", ["", "4", "4111111111111112", "411111111111111", "9111111111111111", "4111 1111 1111 1111", "４" * 16]
)
def test_what_is_no_card_number_is_not_read(typed: str) -> None:
    assert read_card_number(typed) is None


@given(st.text("0123456789", min_size=12, max_size=18), st.integers(0, 17), st.integers(1, 9))
def test_luhn_notices_every_single_wrong_digit(body: str, place: int, by: int) -> None:
    whole = next(body + digit for digit in "0123456789" if passes_luhn(body + digit))
    place %= len(whole)
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    assert not passes_luhn(wrong)


@given(st.text("0123456789", min_size=12, max_size=18), st.integers(0, 16))
def test_luhn_notices_neighbours_swapped_except_nine_and_zero(body: str, place: int) -> None:
    whole = next(body + digit for digit in "0123456789" if passes_luhn(body + digit))
    place %= len(whole) - 1
    first, second = whole[place], whole[place + 1]
    swapped = whole[:place] + second + first + whole[place + 2 :]
    assert passes_luhn(swapped) == (first == second or {first, second} == {"0", "9"})


def test_a_card_is_good_until_the_last_day_of_its_month() -> None:
    expiry = read_expiry("0228")
    assert expiry == CardExpiry(2028, 2)
    assert not expiry.is_over(date(2028, 2, 29))
    assert expiry.is_over(date(2028, 3, 1))
    assert [read_expiry(typed) for typed in ("1328", "0028", "028", "02/28", "")] == [None] * 5


def test_a_security_code_has_as_many_digits_as_its_brand_prints() -> None:
    assert read_security_code("123", CardBrand.VISA) is not None
    assert read_security_code("1234", CardBrand.AMEX) is not None
    assert read_security_code("1234", CardBrand.VISA) is read_security_code("123", CardBrand.AMEX) is None
    assert read_security_code("12x", CardBrand.VISA) is None


@given(
    beginning=st.sampled_from(("4", "51", "2221", "2720", "3528", "34", "37", "62", "5018", "6304", "6763")),
    more=st.text("0123456789", min_size=7, max_size=17),
)
def test_a_card_has_a_length_that_its_beginning_announced(beginning: str, more: str) -> None:
    digits = next(each for last in "0123456789" if passes_luhn(each := beginning + more + last))
    is_card = read_card_number(digits) is not None
    assert is_card == (len(digits) in card_lengths(beginning))
    assert is_card == all(len(digits) in card_lengths(digits[:known]) for known in range(len(digits)))


@pytest.mark.parametrize(
    ("beginning", "lengths"),
    [("", {12, 13, 14, 15, 16, 17, 18, 19}), ("4", {13, 16, 19}), ("37", {15}), ("2", {16}), ("2220", set()), ("9", set())],
)
def test_the_beginning_of_a_number_tells_how_long_it_may_be(beginning: str, lengths: set[int]) -> None:
    assert card_lengths(beginning) == lengths
