"""The part of a roster that a question about a few shifts needs: rows of the agents concerned, and everybody's near the days."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from routing.policy import Policy
from workforce.roster_records import RosterShift, RosterVersion
from workforce.roster_store import as_roster, contracts_on_record, published_shifts, time_off_granted
from workforce.rosters.problem import PAST_DAYS, Cell, RosterProblem
from workforce.rosters.rules_file import read_rules
from workforce.rosters.shift_pattern import Placed
from workforce.shift_effect import ShiftEffects

_NEAR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RosterWindow:
    """`rows` by agent and day; `roster` the same as the rules know it, days counted from the version's first."""

    version: RosterVersion
    problem: RosterProblem
    roster: dict[Cell, Placed]
    rows: dict[tuple[str, date], RosterShift]

    def effects(self) -> ShiftEffects:
        """What weighs changes of it."""
        return ShiftEffects(self.problem, self.roster)

    def has_training(self, agent: str, day: date) -> bool:
        """Whether the shift has more than its pattern's breaks: a training is for the agent and goes to nobody else."""
        row, placed = self.rows.get((agent, day)), self.roster.get(self.cell(agent, day))
        return row is not None and placed is not None and len(row.activities) > len(placed.breaks)

    def cell(self, agent: str, day: date) -> Cell:
        """The agent and the day, counted."""
        return agent, (day - self.problem.first).days


def roster_window(
    session: Session, version: RosterVersion, policy: Policy, zone: tzinfo, agents: Collection[str], days: Iterable[date]
) -> RosterWindow:  # fmt: skip
    """The agents' shifts of the whole roster and of the days before it, and everybody's near these days."""
    rules = read_rules(version.rules, f"roster {version.id}")
    near = sorted({day + step for day in days for step in (-_NEAR, timedelta(), _NEAR)})
    wanted = select(RosterShift).where(
        RosterShift.version_id == version.id, or_(RosterShift.agent_id.in_(agents), RosterShift.day.in_(near))
    )  # fmt: skip
    rows = list(session.scalars(wanted.options(selectinload(RosterShift.activities)).execution_options(populate_existing=True)))
    before = published_shifts(session, version.first_day - timedelta(days=PAST_DAYS), PAST_DAYS, agents=agents)
    contracts = tuple(contracts_on_record(session, policy, tuple(version.needs)))
    known = {one.agent for one in contracts}
    past = as_roster(before, rules.patterns, version.first_day, zone)
    problem = RosterProblem(
        version.first_day, version.days, version.minutes, rules.patterns, contracts, rules.rules, version.needs,
        time_off=time_off_granted(session, version.first_day, version.days),
        before={cell: placed for cell, placed in past.items() if cell[0] in known},
    )  # fmt: skip
    roster = as_roster(rows, rules.patterns, version.first_day, zone)
    return RosterWindow(version, problem, roster, {(row.agent_id, row.day): row for row in rows})
