"""Lets CP-SAT solve a model: tells how far it is while it works, can be stopped, and keeps the best that was found."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from core.clock import stopwatch_s
from workforce.rosters.cover import Cover
from workforce.rosters.model import SCALE, RosterModel
from workforce.rosters.problem import Cell, Roster
from workforce.rosters.shift_pattern import Placed, Shift

WORKERS = (
    8  # also on few cores: it is the variety of their searches that finds something (measured: data of `benchmarks rostering`)
)
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far solving is: the cost of the best roster until now (None: none), what none can be below, and what is being done."""

    seconds: float
    cost: float | None
    bound: float
    doing: str = ""

    @property
    def gap(self) -> float | None:
        """By what share of its cost the best may be off, 0 to 1."""
        if self.cost is None:
            return None
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / self.cost


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to try. `repeatable`: the same answer for the same seed, on however busy a machine; then it is counted in
    work, not in time. `tell` and `stopped` are asked from other threads."""

    limit_s: float = 60.0
    seed: int = 1
    workers: int = WORKERS
    repeatable: bool = False
    tell: Callable[[Progress], None] = lambda _progress: None
    stopped: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it. `roster` None: there is none when `proved`, and none was found in time otherwise."""

    roster: Roster | None
    cost: float | None
    bound: float
    proved: bool
    seconds: float


def solve_model(model: RosterModel, cover: Cover, effort: Effort, doing: str = "") -> Found:
    """Solve; the roster holds also what was settled before."""
    started_s = stopwatch_s()
    solver = solver_for(effort)
    watch = _Watch(solver, effort, started_s, doing)
    solver.best_bound_callback = watch.bound_is
    with watch:
        status = solver.solve(model.cp, watch.solutions)
    seconds = stopwatch_s() - started_s
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        roster = roster_of(model, cover, solver)
        cost, bound = solver.objective_value / SCALE, solver.best_objective_bound / SCALE
        if not model.cp.has_objective():
            cost = bound = model.cost_constant / SCALE
        return Found(roster, cost, bound, status == cp_model.OPTIMAL, seconds)
    return Found(None, None, 0.0, status == cp_model.INFEASIBLE, seconds)


def solver_for(effort: Effort) -> Any:
    """A solver that tries so much."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers, parameters.random_seed = effort.workers, effort.seed
    if effort.repeatable:
        parameters.interleave_search, parameters.max_deterministic_time = True, effort.limit_s
    else:
        parameters.max_time_in_seconds = effort.limit_s
    return solver


def roster_of(model: RosterModel, cover: Cover, solver: Any) -> dict[Cell, Placed]:
    """The solution, with what was settled before; days before the time are left out."""
    chosen: dict[Cell, Shift] = {cell: model.placed[cell].shift for cell in model.rebreak if cell in model.placed}
    for cell, options in model.options.items():
        for shift, variable in options:
            if solver.boolean_value(variable):
                chosen[cell] = shift
    found = {cell: placed for cell, placed in model.placed.items() if cell[1] >= 0}
    return found | cover.placed(solver.value, chosen)


class _Watch:
    """Tells of solutions and bounds, and stops the solver when asked."""

    def __init__(self, solver: Any, effort: Effort, started_s: float, doing: str) -> None:
        self._solver, self._effort, self._started_s, self._doing = solver, effort, started_s, doing
        self._cost: float | None = None
        self._bound = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="roster-stop", daemon=True)
        self.solutions = _Solutions(self._solution)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self._thread.join()

    def bound_is(self, bound: float) -> None:
        """As the solver calls it."""
        self._bound = bound / SCALE
        self._tell()

    def _solution(self, cost: float, bound: float) -> None:
        self._cost, self._bound = cost / SCALE, bound / SCALE
        self._tell()

    def _tell(self) -> None:
        self._effort.tell(Progress(stopwatch_s() - self._started_s, self._cost, self._bound, self._doing))

    def _look(self) -> None:
        while not self._over.wait(_LOOK_S):
            if self._effort.stopped():
                self._solver.stop_search()
                return


class _Solutions(cp_model.CpSolverSolutionCallback):
    def __init__(self, tell: Callable[[float, float], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        """As the solver calls it."""
        self._tell(self.objective_value, self.best_objective_bound)
