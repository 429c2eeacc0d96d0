"""When a queue is open: by hours of its own where it has some, else with the line that leads to it."""

from collections.abc import Callable
from datetime import datetime

from ivr.hours import OpenState

OwnHours = Callable[[str], OpenState | None]  # the own hours of the queue of this name as they are now; None: it has none

Earliest = Callable[[str, datetime], datetime]  # the first moment from this one on (aware) at which this queue is open


def always(_queue: str, at: datetime) -> datetime:
    """Where no queue ever closes."""
    return at


def no_own_hours(_queue: str) -> OpenState | None:
    """Where no queue has hours of its own."""
    return None


def queue_state(own: OpenState | None, line: OpenState | None) -> OpenState | None:
    """Whether somebody is in a queue, and when again; None: always.

    `own` are its own hours, `line` those of the line by which callers come; either is None where there are none. A line
    that is closed in an emergency closes every queue behind it; at other times a queue may be open for longer than its line.
    """
    if own is None or (line is not None and line.emergency is not None):
        return line
    return own
