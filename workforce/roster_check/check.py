"""What a roster breaks and costs, whole or by a change: fast enough to be asked while a shift is dragged."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

from workforce.roster_check.agent_days import broken_days
from workforce.roster_check.agent_weeks import broken_weeks, is_night
from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.staffing import broken_shift_needs, broken_staffing, on_queue_min, supply_of
from workforce.rosters.contract import Contract
from workforce.rosters.problem import Cell, Roster, RosterProblem
from workforce.rosters.shift_pattern import Placed

Change = Mapping[Cell, Placed | None]
"""Cells that become another shift, or a day off (None)."""


def broken_rules(problem: RosterProblem, roster: Roster, change: Change | None = None) -> list[BrokenRule]:
    """Everything that the roster breaks. With a `change`: what the roster would break of all that the change touches: its
    agents, what is fair among those like them, and the intervals of its shifts."""
    if change is None:
        return list(_whole(problem, roster))
    return list(_touched(problem, changed(roster, change), roster, change))


def changed(roster: Roster, change: Change) -> dict[Cell, Placed]:
    """The roster after the change."""
    found = dict(roster)
    for cell, placed in change.items():
        found.pop(cell, None)
        if placed is not None:
            found[cell] = placed
    return found


def swap(roster: Roster, one: Cell, other: Cell) -> dict[Cell, Placed | None]:
    """The change by which two agents take over each other's shifts: each gives the one of their cell, and works the other's."""
    agents = (one[0], other[0])
    found: dict[Cell, Placed | None] = {one: roster.get((agents[1], one[1])), other: roster.get((agents[0], other[1]))}
    found[agents[1], one[1]] = roster.get(one)
    found[agents[0], other[1]] = roster.get(other)
    return found


def hard_ones(broken: Iterable[BrokenRule]) -> list[BrokenRule]:
    """Those that must not be."""
    return [each for each in broken if each.hard]


def points(broken: Iterable[BrokenRule]) -> float:
    """What they cost together."""
    return sum(each.points for each in broken)


def _whole(problem: RosterProblem, roster: Roster) -> Iterator[BrokenRule]:
    by_agent = _by_agent(problem, roster)
    for one in problem.contracts:
        yield from _of_agent(problem, one, by_agent[one.agent])
    yield from _fairness(problem, by_agent, None)
    yield from broken_staffing(problem, supply_of(problem, roster), range(problem.slots))
    yield from broken_shift_needs(problem, roster)


def _touched(problem: RosterProblem, after: Roster, before: Roster, change: Change) -> Iterator[BrokenRule]:
    agents = {agent for agent, _day in change}
    by_agent = _by_agent(problem, after)
    for agent in sorted(agents):
        yield from _of_agent(problem, problem.by_agent[agent], by_agent[agent])
    yield from _fairness(problem, by_agent, agents)
    slots: set[int] = set()
    for agent, day in change:
        for roster in (before, after):
            placed = roster.get((agent, day))
            if placed is not None:
                slots |= {slot for slot, _ in on_queue_min(problem, agent, day, placed)}
    days = {slot * problem.minutes // 1440 for slot in slots}
    near = {cell: placed for cell, placed in after.items() if cell[1] in days or cell[1] + 1 in days}
    yield from broken_staffing(problem, supply_of(problem, near), sorted(slots))
    yield from (each for each in broken_shift_needs(problem, after) if any(day == each.day for _agent, day in change))


def _by_agent(problem: RosterProblem, roster: Roster) -> dict[str, dict[int, Placed]]:
    found: dict[str, dict[int, Placed]] = {one.agent: {} for one in problem.contracts}
    for (agent, day), placed in (*problem.before.items(), *roster.items()):
        if agent in found:
            found[agent][day] = placed
    return found


def _of_agent(problem: RosterProblem, one: Contract, days: dict[int, Placed]) -> Iterator[BrokenRule]:
    yield from broken_days(problem, one, days)
    yield from broken_weeks(problem, one, days)


def _fairness(problem: RosterProblem, by_agent: Mapping[str, dict[int, Placed]], agents: set[str] | None) -> Iterator[BrokenRule]:
    rules = problem.rules.rules
    weekend = {day for day in range(problem.days) if (problem.first + timedelta(days=day)).weekday() >= 5}
    counts: list[tuple[str, Callable[[dict[int, Placed]], int]]] = [
        ("fair_nights", lambda days: sum(is_night(problem, placed) for day, placed in days.items() if day >= 0)),
        ("fair_weekends", lambda days: sum(day in weekend for day in days)),
    ]
    like: dict[object, list[str]] = defaultdict(list)
    for one in problem.contracts:
        times = tuple(sorted(one.available.items()))
        like[one.queues, one.week_min, one.days_a_week, one.patterns, one.protected, one.overtime, times].append(one.agent)
    for rule, count in counts:
        form = getattr(rules, rule)
        for members in like.values() if form is not None else ():
            if len(members) > 1 and (agents is None or agents & set(members)):
                found = {agent: count(by_agent[agent]) for agent in members}
                most, least = max(found, key=found.__getitem__), min(found.values())
                apart = found[most] - least
                if apart:
                    yield BrokenRule(rule, False, form.weight * apart, most, amount=found[most], limit=least)
