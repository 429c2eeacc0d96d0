"""The decision, kept up as things change: which ready agent takes which waiting caller.

No clock and no network: the same live, in replay and in simulation.

What it guarantees, whatever happens:
1. Nobody who is ready stands idle while a caller waits whom they could serve, unless their site is closed or full.
2. No caller is passed over by one later in the line whom the chosen agent could equally serve.
3. Each agent and each caller is assigned at most once until told to be ready, or in line, again.
4. The same calls in the same order give the same assignments.

A step costs what changes: an agent who becomes ready looks at the heads of the stages that they could serve, a caller who comes at
the best of each circle that could serve them.
"""

from collections.abc import Collection, Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import Final

from routing.media import VOICE
from routing.plans import ANYWHERE, Circle, Plan
from routing.pool import Member, Order, Pool, Stage, Waiter
from routing.pools import Pools
from routing.site_limits import Passed, SiteLimits
from routing.site_state import SiteStates

CALLER: Final = 0
AGENT: Final = 1
_MOST_FRESH: Final = 8  # so many who just became ready are looked at one by one; more are listed at once, as after a start


class Match:
    """This agent gets this caller: at `ring` of their plan, after `waited_s`, found in `circle` in which `ready` were ready
    (themselves included)."""

    __slots__ = ("agent_id", "circle", "idle_s", "interaction_id", "ready", "ring", "waited_s")

    def __init__(
        self, agent_id: str, interaction_id: str, ring: int, waited_s: float, idle_s: float, circle: Circle, ready: int
    ) -> None:
        self.agent_id, self.interaction_id, self.ring, self.waited_s = agent_id, interaction_id, ring, waited_s
        self.idle_s, self.circle, self.ready = idle_s, circle, ready


