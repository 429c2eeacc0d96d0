"""Large rosters: first how many work which shifts, week by week; then who, lot by lot; then better, part by part."""

import math
import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from core.clock import stopwatch_s
from workforce.rosters.alike import lots
from workforce.rosters.contract import Contract
from workforce.rosters.counts import Counted, count_week, parts_of, weeks_of
from workforce.rosters.cover import Cover
from workforce.rosters.handing_out import hand_out
from workforce.rosters.model import RosterModel
from workforce.rosters.problem import Cell, Roster, RosterProblem
from workforce.rosters.rule_book import add_rules, unary
from workforce.rosters.shift_pattern import Placed
from workforce.rosters.solving import Effort, Found, Progress, solve_model
from workforce.rosters.weeks_anew import WeeksAnew

_COUNT_SHARE = 0.25
"""Of the time, until the counts stand."""
_SIDE_BY_SIDE = 2
_PART_S, _LEAST_S = 10.0, 3.0
_MENDED_AT_ONCE, _STEP = 6, 1e-6
_TRIES = 200
"""Of a few agents' weeks, until it is told how far it is."""
_FEW = (3, 4, 6, 8)
"""Agents whose week is made anew at once: by chance one of these."""


def solve_large(problem: RosterProblem, effort: Effort) -> Found:
    """The best in the time given, with a bound that holds for every roster. `roster` None where some lot can't have one."""
    return _Large(problem, effort).solve()


