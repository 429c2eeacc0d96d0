"""Which shifts an agent could ever have: what is forbidden on every day of a week is no choice of theirs.

Shifts that are for a few, such as those of seven hours for who works six days, so cost nothing where others choose.
"""

from dataclasses import replace

from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rule_book import unary
from workforce.rosters.shift_pattern import Shift


class PossibleShifts:
    """Of a problem, by contract; contracts that differ in nothing that counts here are looked at once."""

    def __init__(self, problem: RosterProblem) -> None:
        rules = problem.rules.rules
        self._any_week = replace(problem, time_off=frozenset(), training={})
        self._shifts = problem.shifts
        self._hard = [rule for name, rule in unary(problem).items() if getattr(getattr(rules, name), "weight", None) is None]
        self._found: dict[object, tuple[Shift, ...]] = {}

    def of(self, one: Contract) -> tuple[Shift, ...]:
        """Those that no hard rule forbids on all days of a week, whatever days off and trainings there are."""
        times = tuple(sorted(one.available.items()))
        key = (times, one.patterns, one.days_a_week, one.overtime, one.protected)
        if key not in self._found:
            self._found[key] = tuple(shift for shift in self._shifts if any(self._can(one, day, shift) for day in range(7)))
        return self._found[key]

    def lengths(self, one: Contract) -> tuple[int, ...]:
        """Their minutes of work, each once, the shortest first."""
        return tuple(sorted({shift.pattern.paid_min for shift in self.of(one)}))

    def _can(self, one: Contract, day: int, shift: Shift) -> bool:
        return not any(forbids(self._any_week, one, day, shift) for forbids in self._hard)
