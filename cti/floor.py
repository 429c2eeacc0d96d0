"""The dispatcher's picture of the floor: agents, line and places taken, kept fresh by what changes, never by polling."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.settings import Settings
from routing.agent_state import AgentState
from routing.live import LiveAgent, LiveStore, Snapshot
from routing.place import Place


@dataclass
class Floor:
    """A cache of the live state. `position` is the newest event it contains."""

    agents: dict[str, LiveAgent] = field(default_factory=dict)
    line: dict[str, Place] = field(default_factory=dict)
    taken: dict[str, Place] = field(default_factory=dict)
    position: str = ""

    def load(self, snapshot: Snapshot) -> None:
        """Take over a whole snapshot."""
        self.agents, self.line, self.taken = dict(snapshot.agents), dict(snapshot.line), dict(snapshot.taken)
        self.position = snapshot.position

    def refresh_agent(self, store: LiveStore, agent_id: str) -> LiveAgent:
        """Read one agent again."""
        agent = self.agents[agent_id] = store.agent(agent_id)
        return agent

    def refresh_agents(self, store: LiveStore, agent_ids: Sequence[str]) -> None:
        """Read several agents again, in one look."""
        self.agents.update(store.agents(agent_ids))

    def refresh_place(self, store: LiveStore, interaction_id: str) -> None:
        """Read again where one interaction stands: in line, taken, or nowhere."""
        in_line, taken = store.where(interaction_id)
        _set(self.line, interaction_id, in_line)
        _set(self.taken, interaction_id, taken)

    def holder_of(self, interaction_id: str) -> LiveAgent | None:
        """The agent who has this interaction in hand; not who has handed it over, nor who is only asked about it."""
        for agent in self.agents.values():
            if agent.interaction_id == interaction_id and agent.holds_caller:
                return agent
        return None

    def next_due(self, settings: Settings) -> datetime | None:
        """When the next agent's time is up."""
        moments = [due_at(agent, settings) for agent in self.agents.values()]
        return min((moment for moment in moments if moment is not None), default=None)


def has_page(agent: LiveAgent, now: datetime) -> bool:
    """Whether the agent's page counts as open."""
    return agent.lease_until is not None and agent.lease_until > now


def due_at(agent: LiveAgent, settings: Settings) -> datetime | None:
    """When something must be done about this agent: the state's deadline, or being away for too long."""
    return min((moment for moment in (agent.deadline, away_at(agent, settings)) if moment is not None), default=None)


def away_at(agent: LiveAgent, settings: Settings) -> datetime | None:
    """When an agent at rest becomes Not Ready for want of a phone or a page; None in a call or when already so."""
    if agent.state not in (AgentState.READY, AgentState.WRAP_UP):
        return None
    moments = [agent.lease_until] if agent.lease_until else []
    if not agent.phone_up:
        gone_since = max((moment for moment in (agent.phone_since, agent.since) if moment is not None), default=None)
        if gone_since is not None:
            moments.append(gone_since + timedelta(seconds=settings.device_grace_s))
    return min(moments, default=None)


def _set(places: dict[str, Place], interaction_id: str, place: Place | None) -> None:
    if place is None:
        places.pop(interaction_id, None)
    else:
        places[interaction_id] = place
