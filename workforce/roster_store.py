"""Rosters in the database: kept, found again as problems with their answer, and published in one step."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from core.errors import BadInput, NotFound
from routing.agents import load_profiles
from routing.needs import Proficiencies
from routing.policy import Policy
from workforce.roster_brought import from_record
from workforce.roster_records import (
    RULES,
    AskState,
    RosterActivity,
    RosterShift,
    RosterState,
    RosterVersion,
    TimeOffRequest,
    WorkContract,
)
from workforce.rosters.calendar_file import moment_of
from workforce.rosters.contract import Contract
from workforce.rosters.problem import PAST_DAYS, Cell, Roster, RosterProblem
from workforce.rosters.rules_file import RulesText, read_rules, shipped_rules
from workforce.rosters.shift_pattern import REST, Break, Placed, Shift, ShiftPattern


def queues_served(policy: Policy, queues: Collection[str], proficiencies: Proficiencies) -> frozenset[str]:
    """The queues whose first callers an agent who can do this may serve."""
    return frozenset(
        queue for queue in queues
        if policy.find(queue) and any(circle.needs.met_by(proficiencies) for circle in policy.plan(queue, "").rings[0].circles)
    )  # fmt: skip


def on_record(session: Session, policy: Policy, queues: Collection[str]) -> dict[str, tuple[str, frozenset[str]]]:
    """Name and queues of every agent on record."""
    profiles = load_profiles(session)
    return {each.agent_id: (each.name, queues_served(policy, queues, each.proficiencies)) for each in profiles.values()}


def rules_in_force(session: Session) -> RulesText:
    """The published rules, else those that Halo ships."""
    found = RULES.in_force(session)
    return read_rules(found.content, f"roster rules {found.number}") if found is not None and found.number else shipped_rules()


def keep_contracts(session: Session, contracts: Iterable[Contract], now: datetime, by: str) -> int:
    """Write contracts of agents on record, in place of those that they had; returns how many. Others are left out."""
    known, count = load_profiles(session), 0
    for one in contracts:
        if one.agent not in known:
            continue
        session.merge(
            WorkContract(
                agent_id=one.agent, week_min=one.week_min, days_a_week=one.days_a_week, patterns=sorted(one.patterns),
                available={str(day): [list(span) for span in spans] for day, spans in one.available.items()},
                overtime=one.overtime, protected=one.protected, most_in_a_row=one.most_in_a_row, most_weekends=one.most_weekends,
                changed_at=now, by=by,
            )
        )  # fmt: skip
        count += 1
    session.flush()
    return count


def contracts_on_record(session: Session, policy: Policy, queues: Collection[str]) -> list[Contract]:
    """Of every agent who has one."""
    people = on_record(session, policy, queues)
    return [
        Contract(
            row.agent_id, people[row.agent_id][1], row.week_min, row.days_a_week,
            {int(day): tuple((span[0], span[1]) for span in spans) for day, spans in row.available.items()},
            frozenset(row.patterns), row.overtime, row.protected, people[row.agent_id][0],
            most_in_a_row=row.most_in_a_row, most_weekends=row.most_weekends,
        )
        for row in session.scalars(select(WorkContract).order_by(WorkContract.agent_id))
        if row.agent_id in people
    ]  # fmt: skip


def time_off_granted(session: Session, first: date, days: int) -> frozenset[Cell]:
    """The agents and days of the time that were granted."""
    last = first + timedelta(days=days - 1)
    rows = session.scalars(
        select(TimeOffRequest).where(
            TimeOffRequest.state == AskState.GRANTED, TimeOffRequest.first_day <= last, TimeOffRequest.last_day >= first
        )
    )  # fmt: skip
    return frozenset(
        (row.agent_id, day)
        for row in rows
        for day in range((row.first_day - first).days, (row.last_day - first).days + 1)
        if 0 <= day < days
    )


def new_version(
    session: Session, problem: RosterProblem, rules: str, now: datetime, by: str, state: RosterState, note: str = ""
) -> RosterVersion:  # fmt: skip
    """A roster for these days and needs, without shifts yet."""
    version = RosterVersion(
        first_day=problem.first, days=problem.days, minutes=problem.minutes, state=state, rules=rules, note=note[:200], by=by,
        needs={queue: list(need) for queue, need in problem.needs.items()}, made_at=now, changed_at=now, doing="", told="",
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def put_shifts(session: Session, version: RosterVersion, problem: RosterProblem, roster: Roster, zone: tzinfo) -> None:
    """Write the shifts of a roster that is not published, in place of those that it had. Raises BadInput for one that is."""
    if version.state == RosterState.PUBLISHED:
        raise BadInput(f"Roster {version.id} is published.", "Make a new one; it takes its place when it is published.")
    session.execute(delete(RosterActivity).where(RosterActivity.shift_id.in_(
        select(RosterShift.id).where(RosterShift.version_id == version.id)
    )))  # fmt: skip
    session.execute(delete(RosterShift).where(RosterShift.version_id == version.id))
    for (agent, day), placed in sorted(roster.items()):
        session.add(shift_row(version, agent, day, placed, problem, zone))
    session.flush()


def shift_row(
    version: RosterVersion, agent: str, day: int, placed: Placed, problem: RosterProblem, zone: tzinfo
) -> RosterShift:  # fmt: skip
    """A shift as it is written, with its breaks and the trainings of that day."""
    first = problem.first
    trainings = [(one.name, one.start, one.end) for one in problem.training.get((agent, day), ())]
    return RosterShift(
        version_id=version.id, agent_id=agent, day=first + timedelta(days=day), pattern=placed.shift.pattern.name,
        starts_at=moment_of(first, day, placed.shift.start, zone), ends_at=moment_of(first, day, placed.shift.end, zone),
        activities=[
            RosterActivity(kind=name[:40], starts_at=moment_of(first, day, start, zone), ends_at=moment_of(first, day, end, zone))
            for name, start, end in [*named_rests(placed), *trainings]
        ],
    )  # fmt: skip


def named_rests(placed: Placed) -> list[tuple[str, int, int]]:
    """The breaks with their names, as [start, end) in minutes of the shift's day."""
    return [(each.name, start, end) for each, (start, end) in zip(placed.shift.pattern.breaks, placed.rests(), strict=True)]


