"""Which of several able agents gets the call: a key for each, the least is chosen. Deterministic: the id breaks every tie."""

from collections.abc import Callable, Mapping
from typing import Any

from routing.balance import LONGEST_IDLE, Balance, Choice
from routing.media import VOICE

Needed = frozenset[str]
"""The skills that a call needs."""
Key = tuple[Any, ...]
"""Numbers, the last of which is since when an agent is ready, and the agent's id. Of no fixed length: so it is one object when
compiled, too, and is not taken apart and put together again whenever it goes into a list and out of it."""
SCARCITY_STEP = 0.1


class Able:
    """An agent as the engine knows them. `idle_since_s` is since when they are ready, seconds of the clock; None: they are not.
    Whoever is ready for longer than one decision is `listed` in the pools of all circles that they meet.

    `occupancy` (0 to 1) is as of the moment when they became ready, `scarcity` of each of their skills as of now.
    """

    __slots__ = ("agent_id", "idle_since_s", "listed", "medium", "occupancy", "proficiencies", "scarcity", "site")

    def __init__(self, agent_id: str, proficiencies: Mapping[str, int], site: str = "", medium: str = VOICE) -> None:
        self.agent_id, self.proficiencies, self.site, self.medium = agent_id, proficiencies, site, medium
        self.idle_since_s: float | None = None
        self.listed, self.occupancy = False, 0.0
        self.scarcity: Mapping[str, float] = {}


def key_for(choice: Choice, needed: Needed) -> Callable[[Able], Key]:
    """What orders the able agents for a call that needs these skills, the least first."""
    if choice == LONGEST_IDLE:
        return _longest_idle_key
    of_balance, keeps = _KEYS[choice.balance], choice.keep_scarce_free

    def key(agent: Able) -> Key:
        cost = scarcity_cost(agent, needed) if keeps else 0.0
        return (cost, of_balance(agent, needed), agent.idle_since_s or 0.0, agent.agent_id)

    return key


def scarcity(holders: int) -> float:
    """How scarce a skill is that so many agents on duty have: 1 / holders, in steps of SCARCITY_STEP.

    That is the share of the floor's ability in the skill that is bound while one of them speaks with somebody. The steps let agents
    who are about as scarce be told apart by the balance alone; what more than 20 have is not scarce.
    """
    return round(1 / max(1, holders) / SCARCITY_STEP) * SCARCITY_STEP


def scarcity_cost(agent: Able, needed: Needed) -> float:
    """What a call that needs these skills would bind beyond them: the scarcity of the agent's other skills, summed."""
    return round(sum(scarce for skill, scarce in agent.scarcity.items() if scarce and skill not in needed), 1)


def _longest_idle_key(agent: Able) -> Key:
    """What the usual choice comes to, in one step."""
    return (agent.idle_since_s or 0.0, agent.agent_id)


def _longest_idle(_agent: Able, _needed: Needed) -> float:
    """Who has been ready for longest."""
    return 0.0


def _least_occupied(agent: Able, _needed: Needed) -> float:
    """Who has handled calls for the smallest share of their time today, as of when they became ready, then the longest idle."""
    return agent.occupancy


def _most_proficient(agent: Able, needed: Needed) -> float:
    """Who is best at what is needed, by the sum of proficiencies, then who has been ready for longest."""
    return -float(sum(agent.proficiencies.get(skill, 0) for skill in needed))


_KEYS: Mapping[Balance, Callable[[Able, Needed], float]] = {
    Balance.LONGEST_IDLE: _longest_idle,
    Balance.LEAST_OCCUPIED: _least_occupied,
    Balance.MOST_PROFICIENT: _most_proficient,
}
