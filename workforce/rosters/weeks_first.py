"""Large rosters: first how many work which shifts, week by week; then who, lot by lot; then better, part by part."""

import random
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from core.clock import stopwatch_s
from workforce.rosters.alike import lots
from workforce.rosters.counts import Counted, count_week, weeks_of
from workforce.rosters.cover import Cover
from workforce.rosters.model import SCALE, RosterModel, Terms
from workforce.rosters.problem import Cell, Roster, RosterProblem
from workforce.rosters.rule_book import add_rules, unary
from workforce.rosters.shift_pattern import Placed
from workforce.rosters.solving import Effort, Found, Progress, solve_model

_COUNT_SHARE, _PEOPLE_SHARE = 0.5, 0.8  # of the time: until the counts stand, until everybody has a shift
_SIDE_BY_SIDE = 2
_PART_S, _LEAST_S = 10.0, 3.0
_Wanted = Mapping[tuple[int, tuple[str, int]], int]
_FEW = (4, 8, 16, 30)
"""Agents whose week is made anew at once: by chance one of these."""


def solve_large(problem: RosterProblem, effort: Effort) -> Found:
    """The best in the time given, with a bound that holds for every roster. `roster` None where some lot can't have one."""
    return _Large(problem, effort).solve()


class _Large:
    def __init__(self, problem: RosterProblem, effort: Effort) -> None:
        self._problem, self._effort = problem, effort
        self._began_s = stopwatch_s()
        self._bound = 0.0
        self._cost: float | None = None

    def solve(self) -> Found:
        counted = self._count()
        self._bound = sum(each.bound for each in counted)
        self._tell("counted")
        roster = self._name(counted)
        if roster is None:
            return Found(None, None, self._bound, False, self._seconds())
        roster = self._breaks(roster)
        roster = self._improve(roster)
        return Found(roster, self._cost, self._bound, False, self._seconds())

    def _seconds(self) -> float:
        return stopwatch_s() - self._began_s

    def _tell(self, doing: str) -> None:
        self._effort.tell(Progress(self._seconds(), self._cost, self._bound, doing))

    def _count(self) -> list[Counted]:
        weeks, limit_s = weeks_of(self._problem), self._effort.limit_s * _COUNT_SHARE
        rounds = -(-len(weeks) // _SIDE_BY_SIDE)

        def count(number: int) -> Counted:
            until_s = self._began_s + limit_s * (number // _SIDE_BY_SIDE + 1) / rounds
            return count_week(self._problem, weeks[number], until_s, self._effort)

        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            return list(pool.map(count, range(len(weeks))))

    def _name(self, counted: list[Counted]) -> dict[Cell, Placed] | None:
        """Who works which of the counted shifts; another shift than those costs what it is worth."""
        wanted: dict[int, dict[tuple[int, tuple[str, int]], int]] = defaultdict(dict)
        for week in counted:
            for (number, day, key), count in (week.counts or {}).items():
                wanted[number][day, key] = count
        found: dict[Cell, Placed] = {cell: placed for cell, placed in self._problem.kept.items() if placed is not None}
        several = lots(self._problem)
        for number, lot in enumerate(several):
            names = {one.agent for one in lot}
            left_s = self._effort.limit_s * _PEOPLE_SHARE - self._seconds()
            own = [each for each in self._problem.contracts if each.agent in names]
            small = replace(self._problem, contracts=tuple(own), needs={}, shift_needs=())
            weeks = weeks_of(self._problem)
            limit_s = max(_LEAST_S, left_s / (len(several) - number) / len(weeks))
            for own_week in weeks:
                free = {(agent, day) for agent in names for day in own_week}
                of_week = {place: count for place, count in wanted[number].items() if place[0] in own_week}
                got = self._name_lot(small, free, found, of_week, limit_s)
                if got is None:
                    return None
                found |= got
            self._tell(f"named {number + 1} of {len(several)}")
        return found

    def _name_lot(
        self, small: RosterProblem, free: set[Cell], found: dict[Cell, Placed], wanted: _Wanted, limit_s: float
    ) -> Roster | None:
        """With the shifts that were counted alone; where that can't be, with all."""
        only: dict[int, set[tuple[str, int]]] = defaultdict(set)
        for day, key in wanted:
            only[day].add(key)
        for allowed in (only, None) if wanted else (None,):
            model = RosterModel(small, unary(small), free, base=found, only=allowed)
            add_rules(model)
            self._like_counts(model, wanted)
            model.hint({})  # a day off for everybody is an answer, nearly always: so that there is one from the start
            model.minimise()
            got = solve_model(model, Cover(model), replace(self._effort, limit_s=limit_s, tell=lambda _progress: None))
            if got.roster is not None:
                return got.roster
        return None

    def _like_counts(self, model: RosterModel, wanted: _Wanted) -> None:
        rules = self._problem.rules.rules
        by_key: dict[tuple[int, tuple[str, int]], Terms] = defaultdict(Terms)
        for (_agent, day), options in model.options.items():
            for shift, chosen in options:
                by_key[day, shift.key].parts.append((chosen, 1))
        lengths = {shift.key: shift.pattern.paid_min for shift in self._problem.shifts}
        for place, terms in by_key.items():
            count, hours = wanted.get(place, 0), lengths[place[1]] / 60
            over = rules.overstaffed.weight if rules.overstaffed is not None else 1
            model.cost(model.amount(terms, count), round(over * hours * SCALE))
            missing = Terms([(part, -factor) for part, factor in terms.parts], 0)
            model.cost(model.amount(missing, -count), round(rules.understaffed.weight * hours * SCALE / 2))

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

    def _improve(self, roster: dict[Cell, Placed]) -> dict[Cell, Placed]:
        """Let go of some agents' weeks, hold all else, and take what is better; again and again until the time is over."""
        from workforce.roster_check.check import broken_rules, points

        chance = random.Random(self._effort.seed)  # noqa: S311 (no secret: where to look next)
        self._cost = points(broken_rules(self._problem, roster))
        self._tell("improving")
        several, weeks = lots(self._problem), weeks_of(self._problem)
        while self._seconds() < self._effort.limit_s and self._cost > self._bound * 1.0001 and not self._effort.stopped():
            names: set[str] = set()
            few = chance.choice(_FEW)
            first = chance.choice(several)
            near = [lot for lot in several if lot[0].queues & first[0].queues]
            chance.shuffle(near)
            for lot in (first, *near):
                names |= {one.agent for one in lot}
                if len(names) >= few:
                    break
            week = chance.choice(weeks)
            chosen = sorted(names) if len(names) <= few else chance.sample(sorted(names), few)
            free = {(agent, day) for agent in chosen for day in week}
            model = RosterModel(self._problem, unary(self._problem), free, roster)
            cover = self._all_in(model)
            model.hint(roster)
            model.minimise()
            left_s = max(1.0, min(_PART_S, self._effort.limit_s - self._seconds()))
            got = solve_model(model, cover, replace(self._effort, limit_s=left_s, tell=lambda _progress: None))
            if got.roster is not None:
                cost = points(broken_rules(self._problem, got.roster))
                if cost < self._cost - 1e-6:
                    roster, self._cost = dict(got.roster), cost
            self._tell("improving")
        return roster

    def _all_in(self, model: RosterModel) -> Cover:
        add_rules(model)
        return Cover(model)
