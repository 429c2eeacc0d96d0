"""How long each caller in line will wait: the line played forward many times by chance, each caller to the agent who is free first.

The engine serves the first in line whom a free agent can serve. So the callers, taken in the order of the line, each get the agent
who is free first of those who can serve them, at that moment: one pass over the line, done for all chances at once. An agent who is
free before the ring begins in which they serve somebody is not kept for it: those behind may have them until then.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from routing.durations import Numbers
from routing.handling_times import HandlingTimes
from routing.plans import Circle, Plan

Rows = np.ndarray[Any, np.dtype[np.intp]]

_MANY = 64
_FEWEST = 16
_AT_ONCE = 40_000  # numbers; with more agents fewer chances tell enough, for they even out
_ORDERS = 251
_SHARES = 0.08, 0.5, 0.95  # so that the truth lies between the outer two four times in five; those who will yet come are not known


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds from now until an agent answers, `able` agents being there for it: as likely less than `expected_s` as more, between
    `low_s` and `high_s` four times in five."""

    expected_s: float
    low_s: float
    high_s: float
    able: int


@dataclass(frozen=True, slots=True)
class _Able:
    """Who can serve callers of a plan: their rows, and after how long a wait, seconds in a column. It keeps the plan alive, so that
    its id stays its own."""

    plan: Plan
    rows: Rows
    after_s: Numbers
    set: frozenset[int]


class Draws:
    """Chances between 0 and 1, evenly spread, in an order of their own for each name: the same name always draws the same, so that
    what is expected does not move by chance."""

    def __init__(self, count: int) -> None:
        even = (np.arange(count) + 0.5) / count
        chance = np.random.default_rng(1)
        self._orders = [chance.permutation(even) for _ in range(_ORDERS)]
        self.count = count

    def of(self, *name: str) -> Numbers:
        """Those of a name."""
        return self._orders[crc32("\0".join(name).encode()) % _ORDERS]


class Forecast:
    """The floor from now on. `agents` are those there for calls, with when each is free (seconds from now, by chance);
    `members` says who is in a circle. Callers are told in the order of the line."""

    def __init__(
        self, agents: Mapping[str, Numbers], members: Callable[[Circle], Collection[str]], times: HandlingTimes, draws: Draws
    ) -> None:
        self._rows = {agent_id: row for row, agent_id in enumerate(agents)}
        self._free = np.array(list(agents.values())) if agents else np.empty((0, draws.count))
        self._members, self._times, self._draws = members, times, draws
        self._able: dict[int, _Able] = {}
        self._columns = np.arange(draws.count)
        self._idle: tuple[Numbers, Numbers] | None = None  # from when until when (a ring begins) an agent is free in between

    def serve(self, interaction_id: str, queue: str, plan: Plan, waited_s: float, at_home: bool = False) -> Wait | None:
        """When this caller, the next of the line, is answered; None when nobody is there who ever could. `at_home`: they are
        called, and do not give up."""
        rows, starts_s, who = self._start(plan, waited_s)
        if starts_s is None:
            return None
        times, draws = self._times.of(queue), self._draws
        answered_s = starts_s + times.answering.drawn(draws.of(interaction_id, "answering"))
        done_s = answered_s + times.talk.drawn(draws.of(interaction_id, "talk"))
        done_s += times.wrap_up.drawn(draws.of(interaction_id, "wrap up"))
        stays = np.full(draws.count, at_home) | (times.forbearance.drawn(draws.of(interaction_id, "forbearance")) >= starts_s)
        self._take((rows[who][stays], self._columns[stays]), starts_s[stays], done_s[stays])
        return _wait(answered_s, len(rows))

    def newcomer(self, queue: str, plan: Plan) -> Wait | None:
        """The same for somebody who would come now, after all whom we were told."""
        rows, starts_s, _who = self._start(plan, 0.0)
        if starts_s is None:
            return None
        return _wait(starts_s + self._times.of(queue).answering.drawn(self._draws.of(queue, "answering")), len(rows))

    def _start(self, plan: Plan, waited_s: float) -> tuple[Rows, Numbers | None, Rows]:
        able = self._able_for(plan)
        rows = able.rows
        if not len(rows):
            return rows, None, rows
        free_s = self._free[rows]
        ring_s = np.maximum(able.after_s - waited_s, 0.0)
        if len(plan.rings) > 1:
            free_s = np.maximum(free_s, ring_s)
        if self._idle is not None:
            idle_s = np.maximum(self._idle[0][rows], ring_s)
            free_s = np.where(idle_s < self._idle[1][rows], idle_s, free_s)
        who = free_s.argmin(axis=0)
        return rows, free_s[who, self._columns], who

    def _take(self, at: tuple[Rows, Rows], starts_s: Numbers, done_s: Numbers) -> None:
        """The agents at these rows and chances are given away from `starts_s` to `done_s`. Where they were to serve somebody from
        a ring on that begins meanwhile, all that follows comes as much later as they are late for it."""
        free_s = self._free[at]
        idle = starts_s > free_s
        if self._idle is None:
            if not idle.any():
                self._free[at] = done_s
                return
            self._idle = np.full_like(self._free, np.inf), np.full_like(self._free, -np.inf)
        idle_from_s, idle_to_s = (each[at] for each in self._idle)
        meanwhile = starts_s < free_s
        self._free[at] = np.where(meanwhile, free_s + np.maximum(done_s - idle_to_s, 0.0), done_s)
        self._idle[0][at] = np.where(meanwhile, done_s, np.where(idle, free_s, idle_from_s))
        self._idle[1][at] = np.where(idle, starts_s, idle_to_s)

    def share_agents(self, plan: Plan, other: Plan) -> bool:
        """Whether anybody who is there can serve callers of both."""
        return plan is other or not self._able_for(plan).set.isdisjoint(self._able_for(other).set)

    def _able_for(self, plan: Plan) -> "_Able":
        known = self._able.get(id(plan))
        if known is None:
            from_s, asked = self._from_s(plan), plan
            while not from_s and asked.wider is not None:  # as the engine does
                asked = asked.wider
                from_s = self._from_s(asked)
            rows = np.array(sorted(from_s), dtype=np.intp)
            known = self._able[id(plan)] = _Able(plan, rows, np.array([[from_s[row]] for row in rows]), frozenset(from_s))
        return known

    def _from_s(self, plan: Plan) -> dict[int, float]:
        """After how long a wait each agent who is there can serve callers of a plan, by row."""
        from_s: dict[int, float] = {}
        for ring in plan.rings:
            for circle in ring.circles:
                for agent_id in self._members(circle):
                    row = self._rows.get(agent_id)
                    if row is not None:
                        from_s.setdefault(row, ring.after_s)
        return from_s


def draws_for(agents: int) -> int:
    """How many chances are worth their time on a floor of so many agents."""
    return int(np.clip(_AT_ONCE // max(agents, 1), _FEWEST, _MANY))


def _wait(seconds: Numbers, able: int) -> Wait:
    ordered, last = np.sort(seconds), len(seconds) - 1
    low, middle, high = (float(ordered[round(share * last)]) for share in _SHARES)
    return Wait(middle, low, high, able)