def find_version(session: Session, version_id: int) -> RosterVersion:
    """Raises NotFound."""
    found = session.get(RosterVersion, version_id)
    if found is None:
        raise NotFound(f"There is no roster {version_id}.", "See ./halo workforce roster show.")
    return found


def publish(session: Session, version_id: int, now: datetime, by: str) -> RosterVersion:
    """Make it the one that counts for its days, from the moment on at which the session is committed: the newest that is published
    counts, day by day, so nothing else changes. Raises NotFound, and BadInput for one that is not made yet."""
    version = find_version(session, version_id)
    if version.state not in (RosterState.DRAFT, RosterState.PUBLISHED):
        raise BadInput(f"Roster {version_id} is {version.state}.", "Wait until it is made.")
    version.state, version.published_at, version.published_by, version.changed_at = RosterState.PUBLISHED, now, by, now
    session.flush()
    return version


def withdraw(session: Session, version_id: int, now: datetime) -> RosterVersion:
    """Take a published roster back to be a draft: of each of its days, the one published before counts again. Raises NotFound, and
    BadInput for one that is not published."""
    version = find_version(session, version_id)
    if version.state != RosterState.PUBLISHED:
        raise BadInput(f"Roster {version_id} is {version.state}.", "Only a published one is taken back.")
    version.state, version.published_at, version.published_by, version.changed_at = RosterState.DRAFT, None, "", now
    version.as_of = now
    session.flush()
    return version


