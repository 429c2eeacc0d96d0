"""What a roster is made for, from a plan of staff that is kept."""

from collections.abc import Iterable
from datetime import date, tzinfo

from core.errors import BadInput
from workforce.rosters.need_file import Needs
from workforce.rosters.shift_pattern import DAY_MIN
from workforce.staff_need import StaffRow


def needs_of(rows: Iterable[StaffRow], first: date, days: int, zone: tzinfo, paid: bool = True) -> Needs:
    """People by queue and interval for so many `days` from `first` on: heads to be `paid`, or agents on queue. Queues that need
    nobody then are left out. Raises BadInput where nobody is needed at all."""
    found: dict[str, list[int]] = {}
    minutes = 30
    for row in rows:
        minutes = row.minutes
        at = row.starts_at.astimezone(zone)
        day, a_day = (at.date() - first).days, DAY_MIN // row.minutes
        people = row.heads if paid else row.agents
        if 0 <= day < days and people:
            slot = day * a_day + (at.hour * 60 + at.minute) // row.minutes
            found.setdefault(row.queue, [0] * (days * a_day))[slot] = people
    if not found:
        raise BadInput(f"The plan needs nobody for {days} days from {first}.", "Choose days that it has.")
    return Needs(first, days, minutes, found)
