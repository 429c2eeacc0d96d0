"""Identifiers that can be made anywhere without asking anyone."""

import re
import uuid

_INTERACTION_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_id() -> str:
    """A fresh random identifier: 36 characters, lower case, the same form that Asterisk's UUID() gives."""
    return str(uuid.uuid4())


def derived_id(*parts: str) -> str:
    """The same identifier for the same parts, always: for things that must not be told twice under two names."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(parts)))


def is_id(text: str) -> bool:
    """Whether `text` has the form of an identifier. Anything a SIP header or a page sends is checked with this."""
    return _INTERACTION_ID.fullmatch(text) is not None
