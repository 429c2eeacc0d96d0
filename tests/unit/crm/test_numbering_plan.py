"""The numbers of a country, walked digit by digit: those that phonenumbers finds valid, and no others near them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.numbering_plan import numbering_plan

INDONESIA = numbering_plan("ID")
ORDINARY = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)


@given(st.integers(8, 10), st.data())
def test_a_mobile_number_is_in_the_plan_when_it_is_valid(length: int, data: st.DataObject) -> None:
    digits = "08" + data.draw(st.text("0123456789", min_size=length, max_size=length))
    number = phonenumbers.parse(digits, "ID")
    assert INDONESIA is not None
    assert INDONESIA.has(digits) == (phonenumbers.number_type(number) in ORDINARY)
    assert INDONESIA.has("62" + digits[1:]) == INDONESIA.has(digits)


@pytest.mark.parametrize("digits", ["", "0", "08", "0812", "28750079099", "0812345678901234", "0801234567", "6208123456789"])
def test_what_no_number_begins_with_and_what_is_too_long_or_short_is_none(digits: str) -> None:
    assert INDONESIA is not None
    assert not INDONESIA.has(digits)


@pytest.mark.parametrize("country", ["ID", "SG", "MY", "GB", "DE"])
def test_an_example_of_each_kind_is_in_the_plan_of_its_country(country: str) -> None:
    plan = numbering_plan(country)
    assert plan is not None
    for kind in ORDINARY:
        example = phonenumbers.example_number_for_type(country, kind)
        assert plan.has(f"{example.country_code}{example.national_number}")


def test_a_country_that_nobody_knows_has_no_plan() -> None:
    assert numbering_plan("ZZ") is None
