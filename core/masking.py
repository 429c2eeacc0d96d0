"""Keeps whole phone numbers, PINs and card digits out of logs and error texts."""

import re
from collections.abc import Mapping
from typing import Any

# A run of seven digits or more, as written by people and machines: +62 (811) 2345-678, 0811/2345/678, 4111111111111111; also
# after "\n" and the like, as Python quotes them, and after "%2B", as addresses do. Ten digits in one go are a number whatever
# follows them: no part of an id that begins with digits is so long.
_BETWEEN = r"[ ()./\-\u00a0\u2007\u2009\u202f\u2010-\u2015\u2212]{0,3}"
_BEFORE = r"(?:(?<![\w.-])|(?<=\\[nrt])|(?<=%2[0bB])|(?<=%3[aA]))"
_NO_SECONDS = r"(?!(?<=\d:)\d\d\.\d{6}(?!\d))"  # 08:00:59.123456 is a time
_LONG_NUMBER = re.compile(rf"{_BEFORE}{_NO_SECONDS}\+?(?:\d(?:{_BETWEEN}\d){{6,}}(?!\w)(?!-\w)|\d{{10,}})")
_LONGEST_PLAIN = 10**9  # a whole number from here on is no count and no token of ours
_SECRET_NAMES = frozenset({"pin", "password", "secret", "digits", "keys", "card", "cvv", "token_secret", "authorization", "cookie"})
HIDDEN = "***"


def mask_number(number: str) -> str:
    """Show only the last three digits: "+628112345678" -> "***678". Shorter than four digits: hidden whole."""
    digits = [character for character in number if character.isdigit()]
    return HIDDEN + "".join(digits[-3:]) if len(digits) > 3 else HIDDEN


def mask_text(text: str) -> str:
    """Mask every long number that stands in a text. Ids and times keep their shape (they have letters or colons)."""
    return _LONG_NUMBER.sub(lambda found: mask_number(found.group()), text)


def mask_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Mask the values of a log line: secrets by their name, long numbers wherever they stand."""
    return {name: HIDDEN if name.lower() in _SECRET_NAMES else _mask_value(value) for name, value in fields.items()}


def _mask_value(value: Any) -> Any:
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return mask_fields(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_mask_value(item) for item in value]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < _LONGEST_PLAIN else mask_number(str(value))
    return mask_text(repr(value))  # an exception, a path: JSON would write it so, too
