"""Which numbers outside an agent may have called."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.outside_numbers import NumberRefused, OutsideRule, outside_number, outside_rule

HOME = OutsideRule("ID")


@pytest.mark.parametrize(
    ("text", "e164"),
    [("0811-2345-678", "+628112345678"), ("+62 21 2345 6789", "+622123456789"), ("62811 2345 678", "+628112345678")],
)
def test_a_number_of_the_home_country_may_be_called(text, e164):
    assert outside_number(text, HOME) == e164


@pytest.mark.parametrize(
    ("text", "rule", "code"),
    [
        ("", HOME, "number_unknown"), ("12", HOME, "number_unknown"), ("0811;drop", HOME, "number_unknown"),
        ("+6591234567", HOME, "number_abroad"), ("+628112345678", OutsideRule("ID", (), ("+62811",)), "number_refused"),
        ("+19002345678", OutsideRule("ID", ("US",)), "number_premium"), ("0809 1 234 567", HOME, "number_premium"),
    ],
)  # fmt: skip
def test_what_may_not_be_called_says_why(text, rule, code):
    with pytest.raises(NumberRefused) as refused:
        outside_number(text, rule)
    assert refused.value.code == code
    assert text not in refused.value.message or not text, "no number in an error"


def test_a_country_that_the_settings_name_may_be_called():
    assert outside_number("+65 9123 4567", outside_rule("ID", "SG,MY", "")) == "+6591234567"


@given(st.text(max_size=40))
def test_whatever_is_typed_becomes_a_valid_number_of_an_allowed_country_or_nothing(text):
    try:
        found = outside_number(text, outside_rule("ID", "SG", "+62809"))
    except NumberRefused:
        return
    number = phonenumbers.parse(found)
    assert phonenumbers.is_valid_number(number)
    assert phonenumbers.region_code_for_number(number) in ("ID", "SG")
    assert not found.startswith("+62809")
