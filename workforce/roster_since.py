"""What came into force since a draft was copied (swaps, time off, hours, rosters), so that publishing undoes none unseen."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workforce.changed_shifts import ShiftTimes, changes_of, same_times, times_of
from workforce.roster_check.change import judge
from workforce.roster_hand import ChangeKind, cell_of, note_cells
from workforce.roster_held import HeldRoster
from workforce.roster_records import RosterActivity, RosterShift, RosterState, RosterVersion
from workforce.roster_store import as_roster, published_shifts, shifts_of

Day = tuple[str, date]
"""An agent, and the day on which a shift of theirs begins."""


class How(StrEnum):
    """By what an agent's day became another."""

    HOURS = "hours"
    SWAP = "swap"
    TIME_OFF = "time_off"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """An agent's day in force: as it was when the draft was `copied`, as it is `now`, and as the `draft` has it. `by`: who changed
    it last, "" for agents alone; `row`: the shift in force, None for a day off."""

    agent: str
    day: date
    how: How
    by: str
    copied: ShiftTimes
    now: ShiftTimes
    draft: ShiftTimes
    row: RosterShift | None

    @property
    def mark(self) -> str:
        """Names what is in force now: whoever gives it up names what they saw."""
        return hashlib.sha256(json.dumps([self.agent, self.day.isoformat(), self.now], sort_keys=True).encode()).hexdigest()[:16]


def changed_since(session: Session, version: RosterVersion) -> list[ChangedSince]:
    """Of a draft that was copied, every day of an agent that is another in force by now, and that publishing would make another
    once more. By agent and day. Nothing of a roster that was made anew."""
    if version.as_of is None or version.state != RosterState.DRAFT:
        return []
    rows = {(row.agent_id, row.day): row for row in published_shifts(session, version.first_day, version.days)}
    draft = {(row.agent_id, row.day): times_of(row) for row in shifts_of(session, version.id)}
    then = in_force_at(session, version.first_day, version.days, version.as_of)
    counts = {row.day: row.version_id for row in rows.values()}
    last = {
        (each.agent_id, each.day): each
        for each in changes_of(session, version.first_day, version.first_day + timedelta(days=version.days - 1))
        if each.at > version.as_of and counts.get(each.day, each.version_id) == each.version_id
    }
    found = []
    for agent, day in sorted(rows.keys() | then.keys()):
        row = rows.get((agent, day))
        now, was, own = times_of(row), then.get((agent, day), {}), draft.get((agent, day), {})
        if alike(now, was) or alike(now, own):
            continue
        change = last.get((agent, day))
        how, by = (How(change.kind), change.by) if change else (How.PUBLISHED, _publisher(session, row, counts, day))
        found.append(ChangedSince(agent, day, how, by, was, now, own, row))
    return found


def in_force_at(session: Session, first: date, days: int, moment: datetime) -> dict[Day, ShiftTimes]:
    """What counted on these days at that moment, without what changed in it since."""
    last = first + timedelta(days=days - 1)
    versions = session.scalars(
        select(RosterVersion)
        .where(RosterVersion.state == RosterState.PUBLISHED, RosterVersion.first_day <= last, RosterVersion.published_at <= moment)
        .order_by(RosterVersion.published_at.desc(), RosterVersion.id.desc())
    ).all()
    found: dict[Day, ShiftTimes] = {}
    counts: dict[date, int] = {}
    for number in range(days):
        day = first + timedelta(days=number)
        newest = next((one for one in versions if one.first_day <= day < one.first_day + timedelta(days=one.days)), None)
        if newest is not None:
            counts[day] = newest.id
    asked = select(RosterShift).where(
        RosterShift.version_id.in_(set(counts.values())), RosterShift.day >= first, RosterShift.day <= last
    )
    for row in session.scalars(asked.options(selectinload(RosterShift.activities))):
        if counts.get(row.day) == row.version_id:
            found[row.agent_id, row.day] = times_of(row)
    for change in reversed(changes_of(session, first, last)):
        if change.at > moment and counts.get(change.day) == change.version_id:
            found[change.agent_id, change.day] = change.before
    return {day: times for day, times in found.items() if times}


def bring_up_to_date(
    session: Session, version: RosterVersion, held: HeldRoster, kept: Sequence[ChangedSince], given_up: Sequence[ChangedSince],
    zone: tzinfo, now: datetime, by: str,
) -> None:  # fmt: skip
    """The draft gets what is in force of those `kept`, and stays as it is where that is `given_up`; both are put on record.
    `held` is the draft as it stands in this session, whose version is locked."""
    own = {(row.agent_id, row.day): row for row in shifts_of(session, version.id)}
    cells = [(each.agent, (each.day - version.first_day).days) for each in kept]
    for each in kept:
        if (each.agent, each.day) in own:
            session.delete(own[each.agent, each.day])
    session.flush()
    for each in kept:
        if each.row is not None:
            session.add(_copied(each.row, version.id))
    session.flush()
    session.expire_all()
    rows = as_roster([each.row for each in kept if each.row is not None], held.problem.patterns, version.first_day, zone)
    change = {cell: rows.get(cell) for cell in cells}
    known = {cell: placed for cell, placed in change.items() if cell[0] in held.problem.by_agent}
    if known:
        version.cost = (version.cost or 0.0) + judge(held.problem, held.roster, known).points
    if kept:
        told = [[*cell, cell_of(held.roster.get(cell)), cell_of(placed)] for cell, placed in change.items()]
        note_cells(session, version, ChangeKind.UPDATED, told, now, by)
    if given_up:
        lost = [[each.agent, (each.day - version.first_day).days, each.now, each.draft] for each in given_up]
        note_cells(session, version, ChangeKind.TOOK_BACK, lost, now, by)
    version.as_of = version.changed_at = now
    session.flush()


def alike(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether both are the same shift; records of old have no pattern."""
    patterns = {str(times["pattern"]) for times in (one, other) if "pattern" in times}
    return same_times(one, other) and len(patterns) < 2


def _copied(row: RosterShift, version_id: int) -> RosterShift:
    activities = [RosterActivity(kind=one.kind, starts_at=one.starts_at, ends_at=one.ends_at) for one in row.activities]
    return RosterShift(
        version_id=version_id, agent_id=row.agent_id, day=row.day, pattern=row.pattern, starts_at=row.starts_at,
        ends_at=row.ends_at, activities=activities,
    )  # fmt: skip


def _publisher(session: Session, row: RosterShift | None, counts: Mapping[date, int], day: date) -> str:
    version_id = row.version_id if row is not None else counts.get(day)
    return session.get_one(RosterVersion, version_id).published_by if version_id is not None else ""
