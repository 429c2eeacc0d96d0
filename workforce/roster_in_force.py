"""What the roster had for each agent, minute by minute: of every minute, what was in force at that minute."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workforce.adherence import Planned
from workforce.changed_shifts import ChangedShift, ShiftTimes, changes_of, times_of
from workforce.roster_records import RosterShift, RosterState, RosterVersion

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class InForce:
    """From this moment on the agent's plan for one day of the roster was this; until the next one."""

    since: datetime
    planned: tuple[Planned, ...]


def in_force(plans: Iterable[InForce]) -> tuple[Planned, ...]:
    """One agent's plan for one day of the roster as it was at every minute: of each plan the part while it was in force."""
    ordered = sorted(plans, key=lambda one: one.since)
    found: list[Planned] = []
    for number, one in enumerate(ordered):
        until = ordered[number + 1].since if number + 1 < len(ordered) else None
        for each in one.planned:
            start, end = max(each.start, one.since), each.end if until is None else min(each.end, until)
            if start < end:
                found.append(replace(each, start=start, end=end))
    return joined(found)


def joined(planned: Iterable[Planned]) -> tuple[Planned, ...]:
    """In order; what lies end to end and is the same activity is one."""
    found: list[Planned] = []
    for each in sorted(planned, key=lambda one: one.start):
        if found and found[-1].end == each.start and found[-1].activity == each.activity:
            found[-1] = replace(found[-1], end=each.end)
        else:
            found.append(each)
    return tuple(found)


def activities_of(times: Mapping[str, object] | ShiftTimes) -> tuple[Planned, ...]:
    """A shift as stretches end to end: on queue, but for its breaks and trainings; of none, none."""
    if not times:
        return ()
    at, end = (datetime.fromisoformat(str(times[name])) for name in ("starts_at", "ends_at"))
    found: list[Planned] = []
    listed: Sequence[tuple[str, str, str]] = times["activities"]  # type: ignore[assignment]
    for kind, starts, ends in sorted(listed, key=lambda one: datetime.fromisoformat(one[1])):
        first, last = max(at, datetime.fromisoformat(starts)), min(end, datetime.fromisoformat(ends))
        if first >= last:
            continue
        if at < first:
            found.append(Planned(at, first))
        found.append(Planned(first, last, kind))
        at = last
    if at < end:
        found.append(Planned(at, end))
    return tuple(found)


def planned_in_force(
    session: Session, first: date, days: int, zone: tzinfo, agent_id: str = ""
) -> dict[str, dict[date, tuple[Planned, ...]]]:  # fmt: skip
    """By agent and day of the roster. A minute before the first publication of its day has no plan."""
    last = first + timedelta(days=days - 1)
    versions = _versions(session, first, last)
    changes = defaultdict[tuple[int, str, date], list[ChangedShift]](list)
    for change in changes_of(session, first, last):
        changes[change.version_id, change.agent_id, change.day].append(change)
    plans = defaultdict[tuple[str, date], list[InForce]](list)
    for number in range(days):
        day = first + timedelta(days=number)
        counting = _counting([one for one in versions if _has(one, day)], datetime.combine(day, time(), zone))
        rows = _rows(session, [one.id for one in counting], day, agent_id)
        agents = {row.agent_id for own in rows.values() for row in own}
        agents |= {agent for version, agent, its in changes if its == day and version in rows and agent_id in ("", agent)}
        for at, version in enumerate(counting):
            since = version.published_at or _BEGINNING
            until = counting[at + 1].published_at if at + 1 < len(counting) else None
            there = {row.agent_id: row for row in rows[version.id]}
            for agent in agents:
                plans[agent, day] += _timeline(there.get(agent), changes[version.id, agent, day], since, until)
    found = defaultdict[str, dict[date, tuple[Planned, ...]]](dict)
    for (agent, day), own in plans.items():
        planned = in_force(own)
        if planned:
            found[agent][day] = planned
    return found


def _timeline(row: RosterShift | None, changes: Sequence[ChangedShift], since: datetime, until: datetime | None) -> list[InForce]:
    """What a version had for an agent's day from when on, while it counted."""
    if not changes:
        return [InForce(since, activities_of(times_of(row)))]
    found = [InForce(since, activities_of(changes[0].before))]
    found += [
        InForce(max(change.at, since), activities_of(change.after)) for change in changes if until is None or change.at < until
    ]
    return found


def _versions(session: Session, first: date, last: date) -> list[RosterVersion]:
    asked = select(RosterVersion).where(RosterVersion.state == RosterState.PUBLISHED, RosterVersion.first_day <= last)
    found = session.scalars(asked.order_by(RosterVersion.published_at, RosterVersion.id))
    return [one for one in found if one.first_day + timedelta(days=one.days) > first]


def _counting(versions: Sequence[RosterVersion], day_begins: datetime) -> list[RosterVersion]:
    """The one that was in force when the day began, and those that took its place since."""
    before = [one for one in versions if one.published_at is not None and one.published_at <= day_begins]
    return [*before[-1:], *(one for one in versions if one.published_at is not None and one.published_at > day_begins)]


def _has(version: RosterVersion, day: date) -> bool:
    return version.first_day <= day < version.first_day + timedelta(days=version.days)


def _rows(session: Session, version_ids: Sequence[int], day: date, agent_id: str) -> dict[int, list[RosterShift]]:
    asked = select(RosterShift).where(RosterShift.version_id.in_(version_ids), RosterShift.day == day)
    if agent_id:
        asked = asked.where(RosterShift.agent_id == agent_id)
    found: dict[int, list[RosterShift]] = {number: [] for number in version_ids}
    for row in session.scalars(asked.options(selectinload(RosterShift.activities))):
        found[row.version_id].append(row)
    return found
