"""What a change to a roster makes worse and better: looked at before it is done."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.check import Change, broken_rules, changed, points
from workforce.rosters.problem import Roster, RosterProblem


@dataclass(frozen=True, slots=True)
class Judged:
    """`hard` and `soft` are broken by the change, or broken more than before; the points of soft ones are what they cost more.
    `mended`: how many were broken more before. `points`: what the roster costs more, below 0 less."""

    hard: tuple[BrokenRule, ...]
    soft: tuple[BrokenRule, ...]
    mended: int
    points: float


def judge(problem: RosterProblem, roster: Roster, change: Change) -> Judged:
    """What this change does. All agents of it have contracts."""
    after = changed(roster, change)
    back = {cell: roster.get(cell) for cell in change}
    was, will_be = broken_rules(problem, after, back), broken_rules(problem, roster, change)  # the same intervals for both
    worse = _worse(was, will_be)
    soft = sorted((each for each in worse if not each.hard), key=lambda each: -each.points)
    return Judged(tuple(each for each in worse if each.hard), tuple(soft), len(_worse(will_be, was)), points(will_be) - points(was))


def _worse(was: Iterable[BrokenRule], will_be: Iterable[BrokenRule]) -> list[BrokenRule]:
    """What is broken more than it was; of soft ones what that costs more."""
    before = {_about(each): each for each in was}
    found = []
    for each in will_be:
        old = before.get(_about(each))
        if old is None or (each.hard and abs(each.amount - each.limit) > abs(old.amount - old.limit)):
            found.append(each)
        elif not each.hard and each.points > old.points:
            found.append(replace(each, points=each.points - old.points))
    return found


def _about(each: BrokenRule) -> object:
    """The same case, by whatever it is broken."""
    return each.rule, each.hard, each.agent if not each.rule.startswith("fair_") else "", each.day, each.what, each.slot
