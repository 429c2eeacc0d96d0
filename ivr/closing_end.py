"""When a closing ends, from what people write: a time of day, a date and time, or how long."""

import re
from datetime import UTC, datetime, time, timedelta

from core.errors import BadInput

FURTHEST = timedelta(days=366)
_LENGTH = re.compile(r"(\d{1,4}) ?(m|min|h|d)")
_UNITS = {"m": timedelta(minutes=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def closing_end(words: str, now: datetime) -> datetime | None:
    """ "18:00" (its next time), "2026-11-25 08:00", "3h", "90m", "2d"; "" is None: until somebody reopens. Aware UTC.

    `now` is aware, in the zone that the writer means. Raises BadInput for other words, for an end that has passed, and for one
    more than a year away.
    """
    words = words.strip()
    if not words:
        return None
    end = _read(words, now)
    if end is None:
        raise BadInput(
            f"{words!r} is no end.", "Write a time such as 18:00, a date such as 2026-11-25 08:00, or a length such as 3h."
        )
    if not now < end <= now + FURTHEST:
        raise BadInput("The closing would end before it begins, or in more than a year.", "Choose another end, or none.")
    return end.astimezone(UTC)


def _read(words: str, now: datetime) -> datetime | None:
    length = _LENGTH.fullmatch(words)
    if length:
        return now.astimezone(UTC) + int(length[1]) * _UNITS[length[2]]
    try:
        if ":" in words and "-" not in words:
            at = datetime.combine(now.date(), time.fromisoformat(words), now.tzinfo)
            return at if at > now else datetime.combine(now.date() + timedelta(days=1), at.time(), now.tzinfo)
        return datetime.fromisoformat(words).replace(tzinfo=now.tzinfo)
    except ValueError:
        return None
