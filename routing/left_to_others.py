"""Callers whom other leaders are to serve: the agent who is theirs by the order of the line is kept for them for a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.place import Place

KEPT = timedelta(seconds=0.5)  # a leader who lives reserves long before
ASIDE = timedelta(seconds=3)  # then, so long, the caller keeps nobody: their leader may be dead, and the next one leads by then


@dataclass(frozen=True, slots=True)
class Left:
    """One caller, and the agent who is kept for them `until` then; "": nobody is, and until then nobody will be."""

    place: Place
    agent_id: str
    until: datetime


class LeftToOthers:
    """By caller and by agent."""

    def __init__(self) -> None:
        self._by_caller: dict[str, Left] = {}
        self._by_agent: dict[str, str] = {}

    def leave(self, place: Place, agent_id: str, now: datetime) -> None:
        """The next step with this caller is another leader's."""
        self._put(Left(place, agent_id, now + KEPT))

    def set_aside(self, place: Place, now: datetime) -> None:
        """Their leader was too slow: nobody is kept for them for a while."""
        self._put(Left(place, "", now + ASIDE))

    def find(self, interaction_id: str) -> Left | None:
        """What is noted of this caller."""
        return self._by_caller.get(interaction_id)

    def kept_for(self, agent_id: str) -> str:
        """The interaction for which this agent is kept; "" for none."""
        return self._by_agent.get(agent_id, "")

    def drop(self, interaction_id: str) -> Left | None:
        """Forget what is noted of this caller, and return it."""
        left = self._by_caller.pop(interaction_id, None)
        if left is not None and left.agent_id:
            del self._by_agent[left.agent_id]
        return left

    def due(self, now: datetime) -> list[Left]:
        """Those whose time is up."""
        return [left for left in self._by_caller.values() if left.until <= now]

    @property
    def next_due(self) -> datetime | None:
        """When the next one's time is up."""
        return min((left.until for left in self._by_caller.values()), default=None)

    @property
    def places(self) -> Iterable[Place]:
        """Where these callers stand."""
        return [left.place for left in self._by_caller.values()]

    def _put(self, left: Left) -> None:
        self.drop(left.place.interaction_id)
        self._by_caller[left.place.interaction_id] = left
        if left.agent_id:
            self._by_agent[left.agent_id] = left.place.interaction_id
