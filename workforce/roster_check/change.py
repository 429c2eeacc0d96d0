"""What a change to a roster makes worse and better: looked at before it is done."""

from collections import Counter
from dataclasses import dataclass

from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.check import Change, broken_rules, changed, hard_ones, points
from workforce.rosters.problem import Roster, RosterProblem


@dataclass(frozen=True, slots=True)
class Judged:
    """`hard` and `soft` are broken by the change and were not before; `mended` were before and are no more. `points`: what the
    roster costs more, below 0 less."""

    hard: tuple[BrokenRule, ...]
    soft: tuple[BrokenRule, ...]
    mended: tuple[BrokenRule, ...]
    points: float


def judge(problem: RosterProblem, roster: Roster, change: Change) -> Judged:
    """What this change does. All agents of it have contracts."""
    after = changed(roster, change)
    back = {cell: roster.get(cell) for cell in change}
    was, will_be = broken_rules(problem, after, back), broken_rules(problem, roster, change)  # the same intervals for both
    before, later = Counter(was), Counter(will_be)
    new, gone = list((later - before).elements()), list((before - later).elements())
    soft = sorted((each for each in new if not each.hard), key=lambda each: -each.points)
    return Judged(tuple(hard_ones(new)), tuple(soft), tuple(gone), points(will_be) - points(was))
