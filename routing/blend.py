"""Agents who serve several media: for the engine each is one agent for each medium; what one of them takes the others lack."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from routing.engine import Engine, Match
from routing.media import CALLS_ONLY, VOICE, open_media
from routing.plans import ANYWHERE, Plan


@dataclass(slots=True)
class _Blended:
    """An agent: how many of each medium fit at once, what is in hand, and since when they are there for more (None: not at all)."""

    capacity: Mapping[str, int]
    in_hand: Counter[str] = field(default_factory=Counter)
    since_s: float | None = None
    occupancy: float = 0.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    number: float
    since_s: float
    plan: Plan


class Blend:
    """The engine for agents who can have several interactions in hand. It gives nobody more than fits, and what the engine
    guarantees holds for each medium. A caller's `plan` asks by its circles for the medium that they come by."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._agents: dict[str, _Blended] = {}
        self._line: dict[str, _Waiting] = {}

    def know(
        self, agent_id: str, proficiencies: Mapping[str, int], capacity: Mapping[str, int] = CALLS_ONLY, site: str = ANYWHERE
    ) -> None:
        """An agent has these skills and this capacity from now on."""
        before = self._agents.get(agent_id)
        for medium in before.capacity if before else ():
            if medium not in capacity:
                self._engine.forget(_name(agent_id, medium))
        for medium in capacity:
            self._engine.know(_name(agent_id, medium), proficiencies, site, medium)
        agent = self._agents[agent_id] = _Blended(capacity) if before is None else before
        agent.capacity = capacity
        self._offer(agent_id, agent)

    def forget(self, agent_id: str) -> None:
        """The agent is no more."""
        agent = self._agents.pop(agent_id, None)
        for medium in agent.capacity if agent else ():
            self._engine.forget(_name(agent_id, medium))

    def there(self, agent_id: str, in_hand: Mapping[str, int], since_s: float, occupancy: float = 0.0) -> None:
        """A known agent has this in hand, and is there for what fits in beside. Raises KeyError for one who is not known."""
        agent = self._agents[agent_id]
        agent.in_hand, agent.since_s, agent.occupancy = Counter(in_hand), since_s, occupancy
        self._offer(agent_id, agent)

    def away(self, agent_id: str) -> None:
        """The agent gets nothing more."""
        agent = self._agents.get(agent_id)
        if agent is not None:
            agent.since_s = None
            self._offer(agent_id, agent)

    def wait(self, interaction_id: str, number: float, since_s: float, plan: Plan, now_s: float) -> None:
        """Somebody is in line; as of the engine."""
        self._line[interaction_id] = _Waiting(number, since_s, plan)
        self._engine.wait(interaction_id, number, since_s, plan, now_s)

    def leave(self, interaction_id: str) -> None:
        """They are in line no more."""
        self._line.pop(interaction_id, None)
        self._engine.leave(interaction_id)

    def match(self, now_s: float) -> list[Match]:
        """Everything that has become possible since the last time, and fits in."""
        found: list[Match] = []
        while matches := self._engine.match(now_s):
            for match in matches:
                agent_id, medium = _parts(match.agent_id)
                agent, waiting = self._agents[agent_id], self._line[match.interaction_id]
                if medium in open_media(agent.capacity, agent.in_hand):
                    agent.in_hand[medium] += 1
                    del self._line[match.interaction_id]
                    match.agent_id = agent_id
                    found.append(match)
                else:  # something else came to the agent in the same moment: they stand where they stood
                    self._engine.wait(match.interaction_id, waiting.number, waiting.since_s, waiting.plan, now_s)
                self._offer(agent_id, agent)
        return found

    def _offer(self, agent_id: str, agent: _Blended) -> None:
        fitting = set(open_media(agent.capacity, agent.in_hand)) if agent.since_s is not None else set()
        for medium in agent.capacity:
            if medium in fitting and agent.since_s is not None:
                self._engine.ready(_name(agent_id, medium), agent.since_s, agent.occupancy)
            else:
                self._engine.busy(_name(agent_id, medium))


def _name(agent_id: str, medium: str) -> str:
    return agent_id if medium == VOICE else f"{agent_id}\0{medium}"


def _parts(name: str) -> tuple[str, str]:
    agent_id, _, medium = name.partition("\0")
    return agent_id, medium or VOICE
