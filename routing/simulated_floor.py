"""A floor on a virtual clock: callers come, wait, give up and are handled, agents and sites come and go.

Discrete events: nothing happens between them. At the same moment handling ends first, then duty ends, then duty begins, then sites
close and open, then a ring begins, then callers give up, and then callers come.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Final

from routing.balance import Balance
from routing.engine import Engine
from routing.plans import Plan, asked_skills
from routing.shifts import Period, RosteredAgent
from routing.site_limits import SiteLimits

ABANDONED: Final = -1
BLOCKED: Final = -2
IN_LINE: Final = -3
NOT_COME: Final = -4
_HANDLED: Final = 0
_DUTY_ENDS: Final = 1
_DUTY_BEGINS: Final = 2
_SITE_CLOSES: Final = 3
_SITE_OPENS: Final = 4
_RING_BEGINS: Final = 5
_GIVES_UP: Final = 6
_COMES: Final = 7
_FIRST_ID: Final = 1_000_000_000  # so that all ids are of one length and sort as the calls do

LookForOverflow = Callable[[Sequence[int], Callable[[Plan], bool]], Mapping[int, Plan]]
"""What `SimulatedOverflow.look` does."""


@dataclass
class CallRows:
    """The calls that may come, as of `routing.demand.Calls`, in plain lists; the first `first_calls` come by themselves."""

    first_calls: int
    stream: list[int]
    arrival_s: list[float]
    patience_s: list[float]
    handling_s: list[float]
    delay_s: list[float]
    again: list[int]


@dataclass
class Kind:
    """The callers of one stream: `ahead_s` is what their priority and credit are worth, `room` as of the stream."""

    plan: Plan
    ahead_s: float
    room: int | None


class SimulatedFloor:
    """What is so at the moment. Calls go by their row, agents, kinds and sites by their place in the list.

    `taker` says who answered each call, or why nobody did, `wait_s` how long it waited, not a number where neither was answered nor
    gave up. `look_for_overflow` is asked after each event, where there is one. Raises ValueError for two agents of one id.
    """

    def __init__(
        self, agents: Sequence[RosteredAgent], kinds: Sequence[Kind], calls: CallRows,
        sites: Sequence[tuple[SiteLimits, Sequence[Period]]], look_for_overflow: LookForOverflow | None,
    ) -> None:  # fmt: skip
        self._agents, self._calls, self._look = list(agents), calls, look_for_overflow
        self._agent_ids = [agent.agent_id for agent in agents]
        self._number_of = {agent_id: number for number, agent_id in enumerate(self._agent_ids)}
        if len(self._number_of) < len(agents):
            raise ValueError("two agents have the same id")
        self._plans = [kind.plan for kind in kinds]
        self._ahead_s, self._rooms = [kind.ahead_s for kind in kinds], [kind.room for kind in kinds]
        self._sites = [limits.name for limits, _ in sites]
        self._calls_at: Counter[str] = Counter()
        self._engine = Engine(asked_skills(self._plans), [limits for limits, _ in sites])
        for site in self._sites:
            self._engine.open_or_close(site, False)
        self._engine.prepare(self._plans)
        self._counts_occupancy = any(plan.choice.balance is Balance.LEAST_OCCUPIED for plan in self._plans)
        has_rooms = any(room is not None for room in self._rooms)
        self._counts = has_rooms or look_for_overflow is not None or self._counts_occupancy or bool(sites)
        self._in_line = [0] * len(kinds)
        self._on_duty = [False] * len(agents)
        self._handled_s, self._there_s = [0.0] * len(agents), [0.0] * len(agents)
        self._there_since_s, self._busy_until_s = [0.0] * len(agents), [0.0] * len(agents)
        self._stream_of, self._handling_s, self._patience_s = calls.stream, calls.handling_s, calls.patience_s
        self.arrival_s = calls.arrival_s
        self.taker = [NOT_COME] * len(calls.stream)
        self.wait_s = [math.nan] * len(calls.stream)
        self._next_call = 0
        self._heap: list[tuple[float, int, int]] = []
        for number, agent in enumerate(agents):
            self._plan_periods(agent.on_duty(), _DUTY_BEGINS, _DUTY_ENDS, number)
        for number, (_, periods) in enumerate(sites):
            self._plan_periods(periods, _SITE_OPENS, _SITE_CLOSES, number)
        heapify(self._heap)

    def _plan_periods(self, periods: Iterable[Period], begins: int, ends: int, number: int) -> None:
        for from_s, to_s in periods:
            self._heap += [(at_s, kind, number) for kind, at_s in ((begins, from_s), (ends, to_s)) if at_s < math.inf]

    def play(self, events: int) -> bool:
        """Let the next so many things happen; returns whether any more may."""
        heap, taker, arrival_s, looks = self._heap, self.taker, self.arrival_s, self._look is not None
        call, first_calls = self._next_call, self._calls.first_calls
        comes_s = arrival_s[call] if call < first_calls else math.inf
        for _ in range(events):
            if heap and heap[0][0] <= comes_s:
                now_s, kind, number = heappop(heap)
                if kind == _HANDLED:
                    self._handled(now_s, number)
                elif kind == _GIVES_UP:
                    if taker[number] == IN_LINE:
                        self._gives_up(now_s, number)
                elif kind == _RING_BEGINS:
                    if taker[number] == IN_LINE:
                        self._match(now_s)
                elif kind == _COMES:
                    self._comes(now_s, number)
                else:
                    self._changes(now_s, kind, number)
            elif call < first_calls:
                now_s = comes_s
                self._comes(now_s, call)
                call += 1
                comes_s = arrival_s[call] if call < first_calls else math.inf
            else:
                return False
            if looks:
                self._look_for_overflow(now_s)
        self._next_call = call
        return True

    def _changes(self, now_s: float, kind: int, number: int) -> None:
        """Duty or a site's hours begin or end."""
        if kind == _DUTY_BEGINS:
            self._duty_begins(now_s, number)
        elif kind == _DUTY_ENDS:
            self._duty_ends(now_s, number)
        else:
            self._engine.open_or_close(self._sites[number], kind == _SITE_OPENS)
            self._match(now_s)

    def _match(self, now_s: float) -> None:
        for match in self._engine.match(now_s):
            call, agent = int(match.interaction_id) - _FIRST_ID, self._number_of[match.agent_id]
            self.taker[call], self.wait_s[call] = agent, match.waited_s
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
        plan = self._plans[number]
        self._engine.wait(str(_FIRST_ID + call), now_s - self._ahead_s[number], now_s, plan, now_s)
        self.taker[call] = IN_LINE
        if self._counts:
            self._in_line[number] += 1
        self._match(now_s)
        if self.taker[call] != IN_LINE:
            return
        room = self._rooms[number]
        if room is not None and self._in_line[number] > room:
            self._leaves(call, BLOCKED)
            return
        for after_s in plan.later_starts_s:
            heappush(self._heap, (now_s + after_s, _RING_BEGINS, call))
        gives_up_s = now_s + self._patience_s[call]
        if gives_up_s < math.inf:
            heappush(self._heap, (gives_up_s, _GIVES_UP, call))

    def _look_for_overflow(self, now_s: float) -> None:
        assert self._look is not None
        changed = self._look(self._in_line, self._is_staffed)
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

    def _gives_up(self, now_s: float, call: int) -> None:
        self._leaves(call, ABANDONED)
        self.wait_s[call] = now_s - self.arrival_s[call]
        again = self._calls.again[call]
        if again >= 0:
            self.arrival_s[again] = again_s = now_s + self._calls.delay_s[again]
            heappush(self._heap, (again_s, _COMES, again))

    def _leaves(self, call: int, why: int) -> None:
        self._engine.leave(str(_FIRST_ID + call))
        self.taker[call] = why
        if self._counts:
            self._in_line[self._stream_of[call]] -= 1

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
