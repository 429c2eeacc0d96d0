"""Plain words for the mistakes that every form knows: of the wrong kind, too small, too large, too long."""

import re
from collections.abc import Mapping
from typing import Any

from core.yaml_form import Advice

USUAL: Mapping[str, Advice] = {
    "greater_than": ("%(part)s is too small.", "Use more than %(limit)s."),
    "greater_than_equal": ("%(part)s is too small.", "Use %(limit)s or more."),
    "less_than": ("%(part)s is too large.", "Use less than %(limit)s."),
    "less_than_equal": ("%(part)s is too large.", "Use %(limit)s at most."),
    "enum": ("%(part)s: there is no such choice.", "Use one of: %(limit)s."),
    "too_long": ("%(part)s has too many parts.", "Use at most %(limit)s."),
    "string_too_short": ("%(part)s is empty.", "Write the words."),
    "int_type": ("%(part)s is no whole number.", "Write one, such as 2."),
    "int_parsing": ("%(part)s is no whole number.", "Write one, such as 2."),
    "int_from_float": ("%(part)s is no whole number.", "Write one, such as 2."),
    "float_type": ("%(part)s is no number.", "Write one, such as 30."),
    "float_parsing": ("%(part)s is no number.", "Write one, such as 30."),
    "bool_type": ("%(part)s is neither yes nor no.", "Write true or false."),
    "bool_parsing": ("%(part)s is neither yes nor no.", "Write true or false."),
}
_NO_NUMBERS = frozenset({"int_type", "int_parsing", "float_type", "float_parsing"})
_NEARLY_A_NUMBER = re.compile(
    r"(\d{1,9}(?:[.,]\d{1,9})?)\s*(%|[a-z]+)?", re.IGNORECASE
)  # with a unit, a share in per cent, a comma
_LIMITS = ("gt", "ge", "le", "lt", "expected", "max_length", "min_length")


def typed_words(error: Any, own: Mapping[str, Advice]) -> Advice | None:
    """What to say of one of pydantic's errors by its type: in the form's own words, or the usual ones; None for an unusual one."""
    advice = own.get(error["type"]) or USUAL.get(error["type"])
    if advice is None:
        return None
    if error["type"] in _NO_NUMBERS and (number := meant_number(error["input"], error["type"].startswith("int"))):
        return advice[0], f"Write the number {number}."
    limit = next((error["ctx"][name] for name in _LIMITS if name in error.get("ctx", {})), "")
    return advice[0], advice[1].replace("%(limit)s", _plain(limit))


def signed_words(error: Any, signs: Mapping[str, Advice]) -> Advice | None:
    """What to say of a value that a form's own check refused, by the sign that its message holds."""
    return next((advice for sign, advice in signs.items() if sign in error["msg"]), None)


def meant_number(written: object, whole: bool) -> str:
    """The number that somebody meant who wrote "20s", "80%" or "1,5"; "" when it is none, or can't be written where a `whole` one
    is asked for. A per cent is a hundredth, but one where whole numbers are shares."""
    found = _NEARLY_A_NUMBER.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        return ""
    number = float(found[1].replace(",", ".")) / (100 if found[2] == "%" and not whole else 1)
    return f"{number:.10g}" if not whole or number.is_integer() else ""


def _plain(limit: object) -> str:
    if isinstance(limit, float):
        return f"{limit:g}" if limit < 1000 else f"{limit:.0f}"
    return str(limit).replace("'", "").replace(" or ", ", ")
