"""What a roster's agents can serve, interval by interval, beside what is needed: a flow from groups of agents to queues."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from workforce.rosters.model import SCALE, About, RosterModel, Terms
from workforce.rosters.problem import Cell, RosterProblem, Training
from workforce.rosters.shift_pattern import DAY_MIN, Break, Placed, Shift
from workforce.rosters.worth import of_pattern

Group = frozenset[str]
_Batch = tuple[Group, int, tuple[Training, ...], tuple[str, int]]


class Cover:
    """Adds cover to a model, and afterwards says where breaks lie. Agents of a group and day who have the same shift share their
    breaks: how many begin when is chosen, and who takes which is all the same, so nothing is lost by it."""

    def __init__(self, model: RosterModel) -> None:
        self._model, problem = model, model.problem
        self.unit = unit_of(problem)
        self._slots_a_day = DAY_MIN // problem.minutes
        self._supply: dict[tuple[Group, int], Terms] = defaultdict(Terms)
        self._choices: dict[_Batch, list[dict[int, Any]]] = {}
        self._members: dict[_Batch, list[Cell]] = defaultdict(list)
        touched = self._fill()
        self._meet(range(problem.slots) if model.whole else touched)
        self._meet_shift_needs()

    def _fill(self) -> set[int]:
        model, problem = self._model, self._model.problem
        counts: dict[_Batch, Terms] = defaultdict(Terms)
        shifts: dict[_Batch, Shift] = {}
        touched: set[int] = set()
        fixed: list[tuple[Group, int, Placed, tuple[Training, ...]]] = []
        near = {day + by for _agent, day in (*model.options, *model.rebreak) for by in (-1, 0, 1)}
        for contract in problem.contracts:
            group = contract.queues
            for day in range(-1, problem.days):
                cell = (contract.agent, day)
                training = problem.training.get(cell, ())
                placed = model.placed.get(cell)
                if cell in model.options:
                    for shift, chosen in model.options[cell]:
                        batch = (group, day, training, shift.key)
                        counts[batch].parts.append((chosen, 1))
                        shifts[batch] = shift
                        self._members[batch].append(cell)
                elif placed is not None and cell in model.rebreak:
                    batch = (group, day, training, placed.shift.key)
                    counts[batch].constant += 1
                    shifts[batch] = placed.shift
                    self._members[batch].append(cell)
                elif placed is not None and (model.whole or day in near):
                    fixed.append((group, day, placed, training))
        for batch, count in counts.items():
            touched |= self._serve(batch, shifts[batch], count)
        for group, day, placed, training in fixed:
            for slot, units in self._units(day, on_queue(placed, training)):
                self._supply[group, slot].constant += units
        return touched

    def _serve(self, batch: _Batch, shift: Shift, count: Terms) -> set[int]:
        group, day, training, _key = batch
        touched = set()
        most = len(count.parts) + count.constant
        for slot, units in self._units(day, spans(shift, training)):
            self._supply[group, slot].add(count, units)
            touched.add(slot)
        choices = self._choices[batch] = []
        for each in shift.pattern.breaks:
            places = break_places(each, shift, training)
            if len(places) == 1:
                choices.append({})
                for slot, units in self._break_units(day, shift, each, places[0], training):
                    self._supply[group, slot].add(count, -units)
                continue
            begin = {place: self._model.cp.new_int_var(0, most, "") for place in places}
            choices.append(begin)
            self._model.cp.add(sum(begin.values()) == count.expression + count.constant)
            for place, variable in begin.items():
                for slot, units in self._break_units(day, shift, each, place, training):
                    self._supply[group, slot].parts.append((variable, -units))
        return touched

    def _units(self, day: int, parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        return slot_units(self._model.problem, self.unit, day, parts)

    def _break_units(
        self, day: int, shift: Shift, each: Break, place: int, training: Sequence[Training]
    ) -> list[tuple[int, int]]:  # fmt: skip
        start = shift.start + place
        return self._units(day, without([(start, start + each.minutes)], [(one.start, one.end) for one in training]))

    def _meet(self, touched: Iterable[int]) -> None:
        model, problem = self._model, self._model.problem
        rules = problem.rules.rules
        near = problem.needs.keys() if model.whole else self._near()
        groups = sorted({contract.queues for contract in problem.contracts if contract.queues & near}, key=sorted)
        people = problem.minutes // self.unit
        if not problem.needs:
            return
        for slot in sorted(touched):
            served: dict[str, list[Any]] = {queue: [] for queue in problem.needs if queue in near}
            for group in groups:
                supply = self._supply.get((group, slot))
                if supply is None or not (supply.parts or supply.constant):
                    continue
                most = sum(max(0, factor) for _, factor in supply.parts) + supply.constant
                flows = []
                for queue in sorted(group & problem.needs.keys()):
                    need = problem.needs[queue][slot] * people
                    if need:
                        flow = model.cp.new_int_var(0, min(need, most), "")
                        served[queue].append(flow)
                        flows.append(flow)
                idle = model.cp.new_int_var(0, most, "")
                model.cp.add(sum(flows) + idle == supply.expression + supply.constant)
                if rules.overstaffed is not None:
                    model.cost(Terms([(idle, 1)]), rules.overstaffed.weight * self.unit)
            for queue, flows in served.items():
                need = problem.needs[queue][slot] * people
                if not need:
                    continue
                weight = rules.understaffed.queues.get(queue, rules.understaffed.weight)
                missing = Terms([(flow, -1) for flow in flows], need)
                if flows:
                    model.cp.add(sum(flows) <= need)
                model.cost(missing, weight * self.unit)
                if rules.least_staff is not None:
                    least = math.ceil(rules.least_staff.share * problem.needs[queue][slot] - 1e-9)
                    about = About("least_staff", queue=queue, slot=slot, day=slot // self._slots_a_day, amount=least)
                    if rules.least_staff.weight is None:
                        model.at_most(about, missing, need - least * people)
                    else:
                        model.cost(model.amount(missing, need - least * people), rules.least_staff.weight * self.unit)

    def _near(self) -> set[str]:
        """The queues that those who are chosen anew serve, and what hangs together with them; of others nothing changes."""
        chosen = {agent for agent, _day in (*self._model.options, *self._model.rebreak)}
        near = {queue for agent in chosen for queue in self._model.problem.by_agent[agent].queues}
        groups = {contract.queues for contract in self._model.problem.contracts}
        while more := {queue for group in groups if group & near for queue in group} - near:
            near |= more
        return near

    def _meet_shift_needs(self) -> None:
        model, problem = self._model, self._model.problem
        for need in problem.shift_needs:
            there = Terms()
            for contract in problem.contracts:
                there.add(model.sum_of(contract.agent, need.day, of_pattern(need.pattern)))
            if not there.parts:
                continue
            if need.over_weight:
                model.cost(model.amount(there, need.people), need.over_weight * SCALE)
            missing = Terms([(part, -factor) for part, factor in there.parts], -there.constant)
            model.cost(model.amount(missing, -need.people), need.under_weight * SCALE)

    def placed(self, value: Any, chosen: Mapping[Cell, Shift]) -> dict[Cell, Placed]:
        """The chosen shifts with their breaks; `value` gives a variable's value."""
        found: dict[Cell, Placed] = {}
        for batch, members in self._members.items():
            own = [cell for cell in members if cell in chosen and chosen[cell].key == batch[3]]
            if not own:
                continue
            shift = chosen[own[0]]
            columns: list[list[int]] = []
            for each, begin in zip(shift.pattern.breaks, self._choices[batch], strict=True):
                if begin:
                    columns.append([place for place, variable in begin.items() for _ in range(value(variable))])
                else:
                    columns.append([break_places(each, shift, batch[2])[0]] * len(own))
            for number, cell in enumerate(own):
                found[cell] = Placed(shift, tuple(column[number] for column in columns))
        return found


