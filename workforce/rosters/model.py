"""The model of a roster for CP-SAT: a yes or no for each agent, day and shift; rules, cover and costs add to it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from workforce.rosters.contract import Contract
from workforce.rosters.problem import Cell, Roster, RosterProblem
from workforce.rosters.rules_form import Rule
from workforce.rosters.shift_pattern import Placed, Shift

SCALE = 60
"""The objective counts in sixtieths of a point, so that a minute of what is weighed by the hour is a whole number."""
Forbids = Callable[[RosterProblem, Contract, int, Shift], bool]


@dataclass(frozen=True, slots=True)
class About:
    """Of what a hard constraint is: the rule, and whom, when, and which queue it binds."""

    rule: str
    agent: str = ""
    day: int | None = None
    until: int | None = None
    queue: str = ""
    slot: int | None = None
    amount: int = 0


@dataclass(slots=True)
class Terms:
    """A sum: variables times numbers, and a constant."""

    parts: list[tuple[Any, int]] = field(default_factory=list)
    constant: int = 0

    def add(self, other: "Terms", times: int = 1) -> "Terms":
        """Itself, with the other added."""
        self.parts += [(variable, factor * times) for variable, factor in other.parts]
        self.constant += other.constant * times
        return self

    @property
    def expression(self) -> Any:
        """For the solver, without the constant."""
        return cp_model.LinearExpr.weighted_sum([part for part, _ in self.parts], [factor for _, factor in self.parts])


def total(several: Iterable[Terms]) -> Terms:
    """All added up."""
    found = Terms()
    for each in several:
        found.add(each)
    return found


class RosterModel:
    """Only cells in `free` (None: all that are not kept) are chosen; others stay as in `base`. Of those in `rebreak` the shift
    stays, and its breaks are chosen. `loose`: every hard constraint has a switch in `switches`, so that conflicts can be found;
    then what is kept can be let go, too. `only`: by day, the keys of
    shifts that there are, but for who has a training. Raises nothing: what can't be is found by solving."""

    def __init__(
        self, problem: RosterProblem, unary: Mapping[str, Forbids], free: Collection[Cell] | None = None,
        base: Roster | None = None, rebreak: Collection[Cell] = (), loose: bool = False,
        only: Mapping[int, Collection[tuple[str, int]]] | None = None,
    ) -> None:  # fmt: skip
        self.problem, self.loose = problem, loose
        self.cp = cp_model.CpModel()
        self.switches: dict[About, Any] = {}
        self.costs: list[tuple[Any, int]] = []
        self.cost_constant = 0
        self.placed: dict[Cell, Placed] = dict(problem.before) | dict(base or {})
        self.rebreak = frozenset(rebreak)
        self.whole = free is None
        self.options: dict[Cell, list[tuple[Shift, Any]]] = {}
        self._unary, self._only = unary, only
        if not loose:
            for cell, kept in problem.kept.items():
                self.placed.pop(cell, None)
                if kept is not None:
                    self.placed[cell] = kept
        for contract in problem.contracts:
            for day in range(problem.days):
                cell = (contract.agent, day)
                if (free is None or cell in free) and (loose or cell not in problem.kept):
                    self.placed.pop(cell, None)
                    self._open(contract, day)
                elif not loose and cell in problem.kept:
                    self._look_at_kept(contract, day)
        self.agents = [each for each in problem.contracts if any((each.agent, day) in self.options for day in range(problem.days))]

    def _open(self, contract: Contract, day: int) -> None:
        cell, problem = (contract.agent, day), self.problem
        found: list[tuple[Shift, Any]] = []
        shifts = list(problem.shifts)
        kept = problem.kept.get(cell)
        if kept is not None and kept.shift not in shifts:
            shifts.append(kept.shift)
        for shift in shifts:
            if self._only is not None and shift.key not in self._only.get(day, ()) and cell not in problem.training:
                continue
            bad = [name for name, forbids in self._unary.items() if forbids(problem, contract, day, shift)]
            hard = [name for name in bad if self.form(name).weight is None]
            if hard and not self.loose:
                continue
            chosen = self.cp.new_bool_var("")
            found.append((shift, chosen))
            for name in bad:
                weight = self.form(name).weight
                if weight is None:
                    self.cp.add(chosen == 0).only_enforce_if(self.switch(About(name, contract.agent, day)))
                else:
                    self.cost(Terms([(chosen, 1)]), weight * SCALE)
        self.options[cell] = found
        if len(found) > 1:
            self.cp.add_at_most_one([chosen for _, chosen in found])
        if self.loose and cell in problem.kept:
            wanted = kept.shift.key if kept else None
            for shift, chosen in found:
                self.cp.add(chosen == (shift.key == wanted)).only_enforce_if(self.switch(About("kept", contract.agent, day)))

    def _look_at_kept(self, contract: Contract, day: int) -> None:
        placed = self.placed.get((contract.agent, day))
        if placed is None:
            return
        for name, forbids in self._unary.items():
            if forbids(self.problem, contract, day, placed.shift):
                weight = self.form(name).weight
                if weight is None:
                    self.never()
                else:
                    self.cost_constant += weight * SCALE

    def form(self, rule: str) -> Rule:
        """A rule's form; one without a weight has none."""
        found = getattr(self.problem.rules.rules, rule)
        return found if isinstance(found, Rule) else Rule()

    def switch(self, about: About) -> Any:
        """The literal that turns a hard constraint on."""
        if about not in self.switches:
            self.switches[about] = self.cp.new_bool_var("")
        return self.switches[about]

    def never(self) -> None:
        """There is no solution."""
        self.cp.add_bool_or([])

    def sum_of(self, agent: str, day: int, worth: Callable[[Shift], int]) -> Terms:
        """What the agent's shift of a day is worth; 0 for a day off."""
        cell = (agent, day)
        if cell in self.options:
            return Terms([(chosen, value) for shift, chosen in self.options[cell] if (value := worth(shift))])
        placed = self.placed.get(cell)
        return Terms([], worth(placed.shift) if placed else 0)

    def work(self, agent: str, day: int) -> Terms:
        """1 for a day of work."""
        return self.sum_of(agent, day, lambda _shift: 1)

    def known_days(self) -> range:
        """The days of the time, and those before of which something is known."""
        return range(min((day for _agent, day in self.problem.before), default=0), self.problem.days)

    def at_most(self, about: About, terms: Terms, limit: int, hours: bool = False) -> None:
        """The sum is `limit` at most: never more, or at the weight of the rule (each hour of what is in minutes, else each)."""
        room = limit - terms.constant
        if sum(max(0, factor) for _, factor in terms.parts) <= room:
            return
        weight = self.form(about.rule).weight
        if weight is not None:
            over = self.amount(terms, limit)
            self.cost(over, weight if hours else weight * SCALE)
        elif not terms.parts and self.loose:
            self.cp.add(self.switch(about) == 0)
        elif not terms.parts:
            self.never()
        else:
            constraint = self.cp.add(terms.expression <= room)
            if self.loose:
                constraint.only_enforce_if(self.switch(about))

    def at_least(self, about: About, terms: Terms, limit: int, hours: bool = False) -> None:
        """As `at_most`, the other way round."""
        self.at_most(about, Terms([(part, -factor) for part, factor in terms.parts], -terms.constant), -limit, hours)

    def never_both(self, about: About, pairs: Sequence[Terms], weight: int | None) -> None:
        """None of the sums is over 1; or, at a weight, one or several of them are, which costs the same."""
        if weight is None:
            for pair in pairs:
                self.at_most(about, pair, 1)
        elif all(not pair.parts for pair in pairs):
            self.cost_constant += weight * SCALE if any(pair.constant > 1 for pair in pairs) else 0
        else:
            both = self.cp.new_bool_var("")
            for pair in pairs:
                self.cp.add(pair.expression - both <= 1 - pair.constant)
            self.cost(Terms([(both, 1)]), weight * SCALE)

    def amount(self, terms: Terms, limit: int) -> Terms:
        """By how much the sum is over the limit, once its cost is in the objective."""
        most = sum(max(0, factor) for _, factor in terms.parts) + terms.constant - limit
        if most <= 0:
            return Terms()
        if not terms.parts:
            return Terms([], most)
        over = self.cp.new_int_var(0, most, "")
        self.cp.add(terms.expression - over <= limit - terms.constant)
        return Terms([(over, 1)])

    def any_of(self, several: Sequence[Terms]) -> Terms:
        """At least 1 when one of these is, and no more at a cost."""
        if all(not each.parts for each in several):
            return Terms([], int(any(each.constant for each in several)))
        found = self.cp.new_bool_var("")
        for each in several:
            if each.parts:
                self.cp.add(each.expression <= found)
            elif each.constant:
                self.cp.add(found == 1)
        return Terms([(found, 1)])

    def cost(self, terms: Terms, weight: int) -> None:
        """Add to the objective, in sixtieths of a point."""
        self.costs += [(part, factor * weight) for part, factor in terms.parts]
        self.cost_constant += terms.constant * weight

    def minimise(self, more: Terms | None = None) -> None:
        """Set the objective: all costs, and what else is to be small."""
        found = Terms(list(self.costs), self.cost_constant)
        if more is not None:
            found.add(more)
        if found.parts:
            self.cp.minimize(found.expression + found.constant)

    def hint(self, roster: Roster) -> None:
        """Where to look first."""
        for cell, options in self.options.items():
            placed = roster.get(cell)
            for shift, chosen in options:
                self.cp.add_hint(chosen, placed is not None and placed.shift.key == shift.key)
