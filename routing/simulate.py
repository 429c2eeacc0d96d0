"""A day on a virtual clock: the routing engine itself, with callers and agents who are made up from a seed or taken from a record.

Discrete events: nothing happens between them. At the same moment handling ends first, then duty ends, then duty begins, then sites
open and close, then a ring begins, then callers give up, and then callers come.
"""

import math
from collections import Counter
from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np

from routing.balance import Balance
from routing.demand import Calls, Stream, draw_calls
from routing.engine import Engine
from routing.order import LineOrder
from routing.plans import Plan, asked_skills
from routing.shifts import RosteredAgent
from routing.simulated_day import ABANDONED, BLOCKED, IN_LINE, NOT_COME, SimulatedDay
from routing.simulated_overflow import SimulatedOverflow
from routing.simulated_site import SimulatedSite

_HANDLED, _DUTY_ENDS, _DUTY_BEGINS, _SITE_CLOSES, _SITE_OPENS, _RING_BEGINS, _GIVES_UP, _COMES = range(8)
USUAL_ORDER = LineOrder()
_FIRST_ID = 10**9  # so that all ids are of one length and sort as the calls do


def simulate(
    agents: Sequence[RosteredAgent], streams: Sequence[Stream], seed: int, replication: int = 0, order: LineOrder = USUAL_ORDER,
    sites: Sequence[SimulatedSite] = (), overflow: SimulatedOverflow | None = None,
) -> SimulatedDay:  # fmt: skip
    """One day, until nothing more can happen: whoever is still in line then is served by nobody and never gives up.

    The same arguments give the same day, to the letter, in whatever order the agents are. The calls of another `replication` are
    independent of these. Raises ValueError for two agents or two streams of one name, and for times that can't be.
    """
    team = sorted(agents, key=lambda agent: agent.agent_id)
    return _Run(team, streams, draw_calls(streams, seed, replication), order, sites, overflow).day()


