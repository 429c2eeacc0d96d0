"""What changes for whom when a roster takes the place of what counts until now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workforce.roster_records import RosterShift


@dataclass(frozen=True, slots=True)
class DayChange:
    """An agent's day: the shift that counts until now, and the one that will; None for a day off."""

    agent: str
    day: date
    before: RosterShift | None
    after: RosterShift | None


def differences(before: Iterable[RosterShift], after: Iterable[RosterShift]) -> list[DayChange]:
    """By agent and day; days that stay alike, with their breaks, are left out."""
    was = {(row.agent_id, row.day): row for row in before}
    will_be = {(row.agent_id, row.day): row for row in after}
    found = []
    for agent, day in sorted(was.keys() | will_be.keys()):
        old, new = was.get((agent, day)), will_be.get((agent, day))
        if _told(old) != _told(new):
            found.append(DayChange(agent, day, old, new))
    return found


def _told(row: RosterShift | None) -> object:
    if row is None:
        return None
    return row.pattern, row.starts_at, row.ends_at, [(one.kind, one.starts_at, one.ends_at) for one in row.activities]
