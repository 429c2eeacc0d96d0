"""Nothing uncleaned reaches Asterisk: one place where foreign text becomes a harmless value."""

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONGEST = 4000


def clean_value(text: str) -> str:
    """A value of a manager action: one line, no control characters, at most 4,000 letters."""
    return _CONTROL.sub(" ", text)[:_LONGEST].strip()


def clean_argument(text: str) -> str:
    """An AGI argument between double quotes: as clean_value, and quotes and backslashes can't end it."""
    return clean_value(text).replace("\\", "\\\\").replace('"', '\\"')


def caller_name(text: str) -> str:
    """A name for a phone's display: letters, digits and a few signs; the rest is dropped."""
    return re.sub(r"[^\w .,'()/-]", "", clean_value(text))[:60].strip()
