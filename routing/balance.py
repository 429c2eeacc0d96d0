"""Which of several able agents gets the call: a key for each, the least is chosen. Deterministic: the id breaks every tie."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from routing.needs import Needs


class Balance(StrEnum):
    """How a queue shares out its calls."""

    LONGEST_IDLE = "longest_idle"
    MOST_PROFICIENT = "most_proficient"


Key = tuple[float, float, str]


@dataclass(slots=True)
class Able:
    """An agent as the engine knows them. `idle_since_s` is since when they are ready, seconds of the clock; None: they are not.
    Whoever is ready for longer than one decision is `listed` in the pools of all circles that they meet."""

    agent_id: str
    proficiencies: Mapping[str, int]
    site: str = ""
    idle_since_s: float | None = None
    listed: bool = False


def longest_idle(agent: Able, _needs: Needs) -> Key:
    """Who has been ready for longest."""
    return (agent.idle_since_s or 0.0, 0.0, agent.agent_id)


def most_proficient(agent: Able, needs: Needs) -> Key:
    """Who is best at what is needed, by the sum of proficiencies, then who has been ready for longest."""
    return (-float(sum(agent.proficiencies.get(skill, 0) for skill in needs.skills())), agent.idle_since_s or 0.0, agent.agent_id)


KEYS: Mapping[Balance, Callable[[Able, Needs], Key]] = {
    Balance.LONGEST_IDLE: longest_idle,
    Balance.MOST_PROFICIENT: most_proficient,
}
