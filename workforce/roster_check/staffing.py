"""Who is missing and who is too many in each interval: agents go to the queues that they serve by augmenting paths."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import ceil

from workforce.roster_check.broken import BrokenRule
from workforce.rosters.problem import Cell, RosterProblem
from workforce.rosters.shift_pattern import Placed

_DAY = 24 * 60
_Load = dict[frozenset[str], int]


def on_queue_min(problem: RosterProblem, agent: str, day: int, placed: Placed) -> Iterator[tuple[int, int]]:
    """Of each interval that the shift touches: its number, and the agent's minutes on queue in it."""
    start, end = placed.shift.start, placed.shift.start + placed.shift.pattern.minutes
    away = [
        (start + at, start + at + rest.minutes) for at, rest in zip(placed.breaks, placed.shift.pattern.breaks, strict=True)
    ] + [(one.start, one.end) for one in problem.training.get((agent, day), ())]  # fmt: skip
    step = problem.minutes
    for first in range(start - start % step, end, step):
        there = [True] * step
        for minute in range(step):
            moment = first + minute
            there[minute] = start <= moment < end and not any(one <= moment < other for one, other in away)
        slot = (day * _DAY + first) // step
        if 0 <= slot < problem.slots and any(there):
            yield slot, sum(there)


def supply_of(problem: RosterProblem, roster: Mapping[Cell, Placed]) -> dict[int, _Load]:
    """By interval: the minutes on queue of those who serve the same queues."""
    found: dict[int, _Load] = defaultdict(lambda: defaultdict(int))
    seen: dict[object, list[tuple[int, int]]] = {}
    for (agent, day), placed in (*problem.before.items(), *roster.items()):
        one = problem.by_agent.get(agent)
        if one is None or day < -1:
            continue
        training = problem.training.get((agent, day))
        key = None if training else (day, placed)
        minutes = seen.get(key) if key else None
        if minutes is None:
            minutes = list(on_queue_min(problem, agent, day, placed))
            if key:
                seen[key] = minutes
        for slot, amount in minutes:
            found[slot][one.queues] += amount
    return found


def broken_staffing(problem: RosterProblem, supply: Mapping[int, _Load], slots: Iterable[int]) -> Iterator[BrokenRule]:
    """What is missing and too much in these intervals. The dearest queues are served first: what can be served
    at once is a matroid, and there taking the dearest first is the best (J. Edmonds, 1971)."""
    rules = problem.rules.rules
    if not problem.needs:
        return
    for slot in slots:
        needs = {queue: need[slot] * problem.minutes for queue, need in problem.needs.items() if need[slot]}
        weights = {queue: rules.understaffed.queues.get(queue, rules.understaffed.weight) for queue in needs}
        loads = {group: load for group, load in supply.get(slot, {}).items() if load}
        missing, idle = _served(needs, loads, weights)
        for queue, short in missing.items():
            if short:
                points = weights[queue] * short / 60
                yield BrokenRule("understaffed", False, points, day=_day(problem, slot), amount=short, what=queue, slot=slot)
            if rules.least_staff is not None:
                least = ceil(rules.least_staff.share * problem.needs[queue][slot] - 1e-9)
                over = short - (problem.needs[queue][slot] - least) * problem.minutes
                if over > 0:
                    weight = rules.least_staff.weight
                    yield BrokenRule(
                        "least_staff", weight is None, (weight or 0) * over / 60, day=_day(problem, slot), amount=over, limit=least,
                        what=queue, slot=slot,
                    )  # fmt: skip
        if idle and rules.overstaffed is not None:
            points = rules.overstaffed.weight * idle / 60
            yield BrokenRule("overstaffed", False, points, day=_day(problem, slot), amount=idle, slot=slot)


def broken_shift_needs(problem: RosterProblem, roster: Mapping[Cell, Placed]) -> Iterator[BrokenRule]:
    """Shifts on which people are missing or too many."""
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for (_agent, day), placed in roster.items():
        counts[day, placed.shift.pattern.name] += 1
    for need in problem.shift_needs:
        there = counts[need.day, need.pattern]
        if there < need.people:
            points = need.under_weight * (need.people - there)
            yield BrokenRule(
                "shift_short", False, points, day=need.day, amount=need.people - there, limit=need.people, what=need.pattern
            )
        elif there > need.people and need.over_weight:
            points = need.over_weight * (there - need.people)
            yield BrokenRule(
                "shift_full", False, points, day=need.day, amount=there - need.people, limit=need.people, what=need.pattern
            )


def _day(problem: RosterProblem, slot: int) -> int:
    return slot * problem.minutes // _DAY


def _served(
    needs: Mapping[str, int], loads: Mapping[frozenset[str], int], weights: Mapping[str, int]
) -> tuple[dict[str, int], int]:
    """Minutes missing by queue, and those of agents whom nobody needs."""
    left = dict(loads)
    given: dict[str, _Load] = {queue: {} for queue in needs}
    missing = {}
    for queue in sorted(needs, key=lambda each: (-weights[each], each)):
        short = needs[queue]
        while short:
            moved = _augment(queue, short, left, given, {queue})
            if not moved:
                break
            short -= moved
        missing[queue] = short
    return missing, sum(left.values())


def _augment(queue: str, most: int, left: _Load, given: dict[str, _Load], seen: set[str]) -> int:
    for group in left:
        if queue in group and left[group]:
            moved = min(most, left[group])
            left[group] -= moved
            given[queue][group] = given[queue].get(group, 0) + moved
            return moved
    for other, own in given.items():
        if other in seen:
            continue
        for group, amount in list(own.items()):
            if queue in group and amount:
                seen.add(other)
                moved = _augment(other, min(most, amount), left, given, seen)
                if moved:
                    own[group] -= moved
                    given[queue][group] = given[queue].get(group, 0) + moved
                    return moved
                break
    return 0
