"""What is said of a customer's fields: their names, their values, why one can't be so, and why two can't be merged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent_desktop.code_words import LANGUAGE_NAMES, PURPOSES, SEGMENTS
from agent_desktop.formats import day
from agent_desktop.services import services
from agent_desktop.texts import _, _later
from crm.customer_fields import CONSENTS, Fault
from crm.phone_numbers import for_people

FIELD_NAMES: dict[str, Any] = {
    "name": _later("Name"),
    "honorific": _later("Form of address"),
    "language": _later("Language"),
    "address": _later("Street"),
    "city": _later("City"),
    "province": _later("Province"),
    "postcode": _later("Postcode"),
    "phones": _later("Phone numbers"),
    "emails": _later("E-mail addresses"),
    "segment": _later("Segment"),
    "merged": _later("Took over everything of"),
    "merged_into": _later("Gave everything to"),
}
SOURCES = {
    "agent": _later("told an agent"),
    "website": _later("website"),
    "checkout": _later("when ordering"),
    "call": _later("in a call"),
    "store": _later("in the store"),
}
REFUSALS = {
    "same": _later("That is one and the same record."),
    "away": _later("One of the two was merged meanwhile. Load the page again."),
    "booked": _later("Both have a visit booked for the same purpose. Cancel one of the two first."),
    "undone": _later("That was undone already. Load the page again."),
    "outer": _later("This record was merged into another one since. Undo that first."),
}
_FAULTS = {
    "no_name": _later("A name needs at least one letter."),
    "unreadable": _later("There is a sign here that no text may hold. Type it again."),
    "choice": _later("Choose one of the list."),
    "postcode": _later("A postcode has digits and letters only."),
}


def field_name(field: str) -> str:
    """The field as people call it; a consent by its purpose."""
    if field in CONSENTS:
        purpose = field.removeprefix("consent.")
        return str(PURPOSES.get(purpose, purpose))
    return str(FIELD_NAMES.get(field, field))


def value_words(field: str, value: Any) -> str:
    """What a field holds or held, in words; a dash for nothing."""
    if field in CONSENTS:
        return _consent_words(value)
    if field in ("merged", "merged_into"):
        return f"{value[1]} ({value[0]})" if value else "–"
    if field == "phones":
        return ", ".join(for_people(number, services().settings.country) for number, _kind in value) or "–"
    if field == "emails":
        return ", ".join(value) or "–"
    known = {"language": LANGUAGE_NAMES, "segment": SEGMENTS}.get(field, {})
    return str(known.get(value, value) or "–")


def segment_words(segment: str) -> str:
    """A segment in words."""
    return str(SEGMENTS.get(segment, segment))


def source_words(source: str) -> str:
    """Where a consent was given."""
    return str(SOURCES.get(source, source))


def fault_words(fault: Fault) -> str:
    """Why a field can't be so, and what would fit."""
    match fault.code:
        case "too_long":
            return _("That is too long: at most %(most)s characters fit.", most=fault.about)
        case "phone":
            return _("“%(line)s” is no phone number. Write it as it is dialled here, or with + and the country.", line=fault.about)
        case "email":
            return _("“%(line)s” is no e-mail address, which looks like name@example.com.", line=fault.about)
        case "too_many":
            return _("At most %(most)s fit here.", most=fault.about)
    return str(_FAULTS.get(fault.code, fault.code))


def refusal_words(why: str) -> str:
    """Why two records can't become one, or two again."""
    return str(REFUSALS.get(why, why))


def _consent_words(value: Sequence[Any] | None) -> str:
    if value is None:
        return _("not asked")
    granted, source, given_at = value
    words = _("allowed") if granted else _("refused")
    return f"{words} ({', '.join(filter(None, (source_words(source), day_of(given_at))))})"


def day_of(moment: str) -> str:
    """The day of a moment that was written as a text."""
    return day(datetime.fromisoformat(moment).astimezone(ZoneInfo(services().settings.time_zone)).date())
