"""The comparison group: who is offered nothing for a while, so that it is known what offering does. Pure."""

from datetime import UTC, datetime, timedelta

from core.draws import is_drawn

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def period_of(at: datetime, period_days: int) -> int:
    """The number of the period that a moment lies in."""
    return (at - _EPOCH) // timedelta(days=period_days)


def is_held_out(customer_id: int, at: datetime, share: float, period_days: int) -> bool:
    """Whether this customer belongs to the comparison group at this moment.

    The same answer all through a period; a share `share` (0 to 1) of all customers, drawn anew for each period. A larger share
    holds everybody of a smaller one.
    """
    return is_drawn(f"offers\n{period_of(at, period_days)}\n{customer_id}", share)
