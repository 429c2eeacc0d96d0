"""The two sides that meet: ready agents of one circle, best first, and callers at one stage of one plan, in the order of the line.

Both are heaps from which what is no longer so is dropped when it comes up: nothing is searched for.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from routing.balance import Able, Choice, Key
from routing.plans import Circle, Plan
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


class Pool:
    """The agents of one circle. `members` are all who meet it, ready or not; `ready` how many of them are, of those listed. `site`
    is where they all are, when the policy knows it."""

    def __init__(self, circle: Circle) -> None:
        self.circle = circle
        self.site: SiteState | None = None
        self.shut = False  # it gives nobody now, whoever is ready
        self._needed = circle.needs.skills()
        self.members: dict[str, Able] = {}
        self.ready = 0
        self.first: Waiter | None = None  # of all callers whom it serves
        self._hungry: dict[int, Stage] = {}  # the stages of those callers
        self._heaps: dict[Choice, list[tuple[Key, str]]] = {}
        self._noted: dict[Choice, dict[str, Key]] = {}  # by choice: the key with which each agent stands in the heap
        self._fresh: dict[Choice, dict[str, Able]] = {}  # by choice: who became ready since the best was last asked for

    @property
    def passed(self) -> bool:
        """Whether nobody should wait for it alone."""
        return not self.members or (self.site is not None and self.site.passed)

    def hungry(self) -> Iterable["Stage"]:
        """The stages whose callers it could serve."""
        return self._hungry.values()

    def want(self, choice: Choice) -> None:
        """Be able to choose in this way."""
        if choice not in self._heaps:
            self._heaps[choice], self._noted[choice] = [], {}
            self._fresh[choice] = {agent.agent_id: agent for agent in self.members.values() if agent.listed}

    def take_ready(self, agent: Able) -> None:
        """The agent, a member, is ready. Where they stand is worked out when somebody asks for the best."""
        self.ready += 1
        self.weigh_again(agent)

    def weigh_again(self, agent: Able) -> None:
        """A ready member is to be preferred more, or less, than before."""
        for fresh in self._fresh.values():
            fresh[agent.agent_id] = agent

    def is_better(self, agent: Able, than: Able | None, choice: Choice) -> bool:
        """Whether this one of its agents is to be chosen before that one."""
        return than is None or choice.key(agent, self._needed) < choice.key(than, self._needed)

    def head_changed(self, stage: "Stage", before: Waiter | None) -> None:
        """Another caller than `before` is the first of this stage, or nobody waits there any more."""
        head = stage.head
        if head is None:
            self._hungry.pop(id(stage), None)
        elif before is None:
            self._hungry[id(stage)] = stage
        if head is not None and (self.first is None or len(self._hungry) == 1 or head.order < self.first.order):
            self.first = head
        elif self.first is before:
            heads = [each.head for each in self._hungry.values() if each.head is not None]
            self.first = min(heads, key=_order_of, default=None)

    def best(self, choice: Choice) -> Able | None:
        """Who of those who are ready is to be chosen; None when nobody is."""
        if not self.ready:
            return None
        heap, noted, key_of = self._heaps[choice], self._noted[choice], choice.key
        for agent in self._fresh[choice].values():
            if agent.idle_since_s is not None and self.members.get(agent.agent_id) is agent:
                key, standing = key_of(agent, self._needed), noted.get(agent.agent_id)
                if standing is None or key < standing:
                    noted[agent.agent_id] = key
                    heapq.heappush(heap, (key, agent.agent_id))
        self._fresh[choice].clear()
        while heap:
            key, agent_id = heap[0]
            if noted.get(agent_id) != key:
                heapq.heappop(heap)  # it was noted again, with a smaller one
                continue
            best = self.members.get(agent_id)
            if best is None or best.idle_since_s is None:
                heapq.heappop(heap)
                del noted[agent_id]
                continue
            now = key_of(best, self._needed)
            if now == key:
                return best
            noted[agent_id] = now  # they were away meanwhile, and their key is greater now
            heapq.heapreplace(heap, (now, agent_id))
        return None


class Stage:
    """The callers of one plan for whom the same ring holds, and the pools that serve them, the best first. `count` says whose turn
    it is, where the plan has shares."""

    def __init__(
        self, plan: Plan, ring: int, pools: tuple[Pool, ...], is_waiting: Callable[[str], "Waiter | None"],
        count: ShareCount | None = None,
    ) -> None:  # fmt: skip
        self.plan, self.ring, self._count = plan, ring, count
        self._ranked = sorted(zip(plan.ranks_at(ring), pools, strict=True), key=lambda each: each[0])
        self.pools = tuple(pool for _, pool in self._ranked)
        self._at_sites = tuple(pool for pool in pools if pool.circle.site and not pool.circle.agent)
        self.is_last = plan.next_ring_s(ring) is None
        self.head: Waiter | None = None  # who is to be served first
        self._heap: list[Order] = []
        self._is_waiting = is_waiting
        for pool in pools:
            pool.want(plan.choice)

    def join(self, waiter: Waiter) -> None:
        """A caller comes to this stage."""
        heapq.heappush(self._heap, waiter.order)
        if self.head is None or waiter.order < self.head.order:
            self._lead(waiter)

    def leave(self, waiter: Waiter) -> None:
        """One of its callers is gone, and is no longer in line at this stage: taken, hung up, or at the next one."""
        if waiter is self.head:
            self._lead(self._first())

    def _lead(self, head: Waiter | None) -> None:
        before, self.head = self.head, head
        for pool in self.pools:
            pool.head_changed(self, before)

    def _first(self) -> Waiter | None:
        heap = self._heap
        while heap:
            waiter = self._is_waiting(heap[0][1])
            if waiter is not None and waiter.order is heap[0] and waiter.stage is self:
                return waiter
            heapq.heappop(heap)
        return None

    @property
    def passed(self) -> bool:
        """Whether its callers go on to the wider plan at once: nobody should wait for any of its sites alone."""
        return self.plan.wider is not None and bool(self._at_sites) and all(pool.passed for pool in self._at_sites)

    def waiters(self) -> list[Waiter]:
        """All its callers, in the order of the line."""
        found = (waiter for order in sorted(self._heap) if (waiter := self._is_waiting(order[1])) and waiter.order is order)
        return [waiter for waiter in found if waiter.stage is self]

    def choose(self, fresh: Sequence[Able]) -> tuple[Able, Pool] | None:
        """The agent whom a caller of this stage gets: of the circle liked best in which anyone is ready, listed or `fresh`."""
        if self.plan.tiers:
            return self._choose_by_rank(fresh)
        choice = self.plan.choice
        for pool in self.pools:
            best = pool.best(choice)
            for agent in fresh:
                if agent.idle_since_s is not None and agent.agent_id in pool.members and pool.is_better(agent, best, choice):
                    best = agent
            if best is not None:
                return best, pool
        return None

    def _choose_by_rank(self, fresh: Sequence[Able]) -> tuple[Able, Pool] | None:
        """The same over sites: pools of one rank are as one, and those that are shut have nobody."""
        choice = self.plan.choice
        ranked = self._ranked if self._count is None else self._by_turn(self._count)
        for _rank, alike in groupby(ranked, key=itemgetter(0)):
            found: tuple[Able, Pool] | None = None
            for pool in (pool for _, pool in alike if not pool.shut):
                there = [agent for agent in fresh if agent.idle_since_s is not None and agent.agent_id in pool.members]
                for agent in (pool.best(choice), *there):
                    if agent is not None and (found is None or pool.is_better(agent, found[0], choice)):
                        found = agent, pool
            if found is not None:
                return found
        return None

    def _by_turn(self, count: ShareCount) -> Iterator[tuple[object, Pool]]:
        """The pools as they are liked for the next call: within the same needs the site first whose turn it is."""
        turns = count.ranks()
        last = (2, 0, 0)  # sites without a share come after all others
        ranked = [((rank[0], *turns.get(pool.circle.site, last)), rank[1], pool) for rank, pool in self._ranked]
        yield from (((turn, tier), pool) for turn, tier, pool in sorted(ranked, key=lambda each: each[:2]))


def _order_of(waiter: Waiter) -> Order:
    return waiter.order
