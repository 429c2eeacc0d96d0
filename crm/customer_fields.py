"""What people may change about a customer: how each field is read, checked and written. Values are plain, as JSON has them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crm.customers import Consent, ConsentPurpose, Customer, CustomerEmail, CustomerPhone, Language
from crm.import_rows import is_email
from crm.name_spelling import plain
from crm.phone_numbers import phone_kind, to_e164

SEGMENTS = ("new", "regular", "loyal", "vip", "premium", "business")
TEXTS = ("name", "honorific", "address", "city", "province", "postcode")
CONSENTS = tuple(f"consent.{purpose}" for purpose in ConsentPurpose)
FIELDS = (*TEXTS, "language", "phones", "emails", *CONSENTS, "segment")
SUPERVISED = frozenset({"segment"})
AGENT_SOURCE = "agent"
MOST_ENTRIES = 10

_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_POSTCODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]*")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a field can't be so: a code, and what it is about (a line of it, the longest that fits)."""

    field: str
    code: str
    about: str = ""


class Refused(Exception):
    """A value that does not fit its field."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.code, self.about = code, about


def value_of(customer: Customer, field: str) -> Any:
    """What the field holds: a text; phones as [number, kind], addresses; a consent as [granted, source, when] or None."""
    if field == "phones":
        return [[phone.e164, phone.kind] for phone in customer.phones]
    if field == "emails":
        return [email.address for email in customer.emails]
    if field in CONSENTS:
        return _consent_value(_consent(customer, field))
    return getattr(customer, field) or ""


def values_of(customer: Customer) -> dict[str, Any]:
    """Every field's value."""
    return {field: value_of(customer, field) for field in FIELDS}


def checked(customer: Customer, field: str, typed: Any, country: str, now: datetime) -> Any:
    """The value for what was typed into a field. Raises Refused."""
    return _CHECKS[field](customer, field, typed, country, now)


def write_value(session: Session, customer: Customer, field: str, value: Any) -> None:
    """Put a value of `value_of` into its field. Does not commit."""
    if field == "phones":
        _write_phones(session, customer, value)
    elif field == "emails":
        _write_emails(session, customer, value)
    elif field in CONSENTS:
        _write_consent(session, customer, field, value)
    else:
        setattr(customer, field, (value or None) if field == "language" else value)
    session.flush()


def _check_text(customer: Customer, field: str, typed: Any, _country: str, _now: datetime) -> str:
    text = _text(typed)
    longest = getattr(Customer.__table__.c[field].type, "length", None) or 0
    if len(text) > longest:
        raise Refused("too_long", str(longest))
    if field == "name" and not plain(text):
        raise Refused("no_name")
    if field == "postcode" and text and not _POSTCODE.fullmatch(text):
        raise Refused("postcode")
    return text


def _check_language(_customer: Customer, _field: str, typed: Any, _country: str, _now: datetime) -> str:
    text = _text(typed)
    if text and text not in set(Language):
        raise Refused("choice")
    return text


def _check_segment(customer: Customer, _field: str, typed: Any, _country: str, _now: datetime) -> str:
    text = _text(typed)
    if text not in SEGMENTS and text != customer.segment:
        raise Refused("choice")
    return text


def _check_phones(customer: Customer, _field: str, typed: Any, country: str, _now: datetime) -> list[list[str]]:
    kinds = {phone.e164: phone.kind for phone in customer.phones}
    numbers = _each(typed, lambda line: to_e164(line, country), "phone")
    return [[e164, kinds.get(e164) or phone_kind(e164).value] for e164 in numbers]


def _check_emails(_customer: Customer, _field: str, typed: Any, _country: str, _now: datetime) -> list[str]:
    return _each(typed, lambda line: line.lower() if is_email(line) else None, "email")


def _check_consent(customer: Customer, field: str, typed: Any, _country: str, now: datetime) -> Any:
    if not isinstance(typed, bool):
        raise Refused("choice")
    known = _consent(customer, field)
    if known is not None and known.granted is typed:
        return _consent_value(known)
    return [typed, AGENT_SOURCE, now.isoformat()]


_CHECKS: Mapping[str, Callable[[Customer, str, Any, str, datetime], Any]] = {
    **dict.fromkeys(TEXTS, _check_text), **dict.fromkeys(CONSENTS, _check_consent),
    "language": _check_language, "segment": _check_segment, "phones": _check_phones, "emails": _check_emails,
}  # fmt: skip


def _text(typed: Any) -> str:
    if not isinstance(typed, str) or _UNREADABLE.search(typed):
        raise Refused("unreadable")
    return " ".join(typed.split())


def _each(typed: Any, read: Callable[[str], str | None], code: str) -> list[str]:
    """Every line read; blank ones are left out, and so is a repetition."""
    if not isinstance(typed, list) or not all(isinstance(line, str) for line in typed):
        raise Refused("unreadable")
    found: dict[str, None] = {}
    for line in filter(None, map(_text, typed)):
        value = read(line)
        if value is None:
            raise Refused(code, line[:40])
        found[value] = None
    if len(found) > MOST_ENTRIES:
        raise Refused("too_many", str(MOST_ENTRIES))
    return list(found)


def _write_phones(session: Session, customer: Customer, value: Sequence[Sequence[str]]) -> None:
    kinds: dict[str, str] = dict(value)  # type: ignore[arg-type]
    rows = {phone.e164: phone for phone in customer.phones}
    kept = _standing([phone.e164 for phone in customer.phones], list(kinds))
    customer.phones = [rows[e164] for e164 in kept]
    session.flush()  # what goes must be gone before the same comes again at another place
    for phone in customer.phones:
        phone.kind = kinds[phone.e164]
    customer.phones += [CustomerPhone(e164=e164, kind=kinds[e164]) for e164 in kinds if e164 not in kept]


def _write_emails(session: Session, customer: Customer, value: Sequence[str]) -> None:
    rows = {email.address: email for email in customer.emails}
    kept = _standing([email.address for email in customer.emails], value)
    customer.emails = [rows[address] for address in kept]
    session.flush()
    customer.emails += [CustomerEmail(address=address) for address in value if address not in kept]


def _standing(now: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Of what is there now, the rows that can stay: they come first in what is wanted, in the same order."""
    left = [each for each in now if each in set(wanted)]
    same = 0
    while same < len(left) and left[same] == wanted[same]:
        same += 1
    return left[:same]


def _write_consent(session: Session, customer: Customer, field: str, value: Sequence[Any] | None) -> None:
    known = _consent(customer, field)
    if value is None:
        if known is not None:
            customer.consents.remove(known)
        return
    granted, source, given_at = value
    if known is None:
        known = Consent(purpose=field.removeprefix("consent."))
        customer.consents.append(known)
    known.granted, known.source, known.given_at = granted, source, datetime.fromisoformat(given_at)


def _consent(customer: Customer, field: str) -> Consent | None:
    purpose = field.removeprefix("consent.")
    return next((consent for consent in customer.consents if consent.purpose == purpose), None)


def _consent_value(consent: Consent | None) -> list[Any] | None:
    return None if consent is None else [consent.granted, consent.source, consent.given_at.isoformat()]
