"""The ready agents of one circle in the order in which one choice takes them.

A heap from which what is no longer so is dropped when it comes up: nothing is searched for.
"""

import heapq
from collections.abc import Mapping

from routing.balance import Able, Choice, Key, Needed


class Ranking:
    """`members` are all agents of the circle, by id, and stay the pool's own."""

    __slots__ = ("_heap", "_key_of", "_members", "_noted", "fresh")

    def __init__(self, members: Mapping[str, Able], choice: Choice, needed: Needed) -> None:
        self._members, self._key_of = members, choice.key_for(needed)
        self._heap: list[Key] = []
        self._noted: dict[str, Key] = {}  # the key with which each agent stands in the heap
        self.fresh = {agent.agent_id: agent for agent in members.values() if agent.listed}
        """Who became ready, or is to be weighed again, since the best was last asked for."""

    def is_better(self, agent: Able, than: Able | None) -> bool:
        """Whether this one is to be chosen before that one."""
        return than is None or self._key_of(agent) < self._key_of(than)

    def best(self) -> Able | None:
        """Who of those who are ready is to be chosen; None when nobody is."""
        heap, noted, key_of = self._heap, self._noted, self._key_of
        for agent_id, agent in self.fresh.items():
            if agent.idle_since_s is not None:
                key, standing = key_of(agent), noted.get(agent_id)
                if standing is None or key < standing:
                    noted[agent_id] = key
                    heapq.heappush(heap, key)
        self.fresh.clear()
        while heap:
            key = heap[0]
            agent_id = key[-1]
            if noted.get(agent_id) is not key:
                heapq.heappop(heap)  # it was noted again, with a smaller one
                continue
            best = self._members.get(agent_id)
            if best is None or best.idle_since_s is None:
                heapq.heappop(heap)
                del noted[agent_id]
                continue
            now = key_of(best)
            if now == key:
                return best
            noted[agent_id] = now  # they were away meanwhile, and their key is greater now
            heapq.heapreplace(heap, now)
        return None