class _Large:
    def __init__(self, problem: RosterProblem, effort: Effort) -> None:
        self._problem, self._effort = problem, effort
        self._began_s = stopwatch_s()
        self._bound, self._bounds = 0.0, list[float]()
        self._cost: float | None = None

    def solve(self) -> Found:
        counted = self._count()
        weeks = len(weeks_of(self._problem))
        self._bounds = [sum(each.bound for each in counted[at : at + weeks]) for at in range(0, len(counted), weeks)]
        self._bound = sum(self._bounds)
        self._tell("counted")
        if self._effort.stopped():  # what is not counted would be a roster in which nobody works
            return Found(None, None, self._bound, False, self._seconds())
        roster = self._mend(self._breaks(self._name(counted)))
        if roster is None:
            return Found(None, None, self._bound, False, self._seconds())
        roster = self._improve(roster)
        return Found(roster, self._cost, self._bound, False, self._seconds())

    def _seconds(self) -> float:
        return stopwatch_s() - self._began_s

    def _tell(self, doing: str) -> None:
        self._effort.tell(Progress(self._seconds(), self._cost, self._bound, doing))

    def _count(self) -> list[Counted]:
        """Each week of each part; whoever is counted sooner than meant leaves the time to the others."""
        tasks = [(week, part) for part in parts_of(self._problem) for week in weeks_of(self._problem)]
        left = [part.agents for _, part in tasks]
        until_s = self._began_s + self._effort.limit_s * _COUNT_SHARE

        def count(number: int) -> Counted:
            week, part = tasks[number]
            if self._effort.stopped():
                return Counted(None, math.inf, 0.0)
            own_s = (until_s - stopwatch_s()) * _SIDE_BY_SIDE * part.agents / max(1, sum(left[number:]))
            found = count_week(self._problem, week, part, stopwatch_s() + own_s, self._effort)
            self._tell(f"counted {number + 1} of {len(tasks)}")
            return found

        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            return list(pool.map(count, range(len(tasks))))

    def _name(self, counted: list[Counted]) -> dict[Cell, Placed]:
        """Who works which of the counted shifts."""
        wanted: dict[int, dict[tuple[int, tuple[str, int]], int]] = defaultdict(dict)
        for week in counted:
            for (number, day, key), count in (week.counts or {}).items():
                wanted[number][day, key] = count
        found: dict[Cell, Placed] = {cell: placed for cell, placed in self._problem.kept.items() if placed is not None}
        several = lots(self._problem)
        for number, lot in enumerate(several):
            found |= hand_out(self._problem, lot, wanted[number], found, self._effort.seed)
            self._tell(f"named {number + 1} of {len(several)}")
        return found

    def _breaks(self, roster: dict[Cell, Placed]) -> dict[Cell, Placed]:
        """Where breaks lie best, day by day."""
        if not any(each.last_min > each.first_min for pattern in self._problem.patterns for each in pattern.breaks):
            return roster
        for day in range(self._problem.days):
            cells = {cell for cell in roster if cell[1] == day and cell not in self._problem.kept}
            model = RosterModel(self._problem, unary(self._problem), set(), roster, rebreak=cells)
            cover = Cover(model)
            model.minimise()
            got = solve_model(model, cover, replace(self._effort, limit_s=_PART_S, tell=lambda _progress: None))
            roster = dict(got.roster or roster)
        return roster

    def _mend(self, roster: dict[Cell, Placed]) -> dict[Cell, Placed] | None:
        """Who still breaks a rule that is never broken gets the whole time anew; None where that does not help."""
        from workforce.roster_check.check import broken_rules, hard_ones

        broken = sorted({each.agent for each in hard_ones(broken_rules(self._problem, roster)) if each.agent})
        for first in range(0, len(broken), _MENDED_AT_ONCE):
            if self._effort.stopped():
                return None
            names = broken[first : first + _MENDED_AT_ONCE]
            free = {(agent, day) for agent in names for day in range(self._problem.days)}
            rest = {cell: placed for cell, placed in roster.items() if cell not in free}
            got = self._anew(rest, free, hint=roster)
            if got is None:
                return None
            roster = got
            self._tell("mending")
        return None if hard_ones(broken_rules(self._problem, roster)) else roster

    def _anew(self, roster: dict[Cell, Placed], free: set[Cell], hint: Roster) -> dict[Cell, Placed] | None:
        """These cells chosen anew with the true costs, and all others held."""
        model = RosterModel(self._problem, unary(self._problem), free, roster)
        add_rules(model)
        cover = Cover(model)
        model.hint(hint)
        model.minimise()
        left_s = max(_LEAST_S, min(_PART_S, self._effort.limit_s - self._seconds()))
        got = solve_model(model, cover, replace(self._effort, limit_s=left_s, tell=lambda _progress: None))
        return None if got.roster is None else dict(got.roster)

    def _improve(self, roster: dict[Cell, Placed]) -> dict[Cell, Placed]:
        """Weeks of single agents and of a few anew, and where that finds nothing more, some by CP-SAT, which sees what they could
        do together; again and again until the time is over."""
        from workforce.roster_check.check import broken_rules, points

        chance = random.Random(self._effort.seed)  # noqa: S311 (no secret: where to look next)
        self._cost = points(broken_rules(self._problem, roster))
        self._tell("improving")
        weeks = WeeksAnew(self._problem, roster, self._bounds, self._effort.seed)
        weeks.once(self._over, self._saved)
        while not self._over():
            saved = weeks.some(_TRIES, self._over)
            self._saved(saved)
            if (saved <= _STEP or weeks.leaves_some) and not self._over():
                before = weeks.roster
                roster = self._few_anew(before, chance)
                if roster is not before:
                    weeks = WeeksAnew(self._problem, roster, self._bounds, chance.randrange(1 << 30))
        return weeks.roster

    def _over(self) -> bool:
        near = self._cost is not None and self._cost <= self._bound * 1.0001
        return near or self._seconds() >= self._effort.limit_s or self._effort.stopped()

    def _saved(self, points: float) -> None:
        self._cost = (self._cost or 0.0) - points
        self._tell("improving")

    def _few_anew(self, roster: dict[Cell, Placed], chance: random.Random) -> dict[Cell, Placed]:
        """Let go of some agents' weeks, hold all else, and take what is better."""
        from workforce.roster_check.check import broken_rules, points

        week = chance.choice(weeks_of(self._problem))
        free = {(agent, day) for agent in _some_agents(lots(self._problem), chance) for day in week}
        got = self._anew(roster, free, roster)
        if got is not None:
            change = {cell: got.get(cell) for cell in free}
            back = {cell: roster.get(cell) for cell in free}
            less = points(broken_rules(self._problem, got, back)) - points(broken_rules(self._problem, roster, change))
            if less > _STEP:
                self._saved(less)
                return got
        return roster


def _some_agents(several: list[list[Contract]], chance: random.Random) -> list[str]:
    """A few of one lot and of those who serve some of the same queues."""
    few = chance.choice(_FEW)
    first = chance.choice(several)
    near = [lot for lot in several if lot is not first and lot[0].queues & first[0].queues]
    chance.shuffle(near)
    names: list[str] = []
    for lot in (first, *near):
        names += [one.agent for one in lot]
        if len(names) >= few:
            break
    return names if len(names) <= few else chance.sample(sorted(names), few)
