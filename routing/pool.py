"""The two sides that meet: agents of one circle, and callers at one stage of one plan, in the order of the line."""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import groupby
from typing import Any

from routing.able import Able
from routing.balance import Choice
from routing.plans import Circle, Plan
from routing.ranking import Ranking
from routing.shares import ShareCount
from routing.site_state import SiteState

Order = tuple[Any, ...]
"""A caller's place in the one line: a number, of which the smaller one comes first, and the interaction's id. Why the type says no
more: see `routing.able.Key`."""


class Waiter:
    """A caller in line. `order` never changes; `since_s` is when they joined, `due_s` when their next ring begins, seconds of
    the clock (None: there is none)."""

    __slots__ = ("due_s", "interaction_id", "order", "since_s", "stage")

    def __init__(self, interaction_id: str, order: Order, since_s: float, stage: "Stage") -> None:
        self.interaction_id, self.order, self.since_s, self.stage = interaction_id, order, since_s, stage
        self.due_s: float | None = None


class Member(Able):
    """An agent whom the engine knows, in the `pools` of all circles that they meet."""

    __slots__ = ("pools",)

    def __init__(self, agent_id: str, proficiencies: Mapping[str, int], site: str, medium: str) -> None:
        super().__init__(agent_id, proficiencies, site, medium)
        self.pools: list[Pool] = []


class Pool:
    """The agents of one circle. `members` are all who meet it, ready or not; `ready` how many of them are, of those listed.
    `hungry` are the stages of callers whom it could serve, `site` is where they all are, when the policy knows it."""

    def __init__(self, circle: Circle) -> None:
        self.circle = circle
        self.members: dict[str, Member] = {}
        self.ready = 0
        self.first: Waiter | None = None  # of all callers whom it serves
        self.hungry: set[Stage] = set()
        self.site: SiteState | None = None
        self.shut = False  # it gives nobody now, whoever is ready
        self._rankings: dict[Choice, Ranking[Member]] = {}

    @property
    def passed(self) -> bool:
        """Whether nobody should wait for it alone."""
        return not self.members or (self.site is not None and self.site.passed)

    def ranking(self, choice: Choice) -> Ranking[Member]:
        """Its ready agents in the order of this choice."""
        ranking = self._rankings.get(choice)
        if ranking is None:
            ranking = self._rankings[choice] = Ranking(self.members, choice, self.circle.needs.skills())
        return ranking

    def weigh(self, agent: Member) -> None:
        """A ready member is to be ranked, or ranked anew. Where they stand is worked out when somebody asks for the best."""
        for ranking in self._rankings.values():
            ranking.fresh[agent.agent_id] = agent

    def look_for_first(self) -> None:
        """Who was first is so no more: another of the hungry stages may have the first."""
        heads = [stage.head for stage in self.hungry if stage.head is not None]
        self.first = min(heads, key=_order_of, default=None)


