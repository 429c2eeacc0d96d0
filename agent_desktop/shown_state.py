"""The agent's state as their own page shows it: while the phone of whoever they call rings, nobody talks yet."""

from agent_desktop.code_words import state_kind, state_words
from agent_desktop.texts import _
from routing.agent_state import AgentState
from routing.live import LiveAgent
from routing.place import Place

_OWN_PHONE = frozenset({AgentState.RESERVED, AgentState.RINGING})


def rings_there(agent: LiveAgent, place: Place | None) -> bool:
    """Whether the agent's phone is up, and the one of whom they call, by hand or as promised, has not been answered."""
    calls_them = place is not None and not place.channel and not place.missed and bool(place.dialled or place.callback)
    return agent.state is AgentState.TALKING and calls_them


def shown_kind(agent: LiveAgent, place: Place | None) -> str:
    """Which of the eight colours."""
    return "ringing" if rings_there(agent, place) else state_kind(agent.state, agent.reason)


def shown_words(agent: LiveAgent, place: Place | None) -> str:
    """The state in one to three words."""
    if rings_there(agent, place):
        return _("Their phone rings")
    if agent.dialled and agent.state in _OWN_PHONE:
        return _("Calling")
    return state_words(agent.state, agent.reason)
