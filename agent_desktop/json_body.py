"""Reading the JSON that a page sends: every field checked, so that views see only clean values."""

from dataclasses import dataclass
from typing import Any

from flask import request

from core.errors import BadInput
from core.ids import is_id


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object. Its methods raise BadInput that names the field."""

    fields: dict[str, Any]

    def text(self, name: str, most: int, default: str | None = None) -> str:
        """A text of at most `most` characters; NUL, which no database takes, is dropped."""
        value = self.fields.get(name, default)
        if not isinstance(value, str) or len(value) > most:
            raise _wrong(name)
        return value.replace("\x00", "")

    def identifier(self, name: str) -> str:
        """An interaction id."""
        value = self.text(name, most=36)
        if not is_id(value):
            raise _wrong(name)
        return value

    def number(self, name: str) -> int:
        """A whole number, zero or more."""
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise _wrong(name)
        return value

    def amount(self, name: str, most: float) -> float:
        """A number from zero to `most`."""
        value = self.fields.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
            raise _wrong(name)
        return float(value)

    def yes_or_no(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.fields.get(name, default)
        if not isinstance(value, bool):
            raise _wrong(name)
        return value


def json_body() -> Body:
    """The body of this request. Raises BadInput when it is no JSON object."""
    fields = request.get_json(silent=True)
    if not isinstance(fields, dict):
        raise BadInput("The request has no JSON object.", "Load the page again.")
    return Body(fields)


def _wrong(name: str) -> BadInput:
    return BadInput(f"The field {name} is missing or wrong.", "Load the page again.")
