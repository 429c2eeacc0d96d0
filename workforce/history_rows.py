"""The intervals that a forecast learns from: on record, rolled up or not, and before those what planners brought from elsewhere."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.contact_history import Interaction
from routing.policy import Policy
from workforce.back_test import Tell
from workforce.brought_history import brought_rows
from workforce.interval_row import IntervalRow
from workforce.intervals import interval_rows, kept_rows

_DAY = timedelta(days=1)


def history_rows(
    session: Session, policy: Policy, start: datetime, end: datetime, minutes: int, tell: Tell = lambda done, of: None
) -> list[IntervalRow]:  # fmt: skip
    """Every queue's intervals from the local day of the first contact on record, at the earliest from `start`, to `end`; and of the
    days before it those that were brought.

    Both aware; local is the zone of `start`. Nothing is written.
    """
    offered = (Interaction.offered_at >= start, Interaction.offered_at < end)
    first = session.scalar(select(func.min(Interaction.offered_at)).where(*offered))
    kept = kept_rows(session, policy, start, end, minutes)
    begins = min([row.starts_at for row in kept] + ([] if first is None else [first]), default=end)
    begins = max(start, datetime.combine(begins.astimezone(start.tzinfo).date(), datetime.min.time(), start.tzinfo))
    rolled_up = {row.starts_at.astimezone(UTC).date() for row in kept}
    day = datetime.combine(begins.astimezone(UTC).date(), datetime.min.time(), UTC)
    days = []
    while day < end:
        if day.date() not in rolled_up:
            days.append(day)
        day += _DAY
    found = brought_rows(session, policy.names, start, begins, minutes)
    found += [row for row in kept if row.starts_at >= begins]
    for number, each in enumerate(days):
        rows = interval_rows(session, policy, each, each + _DAY, minutes)
        found += [row for row in rows if begins <= row.starts_at < end]
        tell(number + 1, len(days))
    return found
