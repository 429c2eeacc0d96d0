"""Agents who are alike: the same queues, hours, patterns and times. What is fair is fair among them."""

from collections.abc import Callable, Iterator

from workforce.rosters.contract import Contract
from workforce.rosters.model import RosterModel, Terms
from workforce.rosters.problem import RosterProblem


def alike(problem: RosterProblem) -> list[list[Contract]]:
    """All agents, those who are alike together, in the order of the first of each."""
    return _together(problem, lambda one: (*_shifts_of(one), one.week_min, one.days_a_week, one.overtime))


def lots(problem: RosterProblem) -> list[list[Contract]]:
    """All agents, those together who serve the same queues in the same shifts, for however many hours."""
    return _together(problem, _shifts_of)


def _shifts_of(one: Contract) -> tuple[object, ...]:
    return one.queues, one.patterns, one.protected, tuple(sorted(one.available.items()))


def _together(problem: RosterProblem, key: Callable[[Contract], object]) -> list[list[Contract]]:
    found: dict[object, list[Contract]] = {}
    for each in problem.contracts:
        found.setdefault(key(each), []).append(each)
    return list(found.values())


def spread_of(model: RosterModel, count: Callable[[str], Terms]) -> Iterator[Terms]:
    """For each lot of agents who are alike: how far the largest and the smallest count lie apart, once it is in the objective."""
    for lot in alike(model.problem):
        counts = [count(each.agent) for each in lot]
        if len(counts) < 2 or not any(each.parts for each in counts):
            continue
        most = max(sum(factor for _, factor in each.parts) + each.constant for each in counts)
        high, low = model.cp.new_int_var(0, most, ""), model.cp.new_int_var(0, most, "")
        for each in counts:
            model.cp.add(each.expression + each.constant <= high)
            model.cp.add(each.expression + each.constant >= low)
        yield Terms([(high, 1), (low, -1)])
