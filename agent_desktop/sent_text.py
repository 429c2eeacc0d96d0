"""A long text that a page sends: what of it may be kept at all."""

from typing import Any

from core.errors import BadInput, HaloError

LARGEST_TEXT_BYTES = 1024 * 1024  # of a request: the longest text in UTF-8, written as JSON


class TooLong(HaloError):
    """The text is longer than any may be."""

    code = "too_large"


def text_of(fields: dict[str, Any], longest: int) -> str:
    """The text that a page sends, with the ends of its lines as an editor has them. Raises BadInput, TooLong."""
    text = fields.get("text")
    if not isinstance(text, str):
        raise BadInput("The field text is missing or wrong.", "Load the page again.")
    if len(text) > longest:
        raise TooLong("The text is too long.", "Shorten it.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unwritable_line(text: str) -> int:
    """The first line with a sign that neither a database nor YAML takes (NUL, half a pair); 0 where there is none."""
    for place, sign in enumerate(text):
        if sign == "\x00" or "\ud800" <= sign <= "\udfff":
            return text.count("\n", 0, place) + 1
    return 0
