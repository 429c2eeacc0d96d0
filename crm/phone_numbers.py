"""Phone numbers: whatever a carrier, a file or a person writes becomes E.164 here, or nothing."""

import re
from functools import lru_cache
from urllib.parse import unquote

import phonenumbers
from phonenumbers import timezone

from crm.customers import PhoneKind

HOME_COUNTRY = "ID"
_LONGEST_TEXT = 200
_ANGLED = re.compile(r"<([^>]*)>")
_WRITTEN = re.compile(r"\(?\+?\(?[0-9][0-9 ().\-/]*")
_ORDINARY = frozenset({
    phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE, phonenumbers.PhoneNumberType.VOIP,
})  # fmt: skip
_SEPARATORS = re.compile(r"[ ().\-/]")


def to_e164(text: str, country: str = HOME_COUNTRY) -> str | None:
    """The number in `text` as E.164 ("+628112345678"), or None when there is no valid one.

    Reads national ("0811…"), international ("+62811…", "62811…", "0062811…") and SIP or tel forms
    ("sip:0811…@host;user=phone", '"Name" <sip:…>'). Withheld, anonymous, extensions and garbage give None.
    `country` (ISO, "ID") is where a number without its country code is read.
    """
    digits = _digits(text)
    for candidate in _readings(digits, country):
        number = _parse(candidate, country)
        if number is not None:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def for_people(e164: str, country: str = HOME_COUNTRY) -> str:
    """A number as people read it: national at home ("0811-2345-678"), international from elsewhere; else unchanged."""
    number = _parse(e164, country)
    if number is None:
        return e164
    at_home = number.country_code == phonenumbers.country_code_for_region(country)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def phone_kind(e164: str) -> PhoneKind:
    """Mobile or home, by the numbering plan; mobile where the plan does not tell them apart."""
    number = _parse(e164, HOME_COUNTRY)
    fixed = number is not None and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE
    return PhoneKind.HOME if fixed else PhoneKind.MOBILE


def takes_texts(e164: str) -> bool:
    """Whether a text message may reach this number: E.164 ("+62811…"), valid, and no landline by the numbering plan."""
    return to_e164(e164) == e164 and phone_kind(e164) is PhoneKind.MOBILE


def may_be_dialled(e164: str, country: str) -> bool:
    """Whether a machine may call this number: of the home country (ISO, "ID"), and none that makes whoever calls it pay more.

    Anybody may have typed it, so a number that earns its owner money must not be called by itself."""
    number = _parse(e164, country)
    if number is None or phonenumbers.region_code_for_number(number) != country:
        return False
    return phonenumbers.number_type(number) in _ORDINARY


def zone_of(e164: str) -> str:
    """The time zone ("Asia/Makassar") of where this number is by the numbering plan; "" where that may be one of several."""
    number = _parse(e164, HOME_COUNTRY)
    zones = timezone.time_zones_for_number(number) if number is not None else ()
    return zones[0] if len(zones) == 1 and zones[0] != timezone.UNKNOWN_TIMEZONE else ""


def country_of(e164: str) -> str:
    """The country (ISO, "ID") of this number by the numbering plan; "" for none."""
    number = _parse(e164, HOME_COUNTRY)
    return phonenumbers.region_code_for_number(number) or "" if number is not None else ""


def country_code(country: str) -> int:
    """The code before a number of this country (ISO, "ID"): 62; 0 for an unknown one."""
    return phonenumbers.country_code_for_region(country)


def is_country(country: str) -> bool:
    """Whether `country` is an ISO code whose numbers can be read ("ID")."""
    return country in phonenumbers.SUPPORTED_REGIONS


def _digits(text: str) -> str:
    """The bare number in a header or cell, with its "+"; "" when it is not written like one."""
    if len(text) > _LONGEST_TEXT:
        return ""
    angled = _ANGLED.search(text)
    user = unquote(angled.group(1) if angled else text).strip()
    user = re.sub(r"^(sips?|tel):", "", user, flags=re.IGNORECASE)
    user = re.split(r"[@;]", user, maxsplit=1)[0].strip()
    # Letters are refused before the library sees them: it would read a name as a number spelt on the keys.
    return _SEPARATORS.sub("", user) if _WRITTEN.fullmatch(user) else ""


def _readings(digits: str, country: str) -> list[str]:
    """Ways to read the digits, the likeliest first."""
    if not digits or digits.startswith("+"):
        return [digits] if digits else []
    if digits.startswith("00"):
        return ["+" + digits[2:], digits]
    # Carriers drop the "+": "62811…" is a mobile in Indonesia, not an Indonesian town whose area code begins 628.
    if not digits.startswith("0") and digits.startswith(str(phonenumbers.country_code_for_region(country) or "-")):
        return ["+" + digits, digits]
    return [digits]


@lru_cache(maxsize=4096)  # a call reads its number several times
def _parse(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
