"""Whatever is written becomes E.164, or nothing."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.customers import PhoneKind
from crm.phone_numbers import for_people, is_country, may_be_dialled, phone_kind, to_e164, zone_of

MOBILE = "+628112345678"


@pytest.mark.parametrize(
    "written",
    [
        "08112345678", "628112345678", "+628112345678", "00628112345678", "0811-2345-678", "(0811) 2345 678", " 0811 2345 678 ",
        "sip:08112345678@10.0.0.1", "sip:+628112345678@carrier.example;user=phone", "tel:+62-811-2345-678",
        '"Ibu Sari" <sip:08112345678@10.0.0.1>;tag=1', "sips:%2B628112345678@carrier.example", "8112345678",
        "tel:+628112345678;phone-context=example.com",
    ],
)  # fmt: skip
def test_every_way_to_write_a_number_is_the_same_number(written: str) -> None:
    assert to_e164(written) == MOBILE


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "anonymous", "Anonymous", "sip:anonymous@anonymous.invalid", "withheld", "unknown", "Restricted", "unavailable",
        "1001", "sip:1001@desk", "110", "0", "+", "++628112345678", "0811", "0811234567890123456789", "0811abc45678", "hello",
        "0811;DROP TABLE", "<>", "tel:", "1-800-FLOWERS", "08112345678\nAction: Originate", "0" * 500,
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(written: str) -> None:
    assert to_e164(written) is None


def test_a_country_code_without_plus_is_not_an_area_code() -> None:
    """Read nationally, "62811234567" would be a line in the area 0628."""
    assert to_e164("62811234567") == "+62811234567"


def test_fixed_lines_and_foreign_numbers() -> None:
    assert to_e164("(021) 7845 1234") == "+622178451234"
    assert to_e164("+44 20 7946 0018") == "+442079460018"
    assert to_e164("020 7946 0018", "GB") == "+442079460018"


@given(st.text(max_size=60))
def test_any_text_gives_a_valid_number_or_none(text: str) -> None:
    number = to_e164(text)
    if number is not None:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))
        assert to_e164(number) == number


@given(st.sampled_from(["0812", "0857", "0878", "0895", "021", "0274"]), st.integers(2_000_000, 8_999_999))
def test_writing_for_people_and_reading_back_is_the_same_number(prefix: str, rest: int) -> None:
    number = to_e164(f"{prefix}{rest}")
    if number is not None:
        assert to_e164(for_people(number)) == number


def test_people_read_home_numbers_nationally_and_others_with_their_country() -> None:
    assert for_people(MOBILE) == "0811-2345-678"
    assert for_people("+442079460018") == "+44 20 7946 0018"
    assert for_people("not a number") == "not a number"


def test_a_fixed_line_is_told_from_a_mobile() -> None:
    assert phone_kind(MOBILE) == PhoneKind.MOBILE
    assert phone_kind("+622178451234") == PhoneKind.HOME


@pytest.mark.parametrize(
    ("number", "zone"),
    [
        ("+62411871234", "Asia/Makassar"),
        ("+62967531234", "Asia/Jayapura"),
        ("+62215550123", "Asia/Jakarta"),
        (MOBILE, ""),
        ("", ""),
    ],
)
def test_a_landline_tells_its_time_zone_and_a_mobile_none(number: str, zone: str) -> None:
    assert zone_of(number) == zone


def test_countries_are_iso_codes() -> None:
    assert is_country("ID")
    assert not is_country("Indonesia")
    assert to_e164("08112345678", "Indonesia") is None


@pytest.mark.parametrize(
    ("number", "allowed"),
    [
        (MOBILE, True),
        ("+62215551234", True),
        ("+12125551234", False),
        ("+628091234567", False),
        ("+628001234567", False),
        ("", False),
    ],
)
def test_a_machine_dials_ordinary_numbers_of_the_country_alone(number: str, allowed: bool) -> None:
    assert may_be_dialled(number, "ID") is allowed