class Stage:
    """The callers of one plan for whom the same ring holds, and the pools that serve them, the best first. `line` is everybody who
    waits and stays the engine's own, `count` says whose turn it is, where the plan has shares; `head` is to be served first."""

    def __init__(
        self, plan: Plan, ring: int, pools: Sequence[Pool], line: dict[str, Waiter], count: ShareCount | None = None
    ) -> None:
        self.plan, self.ring, self.next_ring_s = plan, ring, plan.next_ring_s(ring)
        self.head: Waiter | None = None  # who is to be served first
        self._heap: list[Order] = []  # what is no longer so is dropped when it comes up
        self._line = line
        ranked = sorted(zip(plan.ranks_at(ring), pools, strict=True), key=lambda each: each[0])
        self._ranks, self._by_rank, self.count = [rank for rank, _ in ranked], bool(plan.tiers), count
        self._ranked = tuple((pool, pool.ranking(plan.choice)) for _, pool in ranked)
        self.only_pool = pools[0] if len(pools) == 1 else None
        self._at_sites = tuple(pool for pool in pools if pool.circle.site and not pool.circle.agent)

    def join(self, waiter: Waiter) -> None:
        """A caller comes to this stage."""
        heappush(self._heap, waiter.order)
        if self.head is None or waiter.order < self.head.order:
            self._lead(waiter)

    def leave(self, waiter: Waiter) -> None:
        """One of its callers is gone, and is no longer in line at this stage: taken, hung up, or at the next one."""
        if waiter is not self.head:
            return
        heap, first = self._heap, None
        heappop(heap)
        while heap:
            next_one = self._line.get(heap[0][1])
            if next_one is not None and next_one.order == heap[0] and next_one.stage is self:
                first = next_one
                break
            heappop(heap)
        self._lead(first)

    def _lead(self, head: Waiter | None) -> None:
        before, self.head = self.head, head
        for pool, _ in self._ranked:
            hungry, first = pool.hungry, pool.first
            if head is None:
                hungry.discard(self)
            elif before is None:
                hungry.add(self)
            if head is not None and (first is None or len(hungry) == 1 or head.order < first.order):
                pool.first = head
            elif first is before:
                pool.look_for_first()

    def choose(self, fresh: Sequence[Member] = ()) -> tuple[Member, Pool] | None:
        """The agent whom a caller of this stage is to get: of the first circle in which anyone is ready, listed or `fresh`."""
        if self._by_rank:
            return self._choose_by_rank(fresh)
        for pool, ranking in self._ranked:
            best = ranking.take() if pool.ready else None
            for agent in fresh:
                if agent.idle_since_s is not None and agent.agent_id in pool.members and ranking.is_better(agent, best):
                    if best is not None:
                        ranking.fresh[best.agent_id] = best
                    best = agent
            if best is not None:
                return best, pool
        return None

    def _choose_by_rank(self, fresh: Sequence[Member]) -> tuple[Member, Pool] | None:
        """The same over sites: pools of one rank are as one, and those that are shut have nobody."""
        for _rank, alike in groupby(self._in_turn(), key=lambda each: each[0]):
            found: tuple[Member, Pool, Ranking[Member]] | None = None
            for _, (pool, ranking) in alike:
                if pool.shut:
                    continue
                best = taken = ranking.take() if pool.ready else None
                for agent in fresh:
                    if agent.idle_since_s is not None and agent.agent_id in pool.members and ranking.is_better(agent, best):
                        best = agent
                if taken is not None and taken is not best:
                    ranking.fresh[taken.agent_id] = taken
                if best is not None and (found is None or ranking.is_better(best, found[0])):
                    best_before, found = found, (best, pool, ranking)
                    if best_before is not None:
                        best_before[2].fresh[best_before[0].agent_id] = best_before[0]
                elif best is not None:
                    ranking.fresh[best.agent_id] = best
            if found is not None:
                return found[0], found[1]
        return None

    def _in_turn(self) -> Iterable[tuple[object, tuple[Pool, Ranking[Member]]]]:
        """The pools as they are liked for the next call: where there are shares, the site first whose turn it is."""
        if self.count is None:
            return zip(self._ranks, self._ranked, strict=True)
        turns, last = self.count.ranks(), (2, 0, 0)  # sites without a share come after all others
        both = zip(self._ranks, self._ranked, strict=True)
        turn_of = [(first, turns.get(pool.circle.site, last), tier) for (first, tier), (pool, _) in both]
        return sorted(zip(turn_of, self._ranked, strict=True), key=lambda each: each[0])

    def pool_of(self, agent: Member) -> Pool:
        """The first of its pools in which the agent is. Raises LookupError when the agent is in none."""
        for pool, _ in self._ranked:
            if agent.agent_id in pool.members:
                return pool
        raise LookupError(agent.agent_id)

    @property
    def passed(self) -> bool:
        """Whether its callers go on to the wider plan at once: nobody should wait for any of its sites alone."""
        return self.plan.wider is not None and bool(self._at_sites) and all(pool.passed for pool in self._at_sites)

    def waiters(self) -> list[Waiter]:
        """All its callers, in the order of the line."""
        found = [self._line.get(order[1]) for order in sorted(set(self._heap))]
        return [waiter for waiter in found if waiter is not None and waiter.stage is self]


def _order_of(waiter: Waiter) -> Order:
    return waiter.order
