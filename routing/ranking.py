"""The ready agents of one circle in the order in which one choice takes them.

Keys that come in rising order, as those of the longest idle do, wait in a queue, the others in a heap. What is no longer so is
dropped when it comes up: nothing is searched for.
"""

from collections import deque
from heapq import heappop, heappush
from typing import Generic, TypeVar

from routing.able import Able, Key, Needed, key_for
from routing.balance import LONGEST_IDLE, Choice

Agent = TypeVar("Agent", bound=Able)


class Ranking(Generic[Agent]):
    """`members` are all agents of the circle, by id, and stay the pool's own."""

    __slots__ = ("_by_idle", "_heap", "_key_of", "_members", "_noted", "_rising", "fresh")

    def __init__(self, members: dict[str, Agent], choice: Choice, needed: Needed) -> None:
        self._members, self._key_of, self._by_idle = members, key_for(choice, needed), choice == LONGEST_IDLE
        self._rising: deque[Key] = deque()
        self._heap: list[Key] = []
        self._noted: dict[str, Key] = {}  # the key with which each agent stands here
        self.fresh: dict[str, Agent] = {agent.agent_id: agent for agent in members.values() if agent.listed}
        """Who became ready, or is to be weighed again, since somebody was last taken."""

    def is_better(self, agent: Agent, than: Agent | None) -> bool:
        """Whether this one is to be chosen before that one."""
        return than is None or self._key_of(agent) < self._key_of(than)

    def take(self) -> Agent | None:
        """Who of those who are ready is to be chosen, and stands here no more unless `fresh` again; None when nobody is."""
        rising, heap, noted, fresh = self._rising, self._heap, self._noted, self.fresh
        by_idle, key_of = self._by_idle, self._key_of  # the usual key, by idle time alone, is written out: it is asked for so often
        while True:
            for agent_id, agent in fresh.items():
                since_s = agent.idle_since_s
                if since_s is None:
                    continue
                key, standing = (since_s, agent_id) if by_idle else key_of(agent), noted.get(agent_id)
                if standing is None or key < standing:
                    noted[agent_id] = key
                    if rising and key < rising[-1]:
                        heappush(heap, key)
                    else:
                        rising.append(key)
            fresh.clear()
            if rising and not (heap and heap[0] < rising[0]):
                key = rising.popleft()
            elif heap:
                key = heappop(heap)
            else:
                return None
            agent_id = key[-1]
            if noted.get(agent_id) != key:
                continue  # it was noted again, with a smaller one
            del noted[agent_id]
            best = self._members.get(agent_id)
            if best is not None and best.idle_since_s is not None:
                if key[0] == best.idle_since_s if by_idle else key == key_of(best):
                    return best
                fresh[agent_id] = best  # they were away meanwhile, and their key is greater now