def copy_version(session: Session, version: RosterVersion, now: datetime, by: str, state: RosterState) -> RosterVersion:
    """A roster like this one, with all its shifts, to be changed. It is as of now where that one is published."""
    made = RosterVersion(
        first_day=version.first_day, days=version.days, minutes=version.minutes, state=state, rules=version.rules,
        note=version.note, by=by, needs=version.needs, brought=version.brought, made_at=now, changed_at=now, doing="", told="",
        cost=version.cost, bound=version.bound, limit_s=version.limit_s,
        as_of=now if version.state == RosterState.PUBLISHED else version.as_of,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for row in shifts_of(session, version.id):
        session.add(
            RosterShift(
                version_id=made.id, agent_id=row.agent_id, day=row.day, pattern=row.pattern, starts_at=row.starts_at,
                ends_at=row.ends_at,
                activities=[
                    RosterActivity(kind=one.kind, starts_at=one.starts_at, ends_at=one.ends_at) for one in row.activities
                ],
            )
        )  # fmt: skip
    session.flush()
    return made


def published_shifts(
    session: Session, first: date, days: int, agent: str = "", agents: Collection[str] | None = None
) -> list[RosterShift]:  # fmt: skip
    """What counts on these days, by agent and day: of each day, the shifts of the newest published roster that has it; of one
    agent, of some, or of all."""
    found: list[RosterShift] = []
    for version_id, own in _published_days(session, first, days).items():
        wanted = select(RosterShift).where(RosterShift.version_id == version_id, RosterShift.day.in_(own))
        if agent:
            wanted = wanted.where(RosterShift.agent_id == agent)
        if agents is not None:
            wanted = wanted.where(RosterShift.agent_id.in_(agents))
        found += session.scalars(wanted.options(selectinload(RosterShift.activities)))
    return sorted(found, key=lambda row: (row.agent_id, row.day))


def published_days(session: Session, first: date, days: int) -> frozenset[date]:
    """Those of these days for which a roster is published, whoever works then."""
    return frozenset(day for own in _published_days(session, first, days).values() for day in own)


def _published_days(session: Session, first: date, days: int) -> dict[int, list[date]]:
    """By roster the days on which it counts: the newest that is published and has the day."""
    last = first + timedelta(days=days - 1)
    versions = session.scalars(
        select(RosterVersion)
        .where(RosterVersion.state == RosterState.PUBLISHED, RosterVersion.first_day <= last)
        .order_by(RosterVersion.published_at.desc(), RosterVersion.id.desc())
    ).all()
    found: dict[int, list[date]] = defaultdict(list)
    for number in range(days):
        day = first + timedelta(days=number)
        counts = next((one for one in versions if one.first_day <= day < one.first_day + timedelta(days=one.days)), None)
        if counts is not None:
            found[counts.id].append(day)
    return found


def shifts_of(session: Session, version_id: int) -> list[RosterShift]:
    """All shifts of a roster, by agent and day."""
    wanted = select(RosterShift).where(RosterShift.version_id == version_id).order_by(RosterShift.agent_id, RosterShift.day)
    return list(session.scalars(wanted.options(selectinload(RosterShift.activities))))


def as_roster(rows: Iterable[RosterShift], patterns: Iterable[ShiftPattern], first: date, zone: tzinfo) -> dict[Cell, Placed]:
    """Shifts on record as a roster, days counted from `first`. Those of a pattern that is no more are left out; one that was made
    longer or shorter on its day has a pattern of its own, of the same name."""
    by_name, found = {pattern.name: pattern for pattern in patterns}, {}
    for row in rows:
        placed = _placed(row, by_name[row.pattern], zone) if row.pattern in by_name else None
        if placed is not None:
            found[row.agent_id, (row.day - first).days] = placed
    return found


def _placed(row: RosterShift, pattern: ShiftPattern, zone: tzinfo) -> Placed | None:
    starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    minutes = round((ends.replace(tzinfo=None) - starts.replace(tzinfo=None)).total_seconds() / 60)
    shift_start = starts.hour * 60 + starts.minute
    rests = {REST} if minutes > pattern.minutes else set()
    own = [one for one in row.activities if one.kind in {each.name for each in pattern.breaks} | rests]
    places = tuple(round((one.starts_at - row.starts_at).total_seconds() / 60) for one in own)
    if minutes == pattern.minutes:
        return Placed(Shift(pattern, shift_start), places) if len(own) == len(pattern.breaks) else None
    paid = {each.name for each in pattern.breaks if each.paid}
    breaks = tuple(
        Break(one.kind, round((one.ends_at - one.starts_at).total_seconds() / 60), at, at, paid=one.kind in paid)
        for one, at in zip(own, places, strict=True)
    )
    return Placed(Shift(replace(pattern, minutes=minutes, breaks=breaks), shift_start), places)


def problem_of(session: Session, version: RosterVersion, policy: Policy, zone: tzinfo) -> RosterProblem:
    """What a roster is made for, by what is on record: contracts, time off granted, and what was worked before."""
    rules = read_rules(version.rules, f"roster {version.id}")
    before_from = version.first_day - timedelta(days=PAST_DAYS)
    before = as_roster(published_shifts(session, before_from, PAST_DAYS), rules.patterns, version.first_day, zone)
    contracts = tuple(contracts_on_record(session, policy, tuple(version.needs)))
    known, brought = {one.agent for one in contracts}, from_record(version.brought)
    return RosterProblem(
        version.first_day, version.days, version.minutes, rules.patterns, contracts, rules.rules, version.needs,
        time_off=time_off_granted(session, version.first_day, version.days) | brought.time_off,
        wishes=tuple(one for one in brought.wishes if one.agent in known), training=brought.training,
        before={cell: placed for cell, placed in before.items() if cell[0] in known},
    )  # fmt: skip