class _Run:
    """What is so at the moment. Calls go by their row, agents, streams and sites by their place in the list."""

    def __init__(
        self, agents: Sequence[RosteredAgent], streams: Sequence[Stream], calls: Calls, order: LineOrder,
        sites: Sequence[SimulatedSite], overflow: SimulatedOverflow | None,
    ) -> None:  # fmt: skip
        self._agents, self._streams, self._calls = agents, streams, calls
        self._agent_ids = [agent.agent_id for agent in agents]
        self._number_of = {agent_id: number for number, agent_id in enumerate(self._agent_ids)}
        if len(self._number_of) < len(agents):
            raise ValueError("two agents have the same id")
        self._overflow = overflow or None  # also of one that has no rules
        plans = self._plans = [stream.plan for stream in streams]
        self._sites, self._calls_at = [site.limits.name for site in sites], Counter[str]()
        self._engine = Engine(asked_skills(plans), [site.limits for site in sites])
        for site in sites:
            self._engine.open_or_close(site.limits.name, False)
        self._engine.prepare(plans)
        self._counts_occupancy = any(plan.choice.balance is Balance.LEAST_OCCUPIED for plan in plans)
        self._handled_s, self._there_s, self._there_since_s, self._busy_until_s = ([0.0] * len(agents) for _ in range(4))
        self._on_duty = [False] * len(agents)
        self._head_starts_s = [order.worth_s(stream.priority) + stream.credit_s for stream in streams]
        counts_line = any(stream.room is not None for stream in streams) or self._overflow is not None
        self._counts = counts_line or self._counts_occupancy or bool(sites)
        self._in_line = [0] * len(streams)
        self._arrival_s, self._stream_of = calls.arrival_s.tolist(), calls.stream.tolist()
        self._patience_s, self._handling_s = calls.patience_s.tolist(), calls.handling_s.tolist()
        self._taker = [NOT_COME] * len(self._stream_of)
        self._wait_s = [math.nan] * len(self._stream_of)
        self._heap = [
            (at_s, kind, number)
            for number, agent in enumerate(agents)
            for period in agent.on_duty()
            for kind, at_s in zip((_DUTY_BEGINS, _DUTY_ENDS), period, strict=True)
            if at_s < math.inf
        ]
        self._heap += [
            (at_s, kind, number)
            for number, site in enumerate(sites)
            for period in site.periods
            for kind, at_s in zip((_SITE_OPENS, _SITE_CLOSES), period, strict=True)
            if at_s < math.inf
        ]
        heapify(self._heap)

    def day(self) -> SimulatedDay:
        """Let it all happen."""
        heap, comes, arrival_s = self._heap, self._comes, self._arrival_s
        happen = (
            self._handled, self._duty_ends, self._duty_begins, self._site_closes, self._site_opens, self._ring_begins,
            self._gives_up, comes,
        )  # fmt: skip
        for call in range(np.count_nonzero(self._calls.is_first)):
            comes_s = arrival_s[call]
            while heap and heap[0][0] <= comes_s:
                now_s, kind, number = heappop(heap)
                happen[kind](now_s, number)
                if self._overflow is not None:
                    self._look_for_overflow(now_s)
            comes(comes_s, call)
            if self._overflow is not None:
                self._look_for_overflow(comes_s)
        while heap:
            now_s, kind, number = heappop(heap)
            happen[kind](now_s, number)
            if self._overflow is not None:
                self._look_for_overflow(now_s)
        return SimulatedDay(
            self._agents, self._streams, self._calls, np.array(self._arrival_s), np.array(self._wait_s), np.array(self._taker, int)
        )

    def _match(self, now_s: float) -> None:
        for match in self._engine.match(now_s):
            call, agent = int(match.interaction_id) - _FIRST_ID, self._number_of[match.agent_id]
            self._taker[call], self._wait_s[call] = agent, match.waited_s
            self._busy_until_s[agent] = until_s = now_s + self._handling_s[call]
            heappush(self._heap, (until_s, _HANDLED, agent))
            if self._counts:
                self._count(call, agent)

    def _count(self, call: int, agent: int) -> None:
        """The agent takes the call: for rooms, overflow, occupancies and sites, where there are any."""
        self._in_line[self._stream_of[call]] -= 1
        self._handled_s[agent] += self._handling_s[call]
        self._calls_at[self._agents[agent].site] += 1

    # ---- callers --------------------------------------------------------------------------------------------------

    def _comes(self, now_s: float, call: int) -> None:
        number = self._stream_of[call]
        stream = self._streams[number]
        self._engine.wait(str(_FIRST_ID + call), now_s - self._head_starts_s[number], now_s, self._plans[number], now_s)
        self._taker[call] = IN_LINE
        if self._counts:
            self._in_line[number] += 1
        self._match(now_s)
        if self._taker[call] != IN_LINE:
            return
        if stream.room is not None and self._in_line[number] > stream.room:
            self._leaves(call, BLOCKED)
            return
        for after_s in self._plans[number].later_starts_s:
            heappush(self._heap, (now_s + after_s, _RING_BEGINS, call))
        if self._patience_s[call] < math.inf:
            heappush(self._heap, (now_s + self._patience_s[call], _GIVES_UP, call))

    def _look_for_overflow(self, now_s: float) -> None:
        assert self._overflow is not None
        changed = self._overflow.look(self._in_line, self._is_staffed)
        if not changed:
            return
        for number, plan in changed.items():
            self._plans[number] = plan
        for waiter in self._engine.line():
            number = self._stream_of[int(waiter.interaction_id) - _FIRST_ID]
            if number in changed:
                self._engine.wait(waiter.interaction_id, waiter.order[0], waiter.since_s, changed[number], now_s)
        self._match(now_s)

    def _is_staffed(self, plan: Plan) -> bool:
        return any(self._engine.able(circle) for circle in plan.circles_at(len(plan.rings) - 1))

    def _ring_begins(self, now_s: float, call: int) -> None:
        if self._taker[call] == IN_LINE:
            self._match(now_s)

    def _gives_up(self, now_s: float, call: int) -> None:
        if self._taker[call] != IN_LINE:
            return
        self._leaves(call, ABANDONED)
        self._wait_s[call] = now_s - self._arrival_s[call]
        again = int(self._calls.again[call])
        if again >= 0:
            self._arrival_s[again] = now_s + float(self._calls.delay_s[again])
            heappush(self._heap, (self._arrival_s[again], _COMES, again))

    def _leaves(self, call: int, why: int) -> None:
        self._engine.leave(str(_FIRST_ID + call))
        self._taker[call] = why
        if self._counts:
            self._in_line[self._stream_of[call]] -= 1

    # ---- sites ----------------------------------------------------------------------------------------------------

    def _site_opens(self, now_s: float, site: int) -> None:
        self._engine.open_or_close(self._sites[site], True)
        self._match(now_s)

    def _site_closes(self, now_s: float, site: int) -> None:
        self._engine.open_or_close(self._sites[site], False)
        self._match(now_s)

    # ---- agents ---------------------------------------------------------------------------------------------------

    def _handled(self, now_s: float, agent: int) -> None:
        if self._sites:
            site = self._agents[agent].site
            self._calls_at[site] -= 1
            self._engine.set_calls(site, self._calls_at[site])
        if self._on_duty[agent]:
            self._engine.ready(self._agent_ids[agent], now_s, self._occupancy(now_s, agent) if self._counts_occupancy else 0.0)
            self._match(now_s)
        else:
            self._goes_home(now_s, agent)

    def _duty_begins(self, now_s: float, agent: int) -> None:
        self._on_duty[agent] = True
        if self._busy_until_s[agent] <= now_s:
            known = self._agents[agent]
            self._engine.know(known.agent_id, known.proficiencies, known.site)
            self._there_since_s[agent] = now_s
            self._engine.ready(known.agent_id, now_s, self._occupancy(now_s, agent))
            self._match(now_s)

    def _duty_ends(self, now_s: float, agent: int) -> None:
        self._on_duty[agent] = False
        if self._busy_until_s[agent] <= now_s:
            self._goes_home(now_s, agent)

    def _occupancy(self, now_s: float, agent: int) -> float:
        there_s = self._there_s[agent] + now_s - self._there_since_s[agent]
        return self._handled_s[agent] / there_s if there_s > 0 else 0.0

    def _goes_home(self, now_s: float, agent: int) -> None:
        self._there_s[agent] += now_s - self._there_since_s[agent]
        self._engine.forget(self._agent_ids[agent])
        if self._sites:
            self._match(now_s)  # their site may have nobody left, and its callers go on
