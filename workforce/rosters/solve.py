"""The best roster that can be found in the time given: whole where that is small enough, else weeks first."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.check import broken_rules, points
from workforce.rosters.model import RosterModel
from workforce.rosters.problem import Cell, Roster, RosterProblem
from workforce.rosters.rule_book import add_all, unary
from workforce.rosters.solving import Effort, Found, solve_model
from workforce.rosters.weeks_first import solve_large

MOST_WHOLE = 400
"""Yes-or-no questions (agents × days × shifts) up to which a roster is solved whole."""

_LEAST_S = 10.0


@dataclass(frozen=True, slots=True)
class Solved:
    """A roster and all that it breaks, by the checker. `bound`: no roster costs less. `proved`: there is no better one; or,
    without a roster, none at all."""

    roster: Roster | None
    cost: float | None
    bound: float
    proved: bool
    seconds: float
    broken: tuple[BrokenRule, ...] = ()

    @property
    def gap(self) -> float | None:
        """By what share of its cost the roster may be off; None without one."""
        if self.cost is None:
            return None
        return 0.0 if self.cost <= self.bound or self.proved else (self.cost - self.bound) / self.cost


def solve(problem: RosterProblem, effort: Effort | None = None) -> Solved:
    """Solve. `kept` cells stay, and where `given` is there the new roster is like it as far as that is worth."""
    effort = effort or Effort()
    if questions(problem) <= MOST_WHOLE or not problem.needs or problem.shift_needs:
        found = solve_whole(problem, effort)
    else:
        found = solve_large(problem, effort)
        if found.roster is None and not effort.stopped():
            found = solve_whole(problem, replace(effort, limit_s=max(_LEAST_S, effort.limit_s - found.seconds)))
    if found.roster is None:
        return Solved(None, None, found.bound, found.proved, found.seconds)
    broken = tuple(broken_rules(problem, found.roster))
    return Solved(found.roster, points(broken), found.bound, found.proved, found.seconds, broken)


def questions(problem: RosterProblem) -> int:
    """How large it is."""
    return len(problem.contracts) * problem.days * len(problem.shifts)


def solve_whole(problem: RosterProblem, effort: Effort) -> Found:
    """All at once."""
    model = RosterModel(problem, unary(problem))
    cover = add_all(model)
    model.hint(problem.given or {})  # a day off for everybody is an answer, nearly always
    model.minimise()
    return solve_model(model, cover, effort)


def solve_again(problem: RosterProblem, roster: Roster, free: Collection[Cell], effort: Effort | None = None) -> Solved:
    """Choose these cells anew, hold all others as they are in the roster, and change as little as it is worth."""
    return solve(settled(problem, roster, free), effort)


def settled(problem: RosterProblem, roster: Roster, free: Collection[Cell]) -> RosterProblem:
    """The problem of choosing these cells anew: all others stay as in the roster, from which the new one differs little."""
    held = {
        (one.agent, day): roster.get((one.agent, day))
        for one in problem.contracts
        for day in range(problem.days)
        if (one.agent, day) not in free
    }
    return replace(problem, kept=dict(problem.kept) | held, given=roster)
