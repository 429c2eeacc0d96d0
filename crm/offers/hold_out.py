"""The comparison group: who is offered nothing for a while, so that it is known what offering does. Pure."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANGE = 2**64


def period_of(at: datetime, period_days: int) -> int:
    """The number of the period that a moment lies in."""
    return (at - _EPOCH) // timedelta(days=period_days)


def is_held_out(customer_id: int, at: datetime, share: float, period_days: int) -> bool:
    """Whether this customer belongs to the comparison group at this moment.

    The same answer all through a period; a share `share` (0 to 1) of all customers, drawn anew for each period. A larger share
    holds everybody of a smaller one.
    """
    text = f"offers\n{period_of(at, period_days)}\n{customer_id}"
    drawn = int.from_bytes(sha256(text.encode()).digest()[:8])
    return drawn < share * _RANGE
