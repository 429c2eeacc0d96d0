"""The two sides that meet: agents of one circle, and callers at one stage of one plan, in the order of the line."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from routing.balance import Able, Choice
from routing.plans import Circle, Plan
from routing.ranking import Ranking
from routing.shares import ShareCount
from routing.site_state import SiteState

Order = tuple[float, str]
"""A caller's place in the one line: what counts first is the smaller number."""


@dataclass(slots=True, eq=False)
class Waiter:
    """A caller in line. `order` never changes; `since_s` is when they joined, `due_s` when their next ring begins, seconds of
    the clock (None: there is none)."""

    interaction_id: str
    order: Order
    since_s: float
    stage: "Stage"
    due_s: float | None = None


@dataclass(slots=True, eq=False)
class Member(Able):
    """An agent whom the engine knows, in the `pools` of all circles that they meet."""

    pools: list["Pool"] = field(default_factory=list)


class Pool:
    """The agents of one circle. `members` are all who meet it, ready or not; `ready` how many of them are, of those listed. `site`
    is where they all are, when the policy knows it."""

    def __init__(self, circle: Circle) -> None:
        self.circle = circle
        self.site: SiteState | None = None
        self.shut = False  # it gives nobody now, whoever is ready
        self.members: dict[str, Member] = {}
        self.ready = 0
        self.first: Waiter | None = None  # of all callers whom it serves
        self._hungry: set[Stage] = set()  # the stages of those callers
        self._rankings: dict[Choice, Ranking[Member]] = {}

    def ranking(self, choice: Choice) -> Ranking[Member]:
        """Its ready agents in the order of this choice."""
        ranking = self._rankings.get(choice)
        if ranking is None:
            ranking = self._rankings[choice] = Ranking(self.members, choice, self.circle.needs.skills())
        return ranking

    @property
    def passed(self) -> bool:
        """Whether nobody should wait for it alone."""
        return not self.members or (self.site is not None and self.site.passed)

    def hungry(self) -> Iterable["Stage"]:
        """The stages whose callers it could serve."""
        return self._hungry

    def weigh(self, agent: Member) -> None:
        """A ready member is to be ranked, or ranked anew. Where they stand is worked out when somebody asks for the best."""
        for ranking in self._rankings.values():
            ranking.fresh[agent.agent_id] = agent

    def head_changed(self, stage: "Stage", before: Waiter | None) -> None:
        """Another caller than `before` is the first of this stage, or nobody waits there any more."""
        head, hungry = stage.head, self._hungry
        if head is None:
            hungry.discard(stage)
        elif before is None:
            hungry.add(stage)
        if head is not None and (self.first is None or len(hungry) == 1 or head.order < self.first.order):
            self.first = head
        elif self.first is before:
            heads = [each.head for each in hungry if each.head is not None]
            self.first = min(heads, key=_order_of, default=None)


