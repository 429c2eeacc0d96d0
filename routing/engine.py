"""The decision: which ready agent takes which waiting caller. Pure; the same live, in replay and in simulation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from routing.agents import Profile
from routing.place import Place
from routing.skills import missing_skill


@dataclass(frozen=True, slots=True)
class ReadyAgent:
    """An agent who can be offered a call now. `idle_since` is when they last became ready."""

    profile: Profile
    idle_since: datetime

    @property
    def agent_id(self) -> str:
        return self.profile.agent_id


@dataclass(frozen=True, slots=True)
class Assignment:
    """This agent gets this interaction, `because` of these facts (for the record and for people)."""

    agent_id: str
    place: Place
    because: Mapping[str, object]


def match(agents: Iterable[ReadyAgent], line: Iterable[Place], now: datetime) -> list[Assignment]:
    """Give each waiting caller, in the order of the line, the able agent who is idle longest.

    A caller is passed over only when no ready agent meets the requirements that still hold after the wait.
    The result names each agent and each interaction at most once, and is the same for the same input.
    """
    free = sorted(agents, key=lambda agent: (agent.idle_since, agent.agent_id))
    assignments = []
    for place in sorted(line, key=lambda place: place.order):
        if not free:
            break
        waited_s = place.waited_s(now)
        able = [agent for agent in free if missing_skill(place.requirements, agent.profile.proficiencies, waited_s) is None]
        if able:
            chosen = able[0]
            free.remove(chosen)
            assignments.append(Assignment(chosen.agent_id, place, _because(chosen, place, len(able), now)))
    return assignments


def next_relaxation_s(line: Iterable[Place], now: datetime) -> float | None:
    """Seconds until the next requirement of anyone waiting is relaxed; None when none will be."""
    left = [
        requirement.relax_after_s - place.waited_s(now)
        for place in line
        for requirement in place.requirements
        if requirement.relax_after_s is not None and requirement.holds_at(place.waited_s(now))
    ]
    return min(left, default=None)


def _because(agent: ReadyAgent, place: Place, able_agents: int, now: datetime) -> dict[str, object]:
    waited_s = place.waited_s(now)
    return {
        "waited_s": round(waited_s, 3),
        "idle_s": round((now - agent.idle_since).total_seconds(), 3),
        "able_agents": able_agents,
        "required": [f"{need.skill}>={need.at_least}" for need in place.requirements if need.holds_at(waited_s)],
        "relaxed": [need.skill for need in place.requirements if not need.holds_at(waited_s)],
    }
