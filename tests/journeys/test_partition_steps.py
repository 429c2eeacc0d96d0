"""What the main leader does about agents whom a partition's leader reserved: before it has heard of it, and when that one died."""

import asyncio
from datetime import timedelta

import pytest

from core.events import EventKind
from routing.agent_changes import AgentChanges, StaleLeader, StaleReservation
from routing.agent_state import Action, AgentState, IllegalChange, NotReadyReason
from routing.live import LiveAgent, term_key
from routing.place import Place
from tests.journeys.callback_house import CallbackHouse, waiting_channel
from tests.unit.routing.small_policy import policy_of, queue_text

TERM = "1@there:1"
EAST = policy_of(queue_text("general", "partition: east"))


@pytest.fixture
def house(redis_url, database):
    house = CallbackHouse(redis_url, database=database)
    house.policy = EAST
    house.dispatcher.use(EAST)
    house.calls._others_reserve = lambda: True
    house.store.redis.set(term_key("east"), TERM)
    house.ready_agent("1001")
    house.settle()
    yield house
    house.close()


def theirs(house: CallbackHouse) -> AgentChanges:
    return AgentChanges(house.store, house.clock, 60, lambda: TERM, "east")


def reserved(house: CallbackHouse) -> tuple[Place, LiveAgent]:
    """A partition's leader has reserved the agent; the main leader has not heard of it."""
    place = house.queue()
    agent = theirs(house).try_reserve("1001", place, house.clock.now() + timedelta(seconds=5), {})
    assert isinstance(agent, LiveAgent)
    return place, agent


def rung(house: CallbackHouse) -> tuple[Place, LiveAgent]:
    place, agent = reserved(house)
    deadline = house.clock.now() + timedelta(seconds=23)
    return place, theirs(house).apply_reserved(
        "1001", Action.RING, agent.token, interaction_id=place.interaction_id, deadline=deadline
    )


def test_the_main_leader_gives_away_nobody_of_a_partition(house):
    place = house.queue()
    house.settle()
    assert house.agent().state is AgentState.READY
    assert place.interaction_id in house.store.snapshot().line
    assert house.asterisk.named("Originate") == []


def test_when_its_leader_dies_before_the_ring_the_caller_is_in_line_at_the_deadline(house):
    place, agent = reserved(house)
    house.later(4, "1001")
    house.settle()
    assert house.agent().state is AgentState.RESERVED
    house.later(2, "1001")
    house.settle()
    assert house.agent().state is AgentState.READY
    assert house.store.snapshot().line == {place.interaction_id: place}
    with pytest.raises((StaleReservation, IllegalChange)):
        theirs(house).apply_reserved("1001", Action.RING, agent.token, interaction_id=place.interaction_id)


def test_a_step_of_a_term_that_is_over_is_refused(house):
    place, agent = reserved(house)
    house.store.redis.set(term_key("east"), "2@elsewhere:2")
    with pytest.raises(StaleLeader):
        theirs(house).apply_reserved("1001", Action.RING, agent.token, interaction_id=place.interaction_id)


def test_a_leg_of_which_the_event_log_has_not_told_yet_rings_on_and_is_answered(house):
    place, agent = rung(house)
    asyncio.run(house.calls.leg_appeared(agent.token, "PJSIP/agent-1001-1"))
    assert house.asterisk.named("Hangup") == []
    house.clock.advance(3)
    house.calls.leg_answered(agent.token)
    assert house.agent().state is AgentState.TALKING
    house.settle()
    [answered] = house.told(EventKind.INTERACTION_ANSWERED)
    assert (answered.data["queue"], answered.data["wait_s"]) == ("general", 3.0)
    assert answered.interaction_id == place.interaction_id


def test_a_leg_of_a_reservation_that_is_over_is_ended(house):
    _, agent = rung(house)
    asyncio.run(house.calls.leg_appeared(agent.token - 1, "PJSIP/agent-1001-1"))
    assert [each["Channel"] for each in house.asterisk.named("Hangup")] == ["PJSIP/agent-1001-1"]


def test_a_caller_who_hangs_up_before_the_event_log_has_told_frees_the_agent(house):
    place, _ = reserved(house)
    asyncio.run(house.callers.caller_gone(place.interaction_id))
    assert house.agent().state is AgentState.READY
    left = house.store.snapshot()
    assert (left.line, left.taken) == ({}, {})


def test_a_phone_that_is_lost_before_the_event_log_has_told_loses_no_caller(house):
    place, _ = reserved(house)
    agent = house.floor.refresh_agent(house.store, "1001")
    asyncio.run(house.calls.phone_lost(agent))
    assert (house.agent().state, house.agent().reason) == (AgentState.NOT_READY, NotReadyReason.DEVICE)
    assert house.store.snapshot().line == {place.interaction_id: place}


def test_comparing_notes_leaves_alone_what_a_partitions_leader_is_about_to_do(house):
    place, agent = reserved(house)
    house.resync(waiting_channel(place))
    assert (house.agent().state, house.agent().token) == (AgentState.RESERVED, agent.token)
    theirs(house).apply_reserved(
        "1001", Action.RING, agent.token, interaction_id=place.interaction_id, deadline=house.clock.now() + timedelta(seconds=23)
    )
    house.resync(waiting_channel(place))
    assert house.agent().state is AgentState.RINGING, "Asterisk may only be about to know the leg"
    house.later(3, "1001")
    house.resync(waiting_channel(place))
    assert house.agent().state is AgentState.READY, "there is none, and never will be"
    assert house.store.snapshot().line == {place.interaction_id: place}


def test_a_leg_that_ended_while_nobody_heard_it_is_settled_a_little_later(house):
    place, _ = rung(house)
    house.resync(waiting_channel(place))
    house.later(2.5, "1001")
    house.settle_lost_rings(waiting_channel(place))
    assert house.agent().state is AgentState.READY
    assert house.store.snapshot().line == {place.interaction_id: place}


def test_and_so_is_the_caller_who_hung_up_meanwhile(house):
    place, _ = rung(house)
    house.resync(waiting_channel(place))
    house.later(2.5, "1001")
    house.settle_lost_rings()
    assert house.agent().state is AgentState.READY
    assert (house.store.snapshot().line, house.store.snapshot().taken) == ({}, {})
    house.settle()
    assert [event.interaction_id for event in house.told(EventKind.INTERACTION_ABANDONED)] == [place.interaction_id]


def test_an_answer_heard_while_notes_are_compared_is_no_talk_that_ended(house):
    place, agent = rung(house)
    rows, house.asterisk.rows = house.asterisk.rows, None

    async def answered_meanwhile(name: str, **fields: str) -> list[dict[str, str]]:
        found = await rows(name, **fields)
        if name == "Status":
            house.clock.advance(0.01)
            house.calls.leg_answered(agent.token)
        return found

    house.asterisk.rows = answered_meanwhile
    house.resync(waiting_channel(place))
    assert house.agent().state is AgentState.TALKING
