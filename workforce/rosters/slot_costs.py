"""What intervals cost while agents come and go: of those who are missing and those whom nobody needs, many intervals at once.

How many can be served of some queues is the least, over every set of them, of what the set's agents can do and what the others need
(D. Gale, "A theorem on flows in networks", Pacific Journal of Mathematics 7 (1957)); the dearest queues are served first.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeVar

import numpy as np

from workforce.rosters.cover import Group
from workforce.rosters.problem import RosterProblem

_One = TypeVar("_One")
_MOST = 8
"""Queues that hang together, or kinds of agents there, up to which every set of them is looked at."""


def few_enough(problem: RosterProblem, groups: Collection[Group]) -> bool:
    """Whether what such agents can serve is quickly told."""
    return min(len(groups), len({queue for group in groups for queue in group} & problem.needs.keys())) <= _MOST


class SlotCosts:
    """Of queues that hang together. `load` holds the minutes on queue by interval and group."""

    def __init__(self, problem: RosterProblem, groups: Sequence[Group]) -> None:
        rules = problem.rules.rules
        self.groups: Mapping[Group, int] = {group: place for place, group in enumerate(groups)}
        self.load = np.zeros((problem.slots, len(groups)))
        self._minutes = problem.minutes
        self._idle = rules.overstaffed.weight / 60 if rules.overstaffed is not None else 0.0
        queues = sorted({queue for group in groups for queue in group} & problem.needs.keys())
        weights = {queue: rules.understaffed.queues.get(queue, rules.understaffed.weight) / 60 for queue in queues}
        self._levels: list[tuple[float, Any, Any, Any]] = []
        for weight in sorted(set(weights.values()), reverse=True):
            names = [queue for queue in queues if weights[queue] >= weight]
            dear = {queue: np.array(problem.needs[queue], dtype=float) * self._minutes for queue in names}
            limits = list(_limits(groups, names))
            reach = np.array([[float(group in counted) for counted, _ in limits] for group in groups])
            others = np.array([sum((dear[queue] for queue in rest), np.zeros(problem.slots)) for _, rest in limits]).T
            self._levels.append((weight, reach, others, sum(dear.values())))

    def cost(self, slots: Any, load: Any) -> Any:
        """Points of each of these intervals with such a load."""
        served_before = needed_before = 0.0
        cost: Any = 0.0
        for weight, reach, others, needed in self._levels:
            served = (load @ reach + others[slots]).min(axis=1)
            cost = cost + weight * ((needed[slots] - needed_before) - (served - served_before))
            served_before, needed_before = served, needed[slots]
        return cost + self._idle * (load.sum(axis=1) - served_before)

    def now(self, slots: Any) -> Any:
        """Points of these intervals as they are."""
        return self.cost(slots, self.load[slots])

    def one_more(self, slots: Any, group: Group) -> Any:
        """What one more agent of the group costs in each of these intervals, for the whole of it; less than 0: saves."""
        load = self.load[slots]
        before = self.cost(slots, load)
        load[:, self.groups[group]] += self._minutes
        return self.cost(slots, load) - before


def _limits(groups: Sequence[Group], queues: Sequence[str]) -> Iterator[tuple[set[Group], set[str]]]:
    """Agents of these groups and what these queues need: so many can be served at most; and the least of them all is how many."""
    if len(groups) < len(queues):
        for counted in map(set, _every_set(groups)):
            yield counted, {queue for queue in queues if any(queue in group and group not in counted for group in groups)}
    else:
        for left in map(set, _every_set(queues)):
            yield {group for group in groups if group & left}, set(queues) - left


def _every_set(of: Sequence[_One]) -> Iterator[tuple[_One, ...]]:
    for size in range(len(of) + 1):
        yield from combinations(of, size)
