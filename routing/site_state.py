"""A site as the engine sees it: open or not, how many calls it may take, who is there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from routing.plans import THEIRS
from routing.shares import ShareCount, Shares
from routing.site_limits import Passed, SiteLimits

if TYPE_CHECKING:
    from routing.pool import Member, Pool


@dataclass(eq=False)
class SiteState:
    """A site now. `agents` are those on duty, `ready` how many of them are, `calls` those in hand, `pools` of its circles.

    While it is `shut` it gets nobody; while it is `passed` nobody waits for it alone.
    """

    limits: SiteLimits
    is_open: bool = True
    calls: int = 0
    ready: int = 0
    agents: "dict[str, Member]" = field(default_factory=dict)
    pools: "list[Pool]" = field(default_factory=list)
    shut: bool = False
    passed: bool = False

    @property
    def is_full(self) -> bool:
        """Whether it has as many calls as it can take."""
        return self.limits.capacity is not None and self.calls >= self.limits.capacity

    @property
    def is_closed(self) -> bool:
        """Whether its hours keep calls from it."""
        return not (self.is_open or self.limits.takes_when_closed)

    def must_be_shut(self) -> bool:
        """Whether it may get nobody now."""
        return self.is_closed or self.is_full

    def must_be_passed(self) -> bool:
        """Whether nobody should wait for it alone."""
        load, there = self.limits.load, len(self.agents)
        return not self.is_open or self.is_full or (load is not None and there > 0 and 1 - self.ready / there > load)

    def idle(self) -> "Iterable[Member]":
        """Its agents who are ready."""
        return (agent for agent in self.agents.values() if agent.idle_since_s is not None)


class SiteStates:
    """All sites of the policy. `reopened` hears of each agent who is ready at a site that was shut before, `passed_by` of each
    pool for which nobody should wait alone any more."""

    def __init__(
        self, limits: Iterable[SiteLimits], reopened: Callable[["Member"], None], passed_by: Callable[["Pool"], None]
    ) -> None:
        self._states = {each.name: SiteState(each) for each in limits}
        self._reopened, self._passed_by = reopened, passed_by
        self._counts: dict[Shares, ShareCount] = {}

    def is_open(self, site: str) -> bool:
        """Whether calls may go there by its hours."""
        state = self._states.get(site)
        return state is None or not state.is_closed

    def count_of(self, shares: Shares) -> ShareCount:
        """The calls that each site of these shares has had."""
        if shares not in self._counts:
            self._counts[shares] = ShareCount(shares, self.is_open)
        return self._counts[shares]

    def add_pool(self, pool: "Pool", agent: "Member | None" = None) -> None:
        """A pool of a circle at one of the sites, or at none; or of this agent, wherever they are from now on."""
        if pool.site is not None:
            pool.site.pools.remove(pool)
        name = pool.circle.site if pool.circle.site != THEIRS else agent.site if agent is not None else ""
        pool.site = self._states.get(name)
        pool.shut = pool.site is not None and pool.site.shut
        if pool.site is not None:
            pool.site.pools.append(pool)

    def know(self, agent: "Member", site: str | None) -> None:
        """The agent is on duty at this site from now on; None: no more."""
        before, state = self._states.get(agent.site), self._states.get(site or "")
        if before is state and state is not None and agent.agent_id in state.agents:
            return
        if before is not None and before.agents.pop(agent.agent_id, None) is not None:
            before.ready -= agent.idle_since_s is not None
            self._look_at(before)
        if state is not None:
            state.agents[agent.agent_id] = agent
            state.ready += agent.idle_since_s is not None
            self._look_at(state)

    def ready(self, agent: "Member") -> None:
        """The agent was not ready, and is now."""
        self._count(agent, 1)

    def busy(self, agent: "Member") -> None:
        """The agent was ready, and is no more."""
        self._count(agent, -1)

    def got_call(self, agent: "Member") -> None:
        """The agent was ready and has got a caller."""
        state = self._states.get(agent.site)
        if state is not None:
            state.calls += 1
            self._count(agent, -1)

    def open_or_close(self, site: str, is_open: bool) -> None:
        """The site's hours begin, or are over."""
        self._states[site].is_open = is_open
        self._look_at(self._states[site])

    def set_calls(self, site: str, calls: int) -> None:
        """How many calls the agents of the site have in hand. A site that the policy does not know has no bound."""
        state = self._states.get(site)
        if state is not None and state.calls != calls:
            state.calls = calls
            self._look_at(state)

    def why_passed(self, site: str, pool: "Pool | None") -> Passed:
        """Why the site does not get a caller whom this pool of it could serve."""
        state = self._states.get(site)
        if state is not None and state.shut:
            return Passed.CLOSED if state.is_closed else Passed.FULL
        return Passed.BUSY if pool is not None and pool.members else Passed.NOBODY

    def _count(self, agent: "Member", change: int) -> None:
        state = self._states.get(agent.site)
        if state is not None:
            state.ready += change
            self._look_at(state)

    def _look_at(self, state: SiteState) -> None:
        shut, passed = state.must_be_shut(), state.must_be_passed()
        was_shut, was_passed = state.shut, state.passed
        state.shut, state.passed = shut, passed
        if shut != was_shut:
            for pool in state.pools:
                pool.shut = shut
        if was_shut and not shut:
            for agent in state.idle():
                self._reopened(agent)
        if passed and not was_passed:
            for pool in state.pools:
                self._passed_by(pool)
