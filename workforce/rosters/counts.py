"""How many of which agents work which shifts, a week at a time: without names, so that it is quickly solved, and a bound.

Every constraint here is a sum of what holds for each agent, and costs that depend on who it is are left out. So what is the least
here no roster with names can be below: G. B. Dantzig, "A Comment on Edie's 'Traffic Delays at Toll Booths'", Operations Research 2
(1954), with breaks as in T. Aykin, "Optimal Shift Scheduling with Multiple Break Windows", Management Science 42 (1996).
"""

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ortools.math_opt.python import mathopt

from core.clock import stopwatch_s
from workforce.rosters.alike import lots
from workforce.rosters.contract import Contract
from workforce.rosters.cover import Group, break_places, slot_units, spans, unit_of, without
from workforce.rosters.problem import Cell, RosterProblem, Training
from workforce.rosters.rule_book import unary
from workforce.rosters.shift_pattern import DAY_MIN, Shift
from workforce.rosters.solving import Effort
from workforce.rules.contract_hours import agreed_min
from workforce.rules.weekly_hours import most_min, week_min
from workforce.rules.weekly_rest import most_days

_Key = tuple[int, int, tuple[str, int]]
_FIRST_SHARE, _PART_S, _MOST_IN_VAIN = 0.4, 5.0, 30
_CLOSE, _STEP = 0.002, 1e-3


@dataclass(frozen=True)
class Counted:
    """Of a week: how many of the lot (its number in `lots`) work the shift of this key on a day; what that costs, and the least."""

    counts: Mapping[_Key, int] | None
    cost: float
    bound: float


@dataclass
class _Week:
    """A model as it grows."""

    problem: RosterProblem
    days: range
    model: mathopt.Model
    own_slots: range
    supply: dict[tuple[Group, int], list[tuple[Any, int]]] = field(default_factory=lambda: defaultdict(list))
    objective: list[Any] = field(default_factory=list)
    chosen: dict[_Key, list[Any]] = field(default_factory=lambda: defaultdict(list))
    begins: dict[_Key, list[Any]] = field(default_factory=lambda: defaultdict(list))
    limits: dict[Any, tuple[float, float]] = field(default_factory=dict)


def weeks_of(problem: RosterProblem) -> list[range]:
    """The days of the time by calendar weeks."""
    return [range(max(week.start, 0), week.stop) for week in problem.weeks() if week.stop > 0]


def count_week(problem: RosterProblem, days: range, until_s: float, effort: Effort) -> Counted:
    """Solve one week, until this moment of the stopwatch at most. `counts` None: nothing was found in time; the bound holds anyway.

    First the whole at once, which gives the bound and a first answer; then a few days or lots of agents at a time."""
    week = _Week(problem, days, mathopt.Model(), _own_slots(problem, days))
    for number, lot in enumerate(lots(problem)):
        _add_lot(week, number, lot)
    _meet(week)
    week.model.minimize(mathopt.fast_sum(week.objective))
    left_s = until_s - stopwatch_s()
    result = _solve(week, max(1.0, left_s * _FIRST_SHARE), effort.seed)
    bound = max(0.0, result.dual_bound())
    bound = 0.0 if math.isinf(bound) else bound
    best, values = math.inf, dict.fromkeys(_questions(week), 0.0)  # nobody works: each day then finds its own
    if result.has_primal_feasible_solution():
        best, values = result.objective_value(), result.variable_values()
    first_days = list(week.days) if math.isinf(best) else []
    chance = random.Random(effort.seed)  # noqa: S311 (no secret: where to look next)
    in_vain = 0
    while in_vain < _MOST_IN_VAIN and best > bound * (1 + _CLOSE) and stopwatch_s() < until_s and not effort.stopped():
        _free_some(week, values, chance, first_days.pop(0) if first_days else None)
        result = _solve(week, min(_PART_S, until_s - stopwatch_s()), effort.seed)
        in_vain += 1
        if result.has_primal_feasible_solution() and result.objective_value() < best - _STEP:
            best, values, in_vain = result.objective_value(), result.variable_values(), 0
    if math.isinf(best):
        return Counted(None, best, bound)
    counts: dict[_Key, int] = defaultdict(int)
    for key, several in week.chosen.items():
        counts[key] += sum(round(values[one]) for one in several)
    return Counted({key: count for key, count in counts.items() if count}, best, bound)


