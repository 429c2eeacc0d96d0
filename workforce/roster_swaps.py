"""Swaps of shifts: asked for, looked at by the checker, and granted or refused."""

from datetime import date, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput, NotFound
from routing.policy import Policy
from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.check import broken_rules, changed, hard_ones, swap
from workforce.roster_check.words import words
from workforce.roster_records import AskState, RosterShift, RosterState, ShiftSwap
from workforce.roster_store import as_roster, find_version, problem_of, put_shifts, shifts_of
from workforce.rosters.problem import Cell, Roster, RosterProblem


def ask_swap(session: Session, version_id: int, mine: tuple[str, date], theirs: tuple[str, date], now: datetime) -> ShiftSwap:
    """Ask for it. Raises NotFound, BadInput where one of the two has no such shift."""
    find_version(session, version_id)
    for agent, day in (mine, theirs):
        there = select(RosterShift.id).where(
            RosterShift.version_id == version_id, RosterShift.agent_id == agent, RosterShift.day == day
        )
        if session.scalar(there) is None:
            raise BadInput(f"{agent} has no shift on {day}.", "Choose a day on which both work.")
    asked = ShiftSwap(
        version_id=version_id, agent_id=mine[0], day=mine[1], other_agent_id=theirs[0], other_day=theirs[1], state=AskState.ASKED,
        asked_at=now,
    )  # fmt: skip
    session.add(asked)
    session.flush()
    return asked


def swap_broken(problem: RosterProblem, roster: Roster, one: Cell, other: Cell) -> list[BrokenRule]:
    """The hard rules that a swap would break and that were kept before."""
    change = swap(roster, one, other)
    before = set(hard_ones(broken_rules(problem, roster, {cell: roster.get(cell) for cell in change})))
    return [each for each in hard_ones(broken_rules(problem, roster, change)) if each not in before]


def grant_swap(session: Session, swap_id: int, policy: Policy, zone: tzinfo, now: datetime, by: str) -> ShiftSwap:
    """Do it, in the roster itself, in this session. Raises NotFound, and BadInput with the rules that it would break."""
    asked = session.get(ShiftSwap, swap_id, with_for_update=True)
    if asked is None or asked.state != AskState.ASKED:
        raise NotFound("There is no such swap to be decided.", "Look at the list again.")
    version = find_version(session, asked.version_id)
    problem = problem_of(session, version, policy, zone)
    roster = as_roster(shifts_of(session, version.id), problem.patterns, problem.first, zone)
    one, other = (
        (agent, (day - problem.first).days)
        for agent, day in ((asked.agent_id, asked.day), (asked.other_agent_id, asked.other_day))
    )  # fmt: skip
    if one not in roster or other not in roster:
        raise BadInput("One of the two shifts is no more.", "Refuse this swap.")
    broken = swap_broken(problem, roster, one, other)
    if broken:
        raise BadInput(f"This swap breaks a rule: {'; '.join(words(problem, each) for each in broken)}.", "Refuse it.")
    published, version.state = version.state, RosterState.DRAFT.value
    put_shifts(session, version, problem, changed(roster, swap(roster, one, other)), zone)
    version.state, version.changed_at = published, now
    asked.state, asked.decided_at, asked.decided_by = AskState.GRANTED, now, by
    session.flush()
    return asked


def refuse_swap(session: Session, swap_id: int, now: datetime, by: str) -> ShiftSwap:
    """Raises NotFound."""
    asked = session.get(ShiftSwap, swap_id, with_for_update=True)
    if asked is None or asked.state != AskState.ASKED:
        raise NotFound("There is no such swap to be decided.", "Look at the list again.")
    asked.state, asked.decided_at, asked.decided_by = AskState.REFUSED, now, by
    session.flush()
    return asked