class Engine:
    """Knows every agent on duty and everyone in line. Times are seconds of one clock, which never goes back. `asked` are the
    skills that any caller may need, where some plan keeps the scarce ones free, `sites` those that the policy knows; all of them
    are open until it is told otherwise."""

    def __init__(self, asked: Collection[str] = (), sites: Iterable[SiteLimits] = ()) -> None:
        self._agents: dict[str, Member] = {}
        self._pools = Pools(self._agents, asked, self._pool_made)
        self._stages: dict[int, list[Stage]] = {}  # by the id of a plan: one for each of its rings, which keep the plan alive
        self._line: dict[str, Waiter] = {}
        self._timers: list[tuple[float, str]] = []
        self._new_callers: dict[str, Waiter] = {}
        self._new_agents: dict[str, Member] = {}
        limits = tuple(sites)
        self._sites, self._has_sites = SiteStates(limits, self._reopened, self._passed_by), bool(limits)
        self._stuck: set[Stage] = set()  # stages whose callers may have to go on at once

    # ---- agents ---------------------------------------------------------------------------------------------------

    def know(self, agent_id: str, proficiencies: Mapping[str, int], site: str = ANYWHERE, medium: str = VOICE) -> None:
        """An agent has these skills, at this site, from now on. Whether they are ready, and their medium, stay as they were."""
        before = self._agents.get(agent_id)
        if before is not None and before.proficiencies == proficiencies and before.site == site:
            return
        agent = Member(agent_id, {}, site, medium) if before is None else before
        self._unlist(agent)
        self._pools.note_skills(agent, proficiencies)
        if self._has_sites:
            self._sites.know(agent, site)
        agent.proficiencies, agent.site = dict(proficiencies), site
        self._agents[agent_id] = agent
        left = agent.pools
        for pool in left:
            del pool.members[agent_id]
        if self._has_sites:
            for pool in self._pools.of_agent(agent_id):
                self._sites.add_pool(pool, agent)
        self._pools.enter(agent)
        if self._has_sites:
            self._look_whom_they_leave(left)
        if agent.idle_since_s is not None:
            self._new_agents[agent_id] = agent

    def forget(self, agent_id: str) -> None:
        """The agent is no more."""
        agent = self._agents.get(agent_id)
        if agent is None:
            return
        self.busy(agent_id)
        for pool in agent.pools:
            del pool.members[agent_id]
        if self._has_sites:
            self._sites.know(agent, None)
            self._look_whom_they_leave(agent.pools)
        self._pools.note_skills(agent, {})
        del self._agents[agent_id]

    def ready(self, agent_id: str, since_s: float, occupancy: float = 0.0) -> None:
        """A known agent can be given a caller; `occupancy` is theirs today, 0 to 1. Raises KeyError for one who is not known."""
        agent = self._agents[agent_id]
        if agent.idle_since_s is not None:
            self.busy(agent_id)
        agent.idle_since_s, agent.occupancy = since_s, occupancy
        self._new_agents[agent_id] = agent
        if self._has_sites:
            self._sites.ready(agent)

    def busy(self, agent_id: str) -> None:
        """The agent can't be given anyone."""
        agent = self._agents.get(agent_id)
        if agent is not None and agent.idle_since_s is not None:
            agent.idle_since_s = None
            self._unlist(agent)
            self._new_agents.pop(agent_id, None)
            if self._has_sites:
                self._sites.busy(agent)

    # ---- sites ----------------------------------------------------------------------------------------------------

    def open_or_close(self, site: str, is_open: bool) -> None:
        """The hours of a site begin or are over. Raises KeyError for one that is not known."""
        self._sites.open_or_close(site, is_open)

    def set_calls(self, site: str, calls: int) -> None:
        """How many calls a site's agents have in hand."""
        self._sites.set_calls(site, calls)

    def why_passed(self, circle: Circle, site: str) -> Passed:
        """Why whom this circle serves does not go to that site."""
        return self._sites.why_passed(site, self._pools.find(Circle(circle.needs, site)))

    def _reopened(self, agent: Member) -> None:
        self._new_agents[agent.agent_id] = agent

    def _passed_by(self, pool: Pool) -> None:
        self._stuck.update(stage for stage in pool.hungry if stage.plan.wider is not None)

    def _look_whom_they_leave(self, pools: Iterable[Pool]) -> None:
        """An agent is no longer in these pools: there may be nobody left."""
        for pool in pools:
            if pool.circle.site and not pool.members:
                self._passed_by(pool)

    def _go_on(self, now_s: float) -> bool:
        """Whoever stands where nobody should wait goes on to the wider plan; whether there is anything new."""
        stuck, self._stuck = self._stuck, set()
        moving = [waiter for stage in stuck if stage.passed for waiter in stage.waiters()]
        for waiter in (*moving, *self._new_callers.values()):
            while waiter.stage.passed:
                before, plan = waiter.stage, waiter.stage.plan.wider
                assert plan is not None, "a stage is passed only for a wider plan"
                waiter.stage = after = self._stages_of(plan)[plan.ring_at(now_s - waiter.since_s)]
                before.leave(waiter)
                waiter.due_s = None
                if after.next_ring_s is not None:
                    self._set_timer(waiter, after.next_ring_s)
                self._new_callers[waiter.interaction_id] = waiter
        return bool(self._new_callers or self._new_agents)

    # ---- callers --------------------------------------------------------------------------------------------------

    def wait(self, interaction_id: str, number: float, since_s: float, plan: Plan, now_s: float) -> None:
        """A caller is in line since `since_s`; `number` orders the line, the least first (see `routing.order`)."""
        if interaction_id in self._line:
            self.leave(interaction_id)
        stages = self._stages.get(id(plan)) or self._stages_of(plan)
        stage = stages[plan.ring_at(now_s - since_s) if since_s < now_s else 0]
        self._line[interaction_id] = waiter = Waiter(interaction_id, (number, interaction_id), since_s, stage)
        if stage.next_ring_s is not None:
            self._set_timer(waiter, stage.next_ring_s)
        self._new_callers[interaction_id] = waiter

    def leave(self, interaction_id: str) -> None:
        """The caller is not in line any more; nothing happens when they were not."""
        waiter = self._line.pop(interaction_id, None)
        if waiter is not None:
            waiter.stage.leave(waiter)
            self._new_callers.pop(interaction_id, None)

    def line(self) -> list[Waiter]:
        """Everybody in line, the first to be served first."""
        return sorted(self._line.values(), key=lambda waiter: waiter.order)

    def able(self, circle: Circle) -> Collection[str]:
        """The agents on duty who are in this circle, ready or not; nobody while their site is closed."""
        pool = self._pools.of(circle)
        return () if pool.site is not None and pool.site.is_closed else pool.members.keys()

    # ---- the decision ---------------------------------------------------------------------------------------------

    def next_due_s(self) -> float | None:
        """When the next ring of anyone begins; None when none will."""
        while self._timers:
            due_s, interaction_id = self._timers[0]
            waiter = self._line.get(interaction_id)
            if waiter is not None and waiter.due_s == due_s:
                return due_s
            heappop(self._timers)
        return None

    def match(self, now_s: float) -> list[Match]:
        """Everything that has become possible since the last time. Who is assigned is busy, or out of the line, from here on."""
        if self._timers and self._timers[0][0] <= now_s:
            self._widen(now_s)
        callers, agents = self._new_callers, self._new_agents
        found: list[Match] = []
        while not self._has_sites or self._go_on(now_s):
            if len(callers) + len(agents) > 1:
                found += self._match_many(now_s)
            # After one change, as nearly always, nobody but that caller or agent can be assigned: the others had their chance.
            elif callers:
                _, waiter = callers.popitem()
                chosen = waiter.stage.choose()
                if chosen is None:
                    waiter.stage.join(waiter)
                else:
                    agent, pool = chosen
                    found.append(self._assign(agent, pool, waiter, now_s, pool.ready))
            elif agents:
                _, agent = agents.popitem()
                first = self._first_for(agent)
                if first is None:
                    self._list(agent)
                else:
                    found.append(self._assign(agent, first.stage.only_pool or first.stage.pool_of(agent), first, now_s, 1))
            if not self._has_sites:
                break
        return found

    def _match_many(self, now_s: float) -> list[Match]:
        found: list[Match] = []
        came = list(self._new_agents.values())
        fresh = came if len(came) <= _MOST_FRESH else []
        if not fresh:
            for agent in came:
                self._list(agent)
        trials = []
        for waiter in self._new_callers.values():
            waiter.stage.join(waiter)
            trials.append((waiter.order, CALLER, waiter.interaction_id))
        for agent in came:
            self._try(trials, agent)
        self._new_callers.clear()
        self._new_agents.clear()
        heapify(trials)
        while trials:
            order, kind, name = heappop(trials)
            first = self._line.get(order[1])
            if first is None or (kind == AGENT and self._agents[name].idle_since_s is None):
                if kind == AGENT:
                    self._try(trials, self._agents[name])  # somebody else took them: there may be another
                continue
            chosen = first.stage.choose(fresh)
            if chosen is None:
                if kind == AGENT and self._has_sites:
                    self._try(trials, self._agents[name])  # their site has become full
                continue
            agent, pool = chosen
            ready = pool.ready + sum(
                each.agent_id in pool.members for each in fresh if not each.listed and each.idle_since_s is not None
            )
            found.append(self._assign(agent, pool, first, now_s, ready))
            if kind == AGENT and agent.agent_id != name:
                self._try(trials, self._agents[name])
        for agent in fresh:
            if agent.idle_since_s is not None:
                self._list(agent)
        return found

    def _try(self, trials: list[tuple[Order, int, str]], agent: Member) -> None:
        """Have the agent, when they still are ready, tried with the first whom they could serve."""
        first = self._first_for(agent) if agent.idle_since_s is not None else None
        if first is not None:
            heappush(trials, (first.order, AGENT, agent.agent_id))

    def _assign(self, agent: Member, pool: Pool, waiter: Waiter, now_s: float, ready: int) -> Match:
        assert agent.idle_since_s is not None
        idle_s = now_s - agent.idle_since_s
        agent.idle_since_s = None
        if agent.listed:
            agent.listed = False
            for each in agent.pools:
                each.ready -= 1
        if self._has_sites:
            self._sites.got_call(agent)
        del self._line[waiter.interaction_id]
        stage = waiter.stage
        if stage.head is waiter:
            stage.leave(waiter)
        if stage.count is not None:
            stage.count.give(agent.site)
        return Match(agent.agent_id, waiter.interaction_id, stage.ring, now_s - waiter.since_s, idle_s, pool.circle, ready)

    def _first_for(self, agent: Member) -> Waiter | None:
        """Who of all whom this agent could serve comes first."""
        best: Waiter | None = None
        for pool in agent.pools:
            first = pool.first
            if first is not None and (best is None or first.order < best.order) and not pool.shut:
                best = first
        return best

    def _widen(self, now_s: float) -> None:
        while (due_s := self.next_due_s()) is not None and due_s <= now_s:
            waiter = self._line[heappop(self._timers)[1]]
            before = waiter.stage
            waiter.stage = after = self._stages[id(before.plan)][before.ring + 1]
            before.leave(waiter)
            waiter.due_s = None
            if after.next_ring_s is not None:
                self._set_timer(waiter, after.next_ring_s)
            self._new_callers[waiter.interaction_id] = waiter

    def _set_timer(self, waiter: Waiter, after_s: float) -> None:
        waiter.due_s = waiter.since_s + after_s
        heappush(self._timers, (waiter.due_s, waiter.interaction_id))

    # ---- circles --------------------------------------------------------------------------------------------------

    def prepare(self, plans: Iterable[Plan]) -> None:
        """Make ready for callers of these plans, so that the first of them costs no more than the others."""
        for plan in plans:
            self._stages_of(plan)

    def _stages_of(self, plan: Plan) -> list[Stage]:
        stages = self._stages.get(id(plan))
        if stages is None:
            count = None if plan.shares is None else self._sites.count_of(plan.shares)
            stages = self._stages[id(plan)] = [
                Stage(plan, ring, [self._pools.of(circle) for circle in plan.circles_at(ring)], self._line, count)
                for ring in range(len(plan.rings))
            ]
        return stages

    def _pool_made(self, pool: Pool) -> None:
        if self._has_sites:
            self._sites.add_pool(pool, self._agents.get(pool.circle.agent))

    def _list(self, agent: Member) -> None:
        if not agent.listed:
            agent.listed = True
            for pool in agent.pools:
                pool.ready += 1
                pool.weigh(agent)

    def _unlist(self, agent: Member) -> None:
        if agent.listed:
            agent.listed = False
            for pool in agent.pools:
                pool.ready -= 1
