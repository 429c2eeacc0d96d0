"""A mixed integer program as it grows, kept as plain numbers: quick to build, and to be solved again with other limits."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

Sum = Iterable[tuple[int, float]]
"""Questions, by their numbers, times factors."""
CLOSE = 0.002
"""The share of the cost by which an answer may be off and is good enough."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`values`, by question; None: nothing was found in time. `bound`: nothing costs less, with what was held."""

    values: list[float] | None
    cost: float
    bound: float


@dataclass(slots=True)
class LinearProgram:
    """Questions are numbers from 0 to `high`, whole ones or not; sums of them lie within limits; what they cost is to be small."""

    high: list[float] = field(default_factory=list)
    _whole: list[bool] = field(default_factory=list)
    _costs: list[float] = field(default_factory=list)
    _sums: list[dict[int, float]] = field(default_factory=list)
    _least: list[float] = field(default_factory=list)
    _most: list[float] = field(default_factory=list)

    def ask(self, high: float, *, whole: bool = False, cost: float = 0.0) -> int:
        """A new question; its number."""
        self.high.append(high)
        self._whole.append(whole)
        self._costs.append(cost)
        return len(self.high) - 1

    def hold(self, parts: Sum, least: float = -math.inf, most: float = math.inf) -> None:
        """The sum lies within these. A question may come in it more than once."""
        found: dict[int, float] = {}
        for question, factor in parts:
            found[question] = found.get(question, 0.0) + factor
        self._sums.append(found)
        self._least.append(least)
        self._most.append(most)

    def solve(self, limit_s: float, seed: int, held: Mapping[int, float] | None = None) -> Answer:
        """The best in so many seconds; `held` questions have these values this time."""
        low = [0.0] * len(self.high)
        high = list(self.high)
        for question, value in (held or {}).items():
            low[question] = high[question] = value
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=max(0.1, limit_s)), random_seed=seed, relative_gap_tolerance=CLOSE
        )
        model = mathopt.Model.from_model_proto(self._proto(low, high))
        return _answer(mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters))

    def in_parts(self, limit_s: float) -> Answer:
        """The best when all may be parts of whole things: soon found, and what none with whole ones costs less than."""
        proto = self._proto([0.0] * len(self.high), self.high)
        proto.variables.integers[:] = [False] * len(self.high)
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=max(0.1, limit_s)))
        return _answer(mathopt.solve(mathopt.Model.from_model_proto(proto), mathopt.SolverType.GLOP, params=parameters))

    def _proto(self, low: Sequence[float], high: Sequence[float]) -> Any:
        proto = model_pb2.ModelProto()
        of = proto.variables
        of.ids.extend(range(len(high)))
        of.lower_bounds.extend(low)
        of.upper_bounds.extend(high)
        of.integers.extend(self._whole)
        paid = [question for question, cost in enumerate(self._costs) if cost]
        proto.objective.linear_coefficients.ids.extend(paid)
        proto.objective.linear_coefficients.values.extend(self._costs[question] for question in paid)
        sums = proto.linear_constraints
        sums.ids.extend(range(len(self._sums)))
        sums.lower_bounds.extend(self._least)
        sums.upper_bounds.extend(self._most)
        for number, each in enumerate(self._sums):
            factors = sorted((question, factor) for question, factor in each.items() if factor)
            matrix = proto.linear_constraint_matrix
            matrix.row_ids.extend([number] * len(factors))
            matrix.column_ids.extend(question for question, _ in factors)
            matrix.coefficients.extend(factor for _, factor in factors)
        return proto


def _answer(found: Any) -> Answer:
    if not found.has_primal_feasible_solution():
        return Answer(None, math.inf, found.dual_bound())
    values = [float(value) for _, value in sorted(found.variable_values().items(), key=lambda item: item[0].id)]
    return Answer(values, found.objective_value(), found.dual_bound())