class Stage:
    """The callers of one plan for whom the same ring holds, and the pools that serve them, the best first. `count` says whose turn
    it is, where the plan has shares."""

    def __init__(
        self, plan: Plan, ring: int, pools: Sequence[Pool], is_waiting: Callable[[str], "Waiter | None"],
        count: ShareCount | None = None,
    ) -> None:  # fmt: skip
        self.plan, self.ring, self.next_ring_s, self._count = plan, ring, plan.next_ring_s(ring), count
        self.head: Waiter | None = None  # who is to be served first
        self._heap: list[Order] = []  # what is no longer so is dropped when it comes up
        self._is_waiting = is_waiting
        ranked = sorted(zip(plan.ranks_at(ring), pools, strict=True), key=lambda each: each[0])
        self._ranked = tuple((rank, pool, pool.ranking(plan.choice)) for rank, pool in ranked)
        self._at_sites = tuple(pool for pool in pools if pool.circle.site and not pool.circle.agent)

    @property
    def circles(self) -> tuple[Circle, ...]:
        """Whose agents its callers may get."""
        return tuple(pool.circle for _, pool, _ in self._ranked)

    def join(self, waiter: Waiter) -> None:
        """A caller comes to this stage."""
        heapq.heappush(self._heap, waiter.order)
        if self.head is None or waiter.order < self.head.order:
            self._lead(waiter)

    def leave(self, waiter: Waiter) -> None:
        """One of its callers is gone, and is no longer in line at this stage: taken, hung up, or at the next one."""
        if waiter is not self.head:
            return
        heap, first = self._heap, None
        heapq.heappop(heap)
        while heap:
            next_one = self._is_waiting(heap[0][1])
            if next_one is not None and next_one.order is heap[0] and next_one.stage is self:
                first = next_one
                break
            heapq.heappop(heap)
        self._lead(first)

    def _lead(self, head: Waiter | None) -> None:
        before, self.head = self.head, head
        for _, pool, _ in self._ranked:
            pool.head_changed(self, before)

    @property
    def passed(self) -> bool:
        """Whether its callers go on to the wider plan at once: nobody should wait for any of its sites alone."""
        return self.plan.wider is not None and bool(self._at_sites) and all(pool.passed for pool in self._at_sites)

    def waiters(self) -> list[Waiter]:
        """All its callers, in the order of the line."""
        found = (waiter for order in sorted(self._heap) if (waiter := self._is_waiting(order[1])) and waiter.order is order)
        return [waiter for waiter in found if waiter.stage is self]

    def choose(self, fresh: Sequence[Member] = ()) -> tuple[Member, Pool] | None:
        """The agent whom a caller of this stage is to get: of the circle liked best in which anyone is ready, listed or `fresh`."""
        if self.plan.tiers:
            return self._choose_by_rank(fresh)
        for _, pool, ranking in self._ranked:
            best = ranking.take() if pool.ready else None
            for agent in fresh:
                if agent.idle_since_s is not None and agent.agent_id in pool.members and ranking.is_better(agent, best):
                    if best is not None:
                        ranking.fresh[best.agent_id] = best
                    best = agent
            if best is not None:
                return best, pool
        return None

    def pool_of(self, agent: Member) -> Pool:
        """The first of its pools in which the agent is. Raises LookupError when the agent is in none."""
        for _, pool, _ in self._ranked:
            if agent.agent_id in pool.members and not pool.shut:
                return pool
        raise LookupError(agent.agent_id)

    def _choose_by_rank(self, fresh: Sequence[Member]) -> tuple[Member, Pool] | None:
        """The same over sites: pools of one rank are as one, and those that are shut have nobody."""
        ranked = self._ranked if self._count is None else self._by_turn(self._count)
        for _rank, alike in groupby(ranked, key=itemgetter(0)):
            found: tuple[Member, Pool, Ranking[Member]] | None = None
            for _, pool, ranking in alike:
                if pool.shut:
                    continue
                there = [agent for agent in fresh if agent.idle_since_s is not None and agent.agent_id in pool.members]
                for agent in (ranking.take() if pool.ready else None, *there):
                    if agent is None:
                        continue
                    better, other = (agent, pool, ranking), found
                    if found is not None and not ranking.is_better(agent, found[0]):
                        better, other = found, better
                    found = better
                    if other is not None and other[0].listed:
                        other[2].fresh[other[0].agent_id] = other[0]  # they stand where they stood
            if found is not None:
                return found[0], found[1]
        return None

    def _by_turn(self, count: ShareCount) -> Iterator[tuple[object, Pool, Ranking[Member]]]:
        """The pools as they are liked for the next call: within the same needs the site first whose turn it is."""
        turns = count.ranks()
        last = (2, 0, 0)  # sites without a share come after all others
        ranked = [((rank[0], *turns.get(pool.circle.site, last)), rank[1], pool, its) for rank, pool, its in self._ranked]
        yield from (((turn, tier), pool, its) for turn, tier, pool, its in sorted(ranked, key=lambda each: each[:2]))


def _order_of(waiter: Waiter) -> Order:
    return waiter.order
