"""How many of which agents work which shifts, a week at a time: without names, so that it is quickly solved, and a bound.

Every constraint here is a sum of what holds for each agent, and costs that depend on who it is are left out. So what is the least
here no roster with names can be below: G. B. Dantzig, "A Comment on Edie's 'Traffic Delays at Toll Booths'", Operations Research 2
(1954), with breaks as in T. Aykin, "Optimal Shift Scheduling with Multiple Break Windows", Management Science 42 (1996).
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.clock import stopwatch_s
from workforce.rosters.alike import lots
from workforce.rosters.contract import Contract
from workforce.rosters.cover import Group, break_places, slot_units, spans, unit_of, without
from workforce.rosters.linear_program import CLOSE, LinearProgram
from workforce.rosters.problem import Cell, RosterProblem, Training
from workforce.rosters.rest_of_many import hold_rest
from workforce.rosters.rule_book import unary
from workforce.rosters.shift_pattern import DAY_MIN, Placed, Shift
from workforce.rosters.solving import Effort
from workforce.rosters.week_mixes import hold_hours

Place = tuple[int, int, tuple[str, int]]
"""A lot (its number in `lots`), a day, and the key of a shift."""
_FIRST_SHARE, _PART_S, _BOUND_S, _MOST_IN_VAIN = 0.5, 5.0, 20.0, 30
_STEP = 1e-3


@dataclass(frozen=True)
class Counted:
    """Of a week: how many of the lot work the shift on a day; what that costs, and the least."""

    counts: Mapping[Place, int] | None
    cost: float
    bound: float


@dataclass(frozen=True, slots=True)
class Part:
    """Lots, by number, and queues that have to do with each other and with no others."""

    lots: Mapping[int, Sequence[Contract]]
    queues: frozenset[str]

    @property
    def agents(self) -> int:
        """How many there are."""
        return sum(len(lot) for lot in self.lots.values())


def parts_of(problem: RosterProblem) -> list[Part]:
    """The problem in parts that share no queue, the largest first. A queue that nobody serves is in the first."""
    found: list[tuple[set[int], set[str]]] = []
    several = lots(problem)
    for number, lot in enumerate(several):
        numbers, queues = {number}, set(lot[0].queues)
        for one in [each for each in found if each[1] & queues]:
            found.remove(one)
            numbers, queues = numbers | one[0], queues | one[1]
        found.append((numbers, queues))
    found.sort(key=lambda each: -sum(len(several[number]) for number in each[0]))
    alone = problem.needs.keys() - {queue for _, queues in found for queue in queues}
    return [
        Part({number: several[number] for number in sorted(numbers)}, frozenset(queues | (alone if place == 0 else set())))
        for place, (numbers, queues) in enumerate(found)
    ]


@dataclass
class _Week:
    """A program as it grows, of some lots (by number) and of what they serve. `chosen` are the questions of how many work a
    shift, `begins` those of where its breaks begin."""

    problem: RosterProblem
    days: range
    part: Part
    own_slots: range
    unit: int
    program: LinearProgram = field(default_factory=LinearProgram)
    supply: dict[tuple[Group, int], list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    chosen: dict[Place, list[int]] = field(default_factory=lambda: defaultdict(list))
    begins: dict[Place, list[int]] = field(default_factory=lambda: defaultdict(list))


def weeks_of(problem: RosterProblem) -> list[range]:
    """The days of the time by calendar weeks."""
    return [range(max(week.start, 0), week.stop) for week in problem.weeks() if week.stop > 0]


def count_week(problem: RosterProblem, days: range, part: Part, until_s: float, effort: Effort) -> Counted:
    """Solve a part of one week, until this moment of the stopwatch at most. `counts` None: nothing was found in time; the
    bound holds anyway.

    First by parts of people, which is quick, and gives the bound; then the whole at once, which gives a first answer; then a few
    days or lots of agents at a time. Where no time is left for that, the whole people of the first."""
    week = _week(problem, days, part)
    loosely = week.program.in_parts(_BOUND_S)
    bound = loosely.bound if math.isfinite(loosely.bound) else 0.0
    left_s = until_s - stopwatch_s()
    if left_s <= 0:
        return _counted(week, loosely.values, math.inf, bound)
    found = week.program.solve(max(1.0, left_s * _FIRST_SHARE), effort.seed)
    bound = max(bound, found.bound) if math.isfinite(found.bound) else bound
    best, values = found.cost, found.values
    first_days = []
    if values is None:  # nobody works: each day then finds its own
        values, first_days = [0.0] * len(week.program.high), list(week.days)
    chance = random.Random(effort.seed)  # noqa: S311 (no secret: where to look next)
    in_vain = 0
    while in_vain < _MOST_IN_VAIN and best > bound * (1 + CLOSE) and stopwatch_s() < until_s and not effort.stopped():
        free = _some(week, chance, first_days.pop(0) if first_days else None)
        found = week.program.solve(min(_PART_S, until_s - stopwatch_s()), effort.seed, _held(week, values, free))
        in_vain += 1
        if found.values is not None and found.cost < best - _STEP:
            best, values, in_vain = found.cost, found.values, 0
    return _counted(week, loosely.values if math.isinf(best) else values, best, bound)


def _counted(week: _Week, values: Sequence[float] | None, cost: float, bound: float) -> Counted:
    """Of parts of people only the whole ones."""
    if values is None:
        return Counted(None, cost, bound)
    counts = {place: math.floor(sum(values[one] for one in several) + _STEP) for place, several in week.chosen.items()}
    return Counted({place: count for place, count in counts.items() if count}, cost, bound)


def _week(problem: RosterProblem, days: range, part: Part) -> _Week:
    week = _Week(problem, days, part, _own_slots(problem, days), unit_of(problem))
    for number, lot in part.lots.items():
        _add_lot(week, number, lot)
    _meet(week)
    return week


def _some(week: _Week, chance: random.Random, day: int | None) -> set[Place]:
    """What is let go of: this day, else any one or two, or some lots."""
    days, numbers = list(week.days), sorted({place[0] for place in week.chosen})
    if day is None and chance.random() < 0.5:
        lots_free = set(chance.sample(numbers, max(1, len(numbers) // 6)))
        return {place for place in week.chosen if place[0] in lots_free}
    days_free = {day} if day is not None else set(chance.sample(days, min(len(days), chance.choice((1, 2)))))
    return {place for place in week.chosen if place[1] in days_free}


def _held(week: _Week, values: Sequence[float], free: set[Place]) -> dict[int, float]:
    """Everything else is held where it is."""
    return {
        one: round(values[one])
        for place, several in week.chosen.items()
        if place not in free
        for one in (*several, *week.begins.get(place, ()))
    }


def _own_slots(problem: RosterProblem, days: range) -> range:
    """Intervals that the week answers for: until the first shift of the next week begins, since only its own nights reach there."""
    a_day = DAY_MIN // problem.minutes
    until_first = min(shift.start for shift in problem.shifts) // problem.minutes
    first = days.start * a_day + (until_first if days.start > 0 else 0)
    return range(first, min(problem.slots, days.stop * a_day + until_first))


def _add_lot(week: _Week, number: int, lot: Sequence[Contract]) -> None:
    problem, program = week.problem, week.program
    worked: dict[tuple[int, int], list[int]] = defaultdict(list)
    open_days: dict[str, dict[int, frozenset[int]]] = {one.agent: {} for one in lot}
    able_on: dict[int, dict[str, frozenset[tuple[str, int]]]] = defaultdict(dict)
    for day in range(max(0, week.days.start - 1), week.days.stop):
        batches: dict[tuple[Training, ...], list[Contract]] = defaultdict(list)
        for one in lot:
            if (one.agent, day) not in problem.kept:
                batches[problem.training.get((one.agent, day), ())].append(one)
        for training, members in batches.items():
            allowed = allowed_shifts(problem, members, day)
            of_day = []
            for shift in problem.shifts:
                able = sum(shift.key in keys for keys in allowed.values())
                if not able or (day not in week.days and shift.end <= DAY_MIN):
                    continue
                count = program.ask(able, whole=True)
                of_day.append((count, 1.0))
                if day in week.days:
                    week.chosen[number, day, shift.key].append(count)
                    worked[day, shift.pattern.paid_min].append(count)
                week.begins[number, day, shift.key] += _serve(week, lot[0].queues, day, shift, training, count)
            if of_day:
                program.hold(of_day, most=sum(bool(keys) for keys in allowed.values()))
            if day in week.days:
                able_on[day] |= allowed
                for agent, lengths in lengths_of(problem, allowed).items():
                    open_days[agent][day] = lengths
    hold_hours(program, problem, week.days, lot, open_days, worked)
    keys = [shift.key for shift in problem.shifts]
    counts = {day: {key: week.chosen[number, day, key] for key in keys if (number, day, key) in week.chosen} for day in week.days}
    for day in week.days[:-1]:
        hold_rest(program, problem, able_on[day], able_on[day + 1], (counts[day], counts[day + 1]))


def allowed_shifts(problem: RosterProblem, members: Iterable[Contract], day: int) -> dict[str, frozenset[tuple[str, int]]]:
    """By agent, the shifts of a day that no rule forbids; agents of a lot differ in little, so each case is looked at once."""
    rules = [rule for name, rule in unary(problem).items() if getattr(getattr(problem.rules.rules, name), "weight", None) is None]
    cases: dict[object, frozenset[tuple[str, int]]] = {}
    found = {}
    for one in members:
        off = (one.agent, day) in problem.time_off, (one.agent, day + 1) in problem.time_off
        case = (one.overtime, one.days_a_week, off, problem.training.get((one.agent, day), ()))
        if case not in cases:
            cases[case] = frozenset(
                shift.key for shift in problem.shifts if not any(forbids(problem, one, day, shift) for forbids in rules)
            )
        found[one.agent] = cases[case]
    return found


def lengths_of(problem: RosterProblem, allowed: Mapping[str, frozenset[tuple[str, int]]]) -> dict[str, frozenset[int]]:
    """By agent, the minutes of work of the shifts allowed; who may have none is not there."""
    paid = {shift.key: shift.pattern.paid_min for shift in problem.shifts}
    by_keys = {keys: frozenset(paid[key] for key in keys) for keys in set(allowed.values())}
    return {agent: by_keys[keys] for agent, keys in allowed.items() if keys}


def _serve(week: _Week, group: Group, day: int, shift: Shift, training: tuple[Training, ...], count: int) -> list[int]:
    """What the shifts serve; returns the questions of where their breaks begin."""
    chosen: list[int] = []
    problem, program = week.problem, week.program
    for slot, units in slot_units(problem, week.unit, day, spans(shift, training)):
        week.supply[group, slot].append((count, units))
    for each in shift.pattern.breaks:
        places = break_places(each, shift, training)
        begin = dict.fromkeys(places, count)
        if len(places) > 1:
            begin = {place: program.ask(program.high[count], whole=True) for place in places}
            program.hold([*((one, 1.0) for one in begin.values()), (count, -1.0)], 0, 0)
            chosen += begin.values()
        for place, question in begin.items():
            start = shift.start + place
            gaps = [(one.start, one.end) for one in training]
            for slot, units in slot_units(problem, week.unit, day, without([(start, start + each.minutes)], gaps)):
                week.supply[group, slot].append((question, -units))
    return chosen


def _meet(week: _Week) -> None:
    problem, program, unit = week.problem, week.program, week.unit
    rules, people = problem.rules.rules, problem.minutes // unit
    fixed = kept_units(problem, unit)
    groups = sorted({lot[0].queues for lot in week.part.lots.values()}, key=sorted)
    idle_cost = rules.overstaffed.weight * unit / 60 if rules.overstaffed is not None else 0.0
    for slot in week.own_slots:
        served: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for group in groups:
            own = week.supply.get((group, slot), [])
            constant = fixed.get((group, slot), 0)
            if not own and not constant:
                continue
            sent = [(question, -factor) for question, factor in own]
            for queue in sorted(group & problem.needs.keys()):
                if problem.needs[queue][slot]:
                    flow = program.ask(math.inf)
                    sent.append((flow, 1.0))
                    served[queue].append((flow, 1.0))
            sent.append((program.ask(math.inf, cost=idle_cost), 1.0))
            program.hold(sent, constant, constant)
        for queue in sorted(week.part.queues & problem.needs.keys()):
            need = problem.needs[queue][slot] * people
            if need:
                weight = rules.understaffed.queues.get(queue, rules.understaffed.weight)
                missing = program.ask(need, cost=weight * unit / 60)
                program.hold([*served[queue], (missing, 1.0)], need, need)


def kept_units(problem: RosterProblem, unit: int) -> dict[tuple[Group, int], int]:
    """What is served by what is settled: kept shifts, and those of the days before."""
    found: dict[tuple[Group, int], int] = defaultdict(int)
    settled: Mapping[Cell, Placed | None] = {**problem.before, **problem.kept}
    for (agent, day), placed in settled.items():
        if placed is not None and agent in problem.by_agent:
            training = problem.training.get((agent, day), ())
            parts = without(spans(placed.shift, training), placed.rests())
            for slot, units in slot_units(problem, unit, day, parts):
                found[problem.by_agent[agent].queues, slot] += units
    return found
