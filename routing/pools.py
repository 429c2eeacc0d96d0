"""The pools of all circles, and which of them an agent may be in: found by a skill, by name, or by nothing at all."""

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain

from routing.needs import Nothing
from routing.plans import Circle
from routing.pool import Member, Pool
from routing.skill_holders import SkillHolders


class Pools:
    """`agents` are all who are on duty, by id, and stay the engine's own; `asked` as of the engine. `made` hears of each new pool
    before anybody is in it."""

    def __init__(self, agents: dict[str, Member], asked: Collection[str], made: Callable[[Pool], None]) -> None:
        self._agents, self._made = agents, made
        self._pools: dict[Circle, Pool] = {}
        self._hooked: dict[str, list[Pool]] = {}  # by a skill that everybody in the pool has, or one of them, see Needs.hooks
        self._holders = SkillHolders(asked)
        self._by_nothing: list[Pool] = []
        self._by_agent: dict[str, list[Pool]] = {}

    def find(self, circle: Circle) -> Pool | None:
        """The circle's pool; None where nobody asked for it yet."""
        return self._pools.get(circle)

    def of(self, circle: Circle) -> Pool:
        """The circle's pool, which is made where there is none."""
        pool = self._pools.get(circle)
        if pool is None:
            pool = self._pools[circle] = Pool(circle)
            self._made(pool)
            for agent_id in self._hook(pool):
                agent = self._agents[agent_id]
                if circle.holds(agent_id, agent.proficiencies, agent.site, agent.medium):
                    agent.pools.append(pool)
                    pool.members[agent_id] = agent
                    pool.ready += agent.listed
        return pool

    def of_agent(self, agent_id: str) -> Iterable[Pool]:
        """Those of this agent alone."""
        return self._by_agent.get(agent_id, ())

    def enter(self, agent: Member) -> None:
        """The agent comes to be in the pools of all circles that they meet."""
        agent_id = agent.agent_id
        hooked = (pool for skill in agent.proficiencies for pool in self._hooked.get(skill, ()))
        candidates = dict.fromkeys(chain(self._by_nothing, hooked, self.of_agent(agent_id)))
        agent.pools = [pool for pool in candidates if pool.circle.holds(agent_id, agent.proficiencies, agent.site, agent.medium)]
        for pool in agent.pools:
            pool.members[agent_id] = agent

    def note_skills(self, agent: Member, proficiencies: Mapping[str, int]) -> None:
        """The agent will have these skills."""
        for holder in self._holders.note(agent, proficiencies):
            if holder.listed:  # they stand elsewhere in every choice that keeps the scarce free
                for pool in holder.pools:
                    pool.weigh(holder)

    def _hook(self, pool: Pool) -> Iterable[str]:
        """Have whoever comes to be in the pool's circle find it; returns those who may be in it already."""
        circle = pool.circle
        if circle.agent:
            self._by_agent.setdefault(circle.agent, []).append(pool)
            return [circle.agent] if circle.agent in self._agents else []
        if isinstance(circle.needs, Nothing):
            self._by_nothing.append(pool)
            return self._agents
        hooks = circle.needs.hooks(self._holders.count)
        for skill in hooks:
            self._hooked.setdefault(skill, []).append(pool)
        return self._holders.having(hooks)
