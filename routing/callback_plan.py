"""When a customer who was not reached is called again."""

from collections.abc import Callable
from datetime import datetime, timedelta

TRY_AGAIN_AFTER = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))
MOST_TRIES = 1 + len(TRY_AGAIN_AFTER)

Earliest = Callable[[str, datetime], datetime]
"""The first moment from this one on at which somebody of this queue may call."""


def next_try(tries: int, queue: str, now: datetime, earliest: Earliest) -> datetime | None:
    """When the next try is due after so many in vain (1 or more); None: it was the last."""
    return earliest(queue, now + TRY_AGAIN_AFTER[tries - 1]) if tries < MOST_TRIES else None
