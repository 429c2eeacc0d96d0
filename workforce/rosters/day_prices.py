"""What an agent's day costs, letter by letter of the alphabet: what shifts are worth where they lie, and what rules say of them."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from workforce.rosters.contract import Contract
from workforce.rosters.cover import break_places, slot_units, spans, without
from workforce.rosters.problem import Cell, RosterProblem, Training, Wish
from workforce.rosters.rule_book import unary
from workforce.rosters.shift_pattern import DAY_MIN, Shift
from workforce.rosters.week_of_one import Alphabet


@dataclass(frozen=True, slots=True)
class _Movable:
    """A break that can lie in several places: of which letter, which of its breaks, and the minutes away in each."""

    letter: int
    number: int
    places: list[int]
    away: Any


@dataclass(frozen=True, slots=True)
class _Shape:
    """By letter the minutes in each interval of two days, without breaks that stay; and all breaks at their first place."""

    there: Any
    breaks: list[list[int]]
    movable: list[_Movable]


class DayPrices:
    """Of a problem; what was looked at once is kept."""

    def __init__(self, problem: RosterProblem, alphabet: Alphabet) -> None:
        self._problem, self._shifts = problem, alphabet.shifts
        self._slots = 2 * DAY_MIN // problem.minutes
        self._unary = unary(problem)
        self._wishes: dict[Cell, list[Wish]] = defaultdict(list)
        for wish in problem.wishes:
            self._wishes[wish.agent, wish.day].append(wish)
        self._shapes: dict[tuple[Training, ...], _Shape] = {}
        self._cells: dict[Cell, Any] = {}
        self._cases: dict[object, Any] = {}

    def of_shifts(self, worth: Any, training: tuple[Training, ...]) -> tuple[Any, list[list[int]]]:
        """Points of being there, and where breaks then lie best; `worth`: points of a minute in each interval of two days."""
        if training not in self._shapes:
            self._shapes[training] = self._shape(training)
        shape = self._shapes[training]
        costs = shape.there @ worth
        if not shape.movable:
            return costs, shape.breaks
        breaks = [list(each) for each in shape.breaks]
        for each in shape.movable:
            saved = each.away @ worth
            best = int(saved.argmax())
            costs[each.letter] -= saved[best]
            breaks[each.letter][each.number] = each.places[best]
        return costs, breaks

    def of_rules(self, one: Contract, day: int) -> Any:
        """What rules say of the agent's day alone; infinite for what can't be."""
        cell = (one.agent, day)
        if cell not in self._cells:
            self._cells[cell] = self._of_cell(one, day)
        return self._cells[cell]

    def _shape(self, training: tuple[Training, ...]) -> _Shape:
        shape = _Shape(np.zeros((len(self._shifts), self._slots)), [[] for _ in self._shifts], [])
        gaps = [(one.start, one.end) for one in training]
        for letter, shift in enumerate(self._shifts):
            if shift is None:
                continue
            shape.there[letter] = self._minutes(spans(shift, training))
            for number, each in enumerate(shift.pattern.breaks):
                places = break_places(each, shift, training)
                starts = [shift.start + place for place in places]
                away = np.array([self._minutes(without([(start, start + each.minutes)], gaps)) for start in starts])
                shape.breaks[letter].append(places[0])
                if len(places) > 1:
                    shape.movable.append(_Movable(letter, number, places, away))
                else:
                    shape.there[letter] -= away[0]
        return shape

    def _minutes(self, parts: Iterable[tuple[int, int]]) -> Any:
        row = np.zeros(self._slots)
        for slot, minutes in slot_units(self._problem, 1, 0, parts):
            row[slot] = minutes
        return row

    def _of_cell(self, one: Contract, day: int) -> Any:
        problem, rules, cell = self._problem, self._problem.rules.rules, (one.agent, day)
        if cell in problem.kept:
            kept = problem.kept[cell]
            wanted = kept.shift if kept is not None else None
            return np.array([0.0 if shift == wanted else math.inf for shift in self._shifts])
        off = cell in problem.time_off, (one.agent, day + 1) in problem.time_off
        times, training = tuple(sorted(one.available.items())), problem.training.get(cell, ())
        case = (problem.weekday(day), times, one.patterns, one.protected, one.overtime, one.days_a_week, off, training)
        if case not in self._cases:
            self._cases[case] = np.array([self._of_letter(one, day, shift) for shift in self._shifts])
        costs = self._cases[case].copy()
        if rules.wishes is not None:
            for wish in self._wishes.get(cell, ()):
                weight = rules.wishes.weight if wish.weight is None else wish.weight
                costs += [weight * ((_name(shift) == wish.pattern) == wish.against) for shift in self._shifts]
        if rules.unlike_given is not None and problem.given is not None:
            given = problem.given.get(cell)
            same = given.shift.key if given is not None else None
            costs += [rules.unlike_given.weight * (same != (shift.key if shift else None)) for shift in self._shifts]
        return costs

    def _of_letter(self, one: Contract, day: int, shift: Shift | None) -> float:
        rules, names = self._problem.rules.rules, []
        if shift is not None:
            names = [name for name, forbids in self._unary.items() if forbids(self._problem, one, day, shift)]
        elif rules.training is not None and self._problem.training.get((one.agent, day)):
            names = ["training"]
        weights = [getattr(getattr(rules, name), "weight", None) for name in names]
        return sum((math.inf if weight is None else float(weight) for weight in weights), 0.0)


def _name(shift: Shift | None) -> str:
    return "" if shift is None else shift.pattern.name
