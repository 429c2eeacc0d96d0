"""The best week of one agent while all others keep theirs: day by day, by what was worked until then (dynamic programming).

A state is the days and minutes worked, the days in a row, and the last shift; nights are told apart by how many in a row they are.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from workforce.rosters.contract import Contract
from workforce.rosters.person import NEVER, pair_cost
from workforce.rosters.problem import RosterProblem
from workforce.rosters.shift_pattern import Shift

Worked = tuple[int, int]
"""Days, and minutes."""


@dataclass(frozen=True, slots=True)
class Around:
    """What lies next to a week: the shifts of the day before and the day after, and how many days, and nights, in a row there."""

    before: Shift | None = None
    after: Shift | None = None
    row_before: int = 0
    row_after: int = 0
    nights_before: int = 0
    nights_after: int = 0


class Alphabet:
    """What a day can be: off (0), or one of the shifts; each night as often as there may be nights in a row."""

    def __init__(self, problem: RosterProblem, shifts: Iterable[Shift]) -> None:
        rules = problem.rules.rules
        self._problem = problem
        nights = rules.nights_in_a_row.most if rules.nights_in_a_row is not None and rules.nights_in_a_row.weight is None else 0
        self.shifts: list[Shift | None] = [None]
        self.nights = [0]
        for shift in shifts:
            for night in range(1, nights + 1) if shift.key in problem.nights and nights else (0,):
                self.shifts.append(shift)
                self.nights.append(night)
        self.paid = [0 if shift is None else shift.pattern.paid_min for shift in self.shifts]
        both = zip(self.shifts, self.nights, strict=True)
        self.pairs = np.array([self.after(shift, night) for shift, night in both], dtype=np.float32)
        row = rules.consecutive_days
        self.most_in_a_row = row.most if row is not None and row.weight is None else 0
        self.most_nights = nights

    def after(self, before: Shift | None, night: int) -> list[float]:
        """Points of what can come on the day after; infinite for what never can."""
        return [
            math.inf if own and own != night + 1 else _pair(self._problem, before, shift)
            for shift, own in zip(self.shifts, self.nights, strict=True)
        ]

    def until(self, after: Shift | None, nights: int) -> Any:
        """By letter: points of what comes on the day after the last."""
        return np.array([
            math.inf if own and nights and own + nights > self.most_nights else _pair(self._problem, shift, after)
            for shift, own in zip(self.shifts, self.nights, strict=True)
        ], dtype=np.float32)  # fmt: skip


def _pair(problem: RosterProblem, before: Shift | None, after: Shift | None) -> float:
    cost = 0.0 if before is None or after is None else pair_cost(problem, before, after)
    return math.inf if cost >= NEVER else cost


def best_week(
    alphabet: Alphabet, contract: Contract, costs: Any, start: Worked, ends: Mapping[Worked, float], around: Around
) -> list[int] | None:  # fmt: skip
    """By day the letter; `costs`: points by day and letter, infinite for what can't be. `start`: what of the week is worked
    already; `ends`: what there may be at its end, and its points. None: there is no such week."""
    if not ends:
        return None
    rows = _rows(alphabet, contract, ends, around)
    states = _states(alphabet, start, ends, len(costs))
    index = {state: place for place, state in enumerate(states)}
    steps = _steps(alphabet, index)
    now = np.full((len(alphabet.shifts), len(states), rows), np.inf, dtype=np.float32)
    now[0, 0, min(around.row_before, rows - 1)] = 0.0
    trail = []
    pairs = alphabet.pairs
    for day, of_day in enumerate(costs.astype(np.float32)):
        if day == 0:
            reached = now[0] + np.array(alphabet.after(around.before, around.nights_before), dtype=np.float32)[:, None, None]
        else:
            trail.append(now)
            reached = (now[:, None] + pairs[:, :, None, None]).min(axis=0)
        now = np.full_like(now, np.inf)
        now[0, :, 0] = reached[0].min(axis=1) + of_day[0]
        reached += of_day[:, None, None]
        for first, last, sources, targets in steps:
            if rows > 1:
                now[first:last, targets, 1:] = reached[first:last, sources, :-1]
            else:
                now[first:last, targets] = reached[first:last, sources]
    over = now + alphabet.until(around.after, around.nights_after)[:, None, None]
    over += np.array([ends.get(state, np.inf) for state in states], dtype=np.float32)[:, None]
    if rows > 1 and around.row_after:
        over[1:, :, max(0, rows - around.row_after) :] = np.inf
    letter, state, row = (int(each) for each in np.unravel_index(int(over.argmin()), over.shape))
    if not math.isfinite(over[letter, state, row]):
        return None
    found = [letter]
    for earlier in reversed(trail):
        if letter:
            worked, minutes = states[state]
            state, row = index[worked - 1, minutes - alphabet.paid[letter]], max(0, row - 1)
            letter = int((earlier[:, state, row] + pairs[:, letter]).argmin())
        else:
            letter, row = (int(each) for each in divmod(int((earlier[:, state] + pairs[:, :1]).argmin()), rows))
        found.append(letter)
    return found[::-1]


def _rows(alphabet: Alphabet, contract: Contract, ends: Mapping[Worked, float], around: Around) -> int:
    """How many days in a row are told apart: 1 where no week there could have too many."""
    most = alphabet.most_in_a_row
    if not most:
        return 1
    if contract.most_in_a_row is not None:
        most = contract.most_in_a_row
    longest = max(worked for worked, _ in ends) + max(around.row_before, around.row_after)
    return 1 if longest <= most else most + 1


def _states(alphabet: Alphabet, start: Worked, ends: Mapping[Worked, float], days: int) -> list[Worked]:
    most_days, most_min = max(worked for worked, _ in ends), max(minutes for _, minutes in ends)
    lengths = sorted(set(alphabet.paid[1:]))
    found, edge = [start], [start]
    for _day in range(days):
        edge = sorted({
            (worked + 1, minutes + length) for worked, minutes in edge for length in lengths
            if worked < most_days and minutes + length <= most_min
        })  # fmt: skip
        found += edge
    return found


def _steps(alphabet: Alphabet, index: Mapping[Worked, int]) -> list[tuple[int, int, Any, Any]]:
    """For alphabet of the same length, [first, last): from which states to which they lead."""
    found = []
    for paid, several in groupby(range(1, len(alphabet.paid)), lambda letter: alphabet.paid[letter]):
        run = list(several)
        after = {place: index.get((days + 1, minutes + paid)) for (days, minutes), place in index.items()}
        both = [(source, target) for source, target in after.items() if target is not None]
        if both:
            found.append((run[0], run[-1] + 1, np.array([source for source, _ in both]), np.array([target for _, target in both])))
    return found
