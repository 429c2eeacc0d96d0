"""The ready agents of one circle in the order in which one choice takes them.

Keys that come in rising order, as those of the longest idle do, wait in a queue, the others in a heap. What is no longer so is
dropped when it comes up: nothing is searched for.
"""

import heapq
from collections import deque
from collections.abc import Mapping
from typing import Generic, TypeVar

from routing.balance import Able, Choice, Key, Needed

Agent = TypeVar("Agent", bound=Able)


class Ranking(Generic[Agent]):
    """`members` are all agents of the circle, by id, and stay the pool's own."""

    __slots__ = ("_heap", "_key_of", "_members", "_noted", "_rising", "fresh")

    def __init__(self, members: Mapping[str, Agent], choice: Choice, needed: Needed) -> None:
        self._members, self._key_of = members, choice.key_for(needed)
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
        rising, heap, noted = self._rising, self._heap, self._noted
        if self.fresh:
            for agent in self.fresh.values():
                if agent.idle_since_s is not None:
                    self._note(agent)
            self.fresh.clear()
        while rising or heap:
            key = rising.popleft() if not heap or (rising and rising[0] < heap[0]) else heapq.heappop(heap)
            agent_id = key[-1]
            if noted.get(agent_id) is not key:
                continue  # it was noted again, with a smaller one
            del noted[agent_id]
            best = self._members.get(agent_id)
            if best is not None and best.idle_since_s is not None:
                if self._key_of(best) == key:
                    return best
                self._note(best)  # they were away meanwhile, and their key is greater now
        return None

    def _note(self, agent: Agent) -> None:
        key, standing = self._key_of(agent), self._noted.get(agent.agent_id)
        if standing is not None and standing <= key:
            return
        self._noted[agent.agent_id] = key
        if self._rising and key < self._rising[-1]:
            heapq.heappush(self._heap, key)
        else:
            self._rising.append(key)
