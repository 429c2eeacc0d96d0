"""Who has left: logged out, or not seen for an hour."""

from datetime import UTC, datetime, timedelta

import pytest

from routing.agent_state import AgentState
from routing.leaving import AWAY_AFTER, has_left
from routing.live import LiveAgent

TAKEN = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def agent(
    state: AgentState = AgentState.NOT_READY, since: datetime | None = None, lease_until: datetime | None = None
) -> LiveAgent:
    return LiveAgent("1001", state, since, lease_until=lease_until)


@pytest.mark.parametrize(
    ("who", "after", "left"),
    [
        (agent(AgentState.OFFLINE, TAKEN + MINUTE), 2 * MINUTE, True),
        (agent(AgentState.OFFLINE, TAKEN - MINUTE), 2 * MINUTE, False),  # logged out before: on another page of ours
        (agent(AgentState.OFFLINE), 2 * MINUTE, False),  # nothing is known of them
        (agent(AgentState.OFFLINE), AWAY_AFTER + MINUTE, True),
        (agent(lease_until=TAKEN - timedelta(hours=3)), AWAY_AFTER, False),  # the list of promised calls is all they have open
        (agent(lease_until=TAKEN + 5 * MINUTE), AWAY_AFTER + 4 * MINUTE, False),
        (agent(lease_until=TAKEN + 5 * MINUTE), AWAY_AFTER + 6 * MINUTE, True),
        (agent(AgentState.READY, lease_until=TAKEN + timedelta(hours=7)), timedelta(hours=7), False),
    ],
)
def test_who_has_left(who: LiveAgent, after: timedelta, left: bool) -> None:
    assert has_left(who, TAKEN, TAKEN + after) is left
