"""Wrap-ups by the rule of their queue, over the death of the process that keeps the time."""

import pytest

from routing.agent_state import AgentState
from routing.policy import Policy
from routing.wrap_up_rule import WrapUpMode, WrapUpRule
from tests.journeys.floor_house import FloorHouse

EXTENDABLE = WrapUpRule(mode=WrapUpMode.EXTENDABLE, for_s=20, extend_s=30, at_most_s=60)


@pytest.fixture
def house(redis_url):
    house = FloorHouse(redis_url)
    yield house
    house.close()


def by_rule(house: FloorHouse, rule: WrapUpRule) -> None:
    house.policy = Policy(
        queues=tuple(queue.model_copy(update={"wrap_up": rule}) for queue in house.policy.queues), fallback=house.policy.fallback
    )


def wrap_up(house: FloorHouse) -> None:
    house.ready_agent("1001")
    house.talk(house.queue())
    house.calls.leg_ended(house.agent().token, "16")
    house.do()
    assert house.agent().state is AgentState.WRAP_UP


def extend(house: FloorHouse, rule: WrapUpRule) -> bool:
    agent = house.agent()
    until = rule.extended(agent.since, agent.deadline)
    return until is not None and house.changes.extend_wrap_up(agent, until)


def later(house: FloorHouse, seconds: float) -> None:
    house.later(seconds, "1001")
    house.do()


def test_a_fixed_one_is_over_at_its_own_time(house):
    by_rule(house, WrapUpRule(for_s=20))
    wrap_up(house)
    later(house, 19)
    assert house.agent().state is AgentState.WRAP_UP
    later(house, 1)
    assert house.agent().state is AgentState.READY


def test_a_free_one_lasts_until_the_agent_ends_it_though_cti_begins_anew(house):
    by_rule(house, WrapUpRule(mode=WrapUpMode.FREE))
    wrap_up(house)
    for _hour in range(3):
        later(house, 3600)  # each look is that of a process that has read everything anew
    assert house.agent().state is AgentState.WRAP_UP
    assert house.agent().deadline is None
    house.changes.finish_wrap_up("1001", house.agent().interaction_id, ready=True)
    assert house.agent().state is AgentState.READY


def test_an_extended_one_is_over_at_the_later_time_and_never_after_its_bound(house):
    by_rule(house, EXTENDABLE)
    wrap_up(house)
    later(house, 15)
    assert extend(house, EXTENDABLE)
    later(house, 30)
    assert house.agent().state is AgentState.WRAP_UP, "45 s of 50"
    assert extend(house, EXTENDABLE), "ten seconds more, to the bound"
    assert not extend(house, EXTENDABLE)
    later(house, 14)
    assert house.agent().state is AgentState.WRAP_UP
    later(house, 1)
    assert house.agent().state is AgentState.READY


def test_who_puts_it_off_in_the_moment_it_ends_has_the_time(house):
    by_rule(house, EXTENDABLE)
    wrap_up(house)
    due = house.agent()
    house.later(20, "1001")
    assert extend(house, EXTENDABLE)
    house.changes.wrap_up_timed_out(due)
    assert house.agent().state is AgentState.WRAP_UP


def test_it_is_not_put_off_when_it_is_over(house):
    by_rule(house, EXTENDABLE)
    wrap_up(house)
    before = house.agent()
    later(house, 20)
    assert not house.changes.extend_wrap_up(before, EXTENDABLE.extended(before.since, before.deadline))
    assert house.agent().state is AgentState.READY
