"""The table of legal changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.agent_state import LEGAL_CHANGES, Action, AgentState, IllegalChange, next_state


@given(st.sampled_from(AgentState), st.sampled_from(Action))
def test_what_is_not_in_the_table_raises(state, action):
    if (state, action) in LEGAL_CHANGES:
        assert next_state(state, action) is LEGAL_CHANGES[state, action]
    else:
        with pytest.raises(IllegalChange):
            next_state(state, action)


def test_every_state_can_be_reached_and_left():
    reached, frontier = {AgentState.OFFLINE}, [AgentState.OFFLINE]
    while frontier:
        here = frontier.pop()
        for (before, _action), after in LEGAL_CHANGES.items():
            if before is here and after not in reached:
                reached.add(after)
                frontier.append(after)
    assert reached == set(AgentState)
    assert {before for before, _ in LEGAL_CHANGES} == set(AgentState)


@pytest.mark.parametrize("state", [state for state in AgentState if state is not AgentState.OFFLINE])
def test_a_lost_device_always_ends_in_not_ready(state):
    assert next_state(state, Action.DEVICE_LOST) is AgentState.NOT_READY


@pytest.mark.parametrize("state", [AgentState.RESERVED, AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP])
def test_nobody_is_reserved_twice_or_logs_out_of_a_call(state):
    for action in (Action.RESERVE, Action.LOG_OUT, Action.READY):
        with pytest.raises(IllegalChange):
            next_state(state, action)
