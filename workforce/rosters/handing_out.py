"""Who works the shifts that were counted: day by day, those who need one most get one that suits them.

A day is an assignment of agents to shifts at the least cost (scipy's, by D. F. Crouse, "On implementing 2D rectangular assignment
algorithms", IEEE Transactions on Aerospace and Electronic Systems 52 (2016)). Taking those first who have most of their week still
before them is how a table with given sums of rows and columns is filled without ever getting stuck: H. J. Ryser, "Combinatorial
properties of matrices of zeros and ones", Canadian Journal of Mathematics 9 (1957).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from workforce.rosters.contract import Contract
from workforce.rosters.counts import weeks_of
from workforce.rosters.handing_on import Lost, place_lost
from workforce.rosters.person import NEVER, Person, pair_cost
from workforce.rosters.possible_shifts import PossibleShifts
from workforce.rosters.problem import Cell, Roster, RosterProblem, Wish
from workforce.rosters.sharing_out import Share, share_out
from workforce.rosters.shift_pattern import Placed, Shift, placed_first

_NOT_THEIRS = 100.0
"""Points of a shift whose length others were to have."""
Wanted = Mapping[tuple[int, tuple[str, int]], int]
"""How many work a shift, by its day and key."""


def hand_out(problem: RosterProblem, lot: Sequence[Contract], wanted: Wanted, settled: Roster, seed: int = 1) -> dict[Cell, Placed]:
    """The shifts of a lot, but for those that were settled. Where nobody could have one without breaking a hard rule that this
    looks at, it is left out. Rules that look at more are for whoever makes the roster better afterwards."""
    people = _people(problem, lot, settled)
    shifts = {shift.key: shift for shift in problem.shifts}
    for week in weeks_of(problem):
        lengths: dict[tuple[int, int], int] = defaultdict(int)
        for (day, key), count in wanted.items():
            if day in week:
                lengths[day, shifts[key].pattern.paid_min] += count
        shares = share_out(problem, week, lot, lengths, seed)
        lost: list[Lost] = []
        for day in week:
            free = [person for person in people if (person.agent, day) not in problem.kept]
            of_day = [shifts[key] for (at, key), count in sorted(wanted.items()) if at == day for _ in range(count)]
            if not free or not of_day:
                continue
            tomorrow = [(shifts[key], count) for (at, key), count in wanted.items() if at == day + 1]
            blocks = {shift.key: _blocked(problem, shift, tomorrow) for shift in of_day}
            costs = _costs(free, day, of_day, shares, blocks)
            rows, columns = linear_sum_assignment(costs)
            taken = {column: row for row, column in zip(rows, columns, strict=True) if costs[row, column] < NEVER / 2}
            for column, shift in enumerate(of_day):
                if column in taken:
                    free[taken[column]].takes(day, placed_first(shift))
                else:
                    lost.append((day, shift))
        place_lost(people, week, lost, problem.kept)
    return {
        (person.agent, day): placed
        for person in people
        for day in range(problem.days)
        if (person.agent, day) not in problem.kept and (placed := person.works(day)) is not None
    }


def _people(problem: RosterProblem, lot: Sequence[Contract], settled: Roster) -> list[Person]:
    days: dict[str, dict[int, Placed]] = defaultdict(dict)
    wishes: dict[str, list[Wish]] = defaultdict(list)
    for (agent, day), placed in (*problem.before.items(), *settled.items()):
        days[agent][day] = placed
    for wish in problem.wishes:
        wishes[wish.agent].append(wish)
    possible = PossibleShifts(problem)
    return [Person(problem, one, days[one.agent], wishes[one.agent], possible.lengths(one)) for one in lot]


def _blocked(problem: RosterProblem, shift: Shift, tomorrow: Sequence[tuple[Shift, int]]) -> float:
    """The share of tomorrow's shifts that can't come after this one."""
    every = sum(count for _, count in tomorrow)
    return sum(count for after, count in tomorrow if pair_cost(problem, shift, after) >= NEVER) / every if every else 0.0


def _costs(
    free: Sequence[Person], day: int, shifts: Sequence[Shift], shares: Sequence[Share], blocks: Mapping[tuple[str, int], float]
) -> Any:  # fmt: skip
    """By person and shift; and then columns for a day off, of which those who are alike have as many as their share leaves."""
    costs = np.array([person.costs(day, shifts, blocks) for person in free])
    for share in shares:
        rows = [row for row, person in enumerate(free) if person.agent in share.agents]
        working = sum(count for (at, _length), count in share.counts.items() if at == day)
        for column, shift in enumerate(shifts):
            if rows and share.counts and not share.counts.get((day, shift.pattern.paid_min)):
                costs[rows, column] += _NOT_THEIRS
        off = np.full((len(free), max(0, len(rows) - working)), NEVER)
        off[rows, :] = 0.0
        costs = np.hstack([costs, off])
    return costs
