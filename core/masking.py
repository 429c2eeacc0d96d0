"""Keeps whole phone numbers, PINs and card digits out of logs and error texts."""

import re
from collections.abc import Mapping
from typing import Any

# A run of seven digits or more, as written by people and machines: +62 811-2345-678, 08112345678, 4111111111111111.
_LONG_NUMBER = re.compile(r"(?<![\w.-])\+?\d(?:[ ().-]?\d){6,}(?![\w-])")
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
    if isinstance(value, list | tuple):
        return [_mask_value(item) for item in value]
    return value