def _solve(week: _Week, limit_s: float, seed: int) -> Any:
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(0.1, limit_s)), random_seed=seed, relative_gap_tolerance=_CLOSE
    )
    return mathopt.solve(week.model, mathopt.SolverType.HIGHS, params=parameters)


def _questions(week: _Week) -> list[Any]:
    return [one for several in (week.chosen, week.begins) for variables in several.values() for one in variables]


def _free_some(week: _Week, values: Mapping[Any, float], chance: random.Random, day: int | None) -> None:
    """Let go of this day, else of any one or of some lots; hold the rest where it is."""
    days, numbers = list(week.days), sorted({key[0] for key in week.chosen})
    if day is not None or chance.random() < 0.5:
        free_days = {chance.choice(days) if day is None else day}
        free = {key for key in week.chosen if key[1] in free_days}
    else:
        free_lots = set(chance.sample(numbers, max(1, len(numbers) // 6)))
        free = {key for key in week.chosen if key[0] in free_lots}
    for key, several in week.chosen.items():
        for one in (*several, *week.begins.get(key, ())):
            low, high = week.limits.setdefault(one, (one.lower_bound, one.upper_bound))
            at = round(values[one])
            one.lower_bound, one.upper_bound = (low, high) if key in free else (at, at)


def _own_slots(problem: RosterProblem, days: range) -> range:
    """Intervals that the week answers for: until the first shift of the next week begins, since only its own nights reach there."""
    a_day = DAY_MIN // problem.minutes
    until_first = min(shift.start for shift in problem.shifts) // problem.minutes
    first = days.start * a_day + (until_first if days.start > 0 else 0)
    return range(first, min(problem.slots, days.stop * a_day + until_first))


def _add_lot(week: _Week, number: int, lot: Sequence[Contract]) -> None:
    problem, model = week.problem, week.model
    hard = {
        name: rule for name, rule in unary(problem).items() if getattr(getattr(problem.rules.rules, name), "weight", None) is None
    }

    def can(one: Contract, day: int, shift: Shift) -> bool:
        return not any(forbids(problem, one, day, shift) for forbids in hard.values())

    by_week: list[tuple[Any, int]] = []
    kept_min = kept_days = 0
    for day in range(days_from(week), week.days.stop):
        free = [one for one in lot if (one.agent, day) not in problem.kept and day >= 0]
        if day in week.days:
            for one in lot:
                placed = problem.kept.get((one.agent, day))
                if placed is not None:
                    kept_min, kept_days = kept_min + placed.shift.pattern.paid_min, kept_days + 1
        batches: dict[tuple[Training, ...], list[Contract]] = defaultdict(list)
        for one in free:
            batches[problem.training.get((one.agent, day), ())].append(one)
        for training, members in batches.items():
            of_day = []
            for shift in problem.shifts:
                able = sum(can(one, day, shift) for one in members)
                if not able or (day not in week.days and shift.end <= DAY_MIN):
                    continue
                count = model.add_integer_variable(lb=0, ub=able)
                of_day.append((count, shift))
                if day in week.days:
                    week.chosen[number, day, shift.key].append(count)
                    by_week.append((count, shift.pattern.paid_min))
                week.begins[number, day, shift.key] += _serve(week, lot[0].queues, day, shift, training, count)
            if of_day:
                here = sum(any(can(one, day, shift) for _, shift in of_day) for one in members)
                model.add_linear_constraint(mathopt.fast_sum(count for count, _ in of_day) <= here)
    _hours(week, lot, by_week, kept_min, kept_days)


def days_from(week: _Week) -> int:
    """The first day whose shifts reach into the week."""
    return week.days.start - 1 if week.days.start > 0 else week.days.start


def _hours(week: _Week, lot: Sequence[Contract], worked: Sequence[tuple[Any, int]], kept_min: int, kept_days: int) -> None:
    """The sums of the agents' weeks."""
    problem, model, rules = week.problem, week.model, week.problem.rules.rules
    whole = next(each for each in problem.weeks() if each.stop == week.days.stop)
    minutes = mathopt.fast_sum(count * paid for count, paid in worked) + kept_min
    if rules.weekly_hours is not None and rules.weekly_hours.weight is None:
        model.add_linear_constraint(minutes <= sum(most_min(problem, one) for one in lot))
    if rules.weekly_rest is not None and rules.weekly_rest.weight is None:
        most = sum(most_days(problem, one, whole) for one in lot)
        model.add_linear_constraint(mathopt.fast_sum(count for count, _ in worked) + kept_days <= most)
    if rules.overtime is not None:
        over = model.add_variable(lb=0)
        model.add_linear_constraint(minutes - over <= sum(week_min(problem, one) for one in lot))
        week.objective.append(over * (rules.overtime.weight / 60))
    agreed = sum(agreed_min(problem, one, whole) for one in lot)
    if rules.contract_hours is not None and agreed:
        if rules.contract_hours.weight is None:
            model.add_linear_constraint(minutes >= agreed)
        else:
            short = model.add_variable(lb=0)
            model.add_linear_constraint(minutes + short >= agreed)
            week.objective.append(short * (rules.contract_hours.weight / 60))


def _serve(week: _Week, group: Group, day: int, shift: Shift, training: tuple[Training, ...], count: Any) -> list[Any]:
    """What the shifts serve; returns the variables of where their breaks begin."""
    chosen: list[Any] = []
    problem, unit = week.problem, unit_of(week.problem)
    for slot, units in slot_units(problem, unit, day, spans(shift, training)):
        week.supply[group, slot].append((count, units))
    for each in shift.pattern.breaks:
        places = break_places(each, shift, training)
        begin = dict.fromkeys(places, count)
        if len(places) > 1:
            begin = {place: week.model.add_integer_variable(lb=0, ub=count.upper_bound) for place in places}
            week.model.add_linear_constraint(mathopt.fast_sum(begin.values()) == count)
            chosen += begin.values()
        for place, variable in begin.items():
            start = shift.start + place
            gaps = [(one.start, one.end) for one in training]
            for slot, units in slot_units(problem, unit, day, without([(start, start + each.minutes)], gaps)):
                week.supply[group, slot].append((variable, -units))
    return chosen


def _meet(week: _Week) -> None:
    problem, model, rules = week.problem, week.model, week.problem.rules.rules
    unit = unit_of(problem)
    people = problem.minutes // unit
    fixed = kept_units(problem, unit)
    groups = sorted({one.queues for one in problem.contracts}, key=sorted)
    for slot in week.own_slots:
        served: dict[str, list[Any]] = defaultdict(list)
        for group in groups:
            own = week.supply.get((group, slot), [])
            constant = fixed.get((group, slot), 0)
            if not own and not constant:
                continue
            flows = []
            for queue in sorted(group & problem.needs.keys()):
                if problem.needs[queue][slot]:
                    flow = model.add_variable(lb=0)
                    flows.append(flow)
                    served[queue].append(flow)
            idle = model.add_variable(lb=0)
            supply = mathopt.fast_sum(variable * units for variable, units in own) + constant
            model.add_linear_constraint(mathopt.fast_sum([*flows, idle]) == supply)
            if rules.overstaffed is not None:
                week.objective.append(idle * (rules.overstaffed.weight * unit / 60))
        for queue, needs in problem.needs.items():
            need = needs[slot] * people
            if need:
                missing = model.add_variable(lb=0, ub=need)
                model.add_linear_constraint(mathopt.fast_sum([*served[queue], missing]) == need)
                weight = rules.understaffed.queues.get(queue, rules.understaffed.weight)
                week.objective.append(missing * (weight * unit / 60))


def kept_units(problem: RosterProblem, unit: int) -> dict[tuple[Group, int], int]:
    """What is served by what is settled: kept shifts, and those of the days before."""
    found: dict[tuple[Group, int], int] = defaultdict(int)
    settled: dict[Cell, Any] = dict(problem.before) | dict(problem.kept)
    for (agent, day), placed in settled.items():
        if placed is not None and agent in problem.by_agent:
            training = problem.training.get((agent, day), ())
            parts = without(spans(placed.shift, training), placed.rests())
            for slot, units in slot_units(problem, unit, day, parts):
                found[problem.by_agent[agent].queues, slot] += units
    return found