def unit_of(problem: RosterProblem) -> int:
    """The minutes of which every start, end, break and interval is a multiple."""
    parts = [problem.minutes]
    for pattern in problem.patterns:
        parts += [pattern.minutes, *pattern.starts]
        for each in pattern.breaks:
            parts += [each.minutes, each.first_min, each.every_min if each.last_min > each.first_min else 0]
    parts += [part for several in problem.training.values() for one in several for part in (one.start, one.end)]
    for placed in (*problem.before.values(), *(one for one in problem.kept.values() if one is not None)):
        parts += [placed.shift.start, *placed.breaks]
    return reduce(math.gcd, parts)


def break_places(each: Break, shift: Shift, training: Sequence[Training]) -> list[int]:
    """Where a break may begin: not in a training, if that can be."""
    clear = [
        place for place in each.places
        if all(shift.start + place + each.minutes <= one.start or one.end <= shift.start + place for one in training)
    ]  # fmt: skip
    return clear or [each.first_min]


def without(parts: Iterable[tuple[int, int]], gaps: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts [start, end) without the gaps."""
    found = list(parts)
    for start, end in gaps:
        found = [
            piece
            for one_start, one_end in found
            for piece in ((one_start, min(one_end, start)), (max(one_start, end), one_end))
            if piece[0] < piece[1]
        ]
    return found


def spans(shift: Shift, training: Iterable[Training]) -> list[tuple[int, int]]:
    """The shift without its trainings, in minutes of its day."""
    return without([(shift.start, shift.end)], [(one.start, one.end) for one in training])


def on_queue(placed: Placed, training: Iterable[Training]) -> list[tuple[int, int]]:
    """When whoever has this shift is on queue, in minutes of its day."""
    return without(spans(placed.shift, training), placed.rests())


def slot_units(problem: RosterProblem, unit: int, day: int, parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """How much of which intervals the parts of a day cover, in units."""
    found: dict[int, int] = defaultdict(int)
    for start, end in parts:
        at = start
        while at < end:
            step = min(end, (at // problem.minutes + 1) * problem.minutes)
            slot = day * DAY_MIN // problem.minutes + at // problem.minutes
            if 0 <= slot < problem.slots:
                found[slot] += (step - at) // unit
            at = step
    return list(found.items())
