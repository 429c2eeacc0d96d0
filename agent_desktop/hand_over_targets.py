"""To whom a caller can be handed over: queues with how busy they are, colleagues with what they do just now."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from agent_desktop.services import services
from routing.agent_state import AgentState
from routing.agents import load_profiles
from routing.live import LiveAgent, Snapshot
from routing.policy import Policy

_THERE = (AgentState.READY, AgentState.WRAP_UP, AgentState.TALKING, AgentState.RINGING, AgentState.RESERVED)
_SHOWN = (*_THERE, AgentState.NOT_READY)


@dataclass(frozen=True, slots=True)
class Line:
    """A queue, and how many callers wait in it."""

    name: str
    label: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent who is logged in, with state and since when; `reason` why they are not ready. Who does not take calls can't be
    given one, and is shown so that nobody looks for them in vain."""

    agent_id: str
    name: str
    state: str
    since: datetime | None
    reason: str
    takes_calls: bool


def lines(policy: Policy, snapshot: Snapshot, language: str) -> tuple[Line, ...]:
    """Every queue, in the policy's order."""
    waiting = Counter(place.queue for place in snapshot.line.values())
    return tuple(Line(queue.name, queue.label_in(language), waiting[queue.name]) for queue in policy.queues)


def colleagues(own: str, snapshot: Snapshot) -> tuple[Colleague, ...]:
    """The agents besides `own` who are logged in, those first who are free soonest, and last who does not take calls."""
    with services().database.reading() as session:
        profiles = load_profiles(session)
    there = [agent for agent in snapshot.agents.values() if agent.agent_id != own and agent.state in _SHOWN]
    there.sort(key=lambda agent: (not _takes_calls(agent), _SHOWN.index(agent.state), agent.agent_id))
    return tuple(
        Colleague(
            agent.agent_id, profiles[agent.agent_id].name if agent.agent_id in profiles else agent.agent_id, agent.state.value,
            agent.since, agent.reason, _takes_calls(agent),
        )
        for agent in there
    )  # fmt: skip


def _takes_calls(agent: LiveAgent) -> bool:
    return agent.state in _THERE and agent.phone_up
