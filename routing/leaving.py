"""Whether an agent has left, as far as the live state knows."""

from datetime import datetime, timedelta

from routing.agent_state import AgentState
from routing.live import LiveAgent

AWAY_AFTER = timedelta(hours=1)  # a page may be closed for a meal, or for another page of ours


def has_left(agent: LiveAgent, here_at: datetime, now: datetime) -> bool:
    """Whether somebody who was here at `here_at` has left since: logged out after it, or was not seen for AWAY_AFTER."""
    if agent.state is AgentState.OFFLINE and agent.since is not None and agent.since >= here_at:
        return True
    seen_at = max(here_at, agent.lease_until or here_at)
    return now - seen_at > AWAY_AFTER
