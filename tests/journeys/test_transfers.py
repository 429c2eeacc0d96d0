"""Hand-overs through routing and call control, step by step; Asterisk is a fake at the edge."""

from datetime import timedelta

import pytest

from asterisk_conf import names
from core.events import Event, EventKind
from cti.place_on_channel import place_from_variable, place_to_variable
from routing.agent_state import AgentState
from tests.journeys.control_house import ControlHouse


@pytest.fixture
def house(redis_url):
    house = ControlHouse(redis_url)
    yield house
    house.close()


def test_to_a_queue_the_channel_is_told_before_the_live_state_and_moved_after_it(house):
    assert house.ask("queue", queue="technical") == ""
    assert house.agent().state is AgentState.WRAP_UP
    assert house.agent().handed_over == house.place
    line = house.store.snapshot().line[house.place.interaction_id]
    assert (line.queue, line.credit_s) == ("technical", pytest.approx(30))
    assert place_from_variable(house.asterisk.variables[names.PLACE]) == line
    assert house.asterisk.variables[names.HANDED] == names.WAITING
    [redirect] = house.asterisk.named("Redirect")
    assert (redirect["Channel"], redirect["Context"], redirect["Exten"]) == (house.place.channel, names.WAITING, "handed")
    kinds = [event.kind for event in house.events]
    assert kinds.index(EventKind.INTERACTION_HANDED_OVER) < len(kinds) - 1 - kinds[::-1].index(EventKind.INTERACTION_QUEUED)


def test_the_first_agents_wrap_up_takes_nothing_from_the_second(house):
    house.ready_agent("1002")
    house.do()
    house.ask("queue")
    assert house.agent("1002").interaction_id == house.place.interaction_id
    house.calls.leg_answered(house.agent("1002").token)
    house.changes.finish_wrap_up("1001", house.place.interaction_id, ready=False)
    assert house.agent().handed_over is None
    assert house.place.interaction_id in house.store.snapshot().taken
    assert house.floor.holder_of(house.place.interaction_id).agent_id == "1002"


def test_to_an_agent_that_one_alone_is_rung_until_the_time_is_over(house):
    house.ready_agent("1002")
    house.ready_agent("1003")
    house.changes.make_ready("1002")
    busy = house.queue(2)
    house.do()
    talking = next(agent for agent in ("1002", "1003") if house.agent(agent).interaction_id == busy.interaction_id)
    other = "1003" if talking == "1002" else "1002"
    house.calls.leg_answered(house.agent(talking).token)
    assert house.ask("agent", agent=talking) == ""
    assert house.agent(other).state is AgentState.READY, "asked for is somebody else"
    house.later(house.settings.transfer_wait_s, "1001", "1002", "1003")
    house.do()
    assert house.agent(other).interaction_id == house.place.interaction_id


def test_outside_the_caller_leaves_our_hands_and_comes_back_with_the_place_when_nobody_answers(house):
    assert house.ask("outside", number="+628119000777") == ""
    snapshot = house.store.snapshot()
    assert not snapshot.line
    assert not snapshot.taken
    assert house.asterisk.variables[names.NUMBER] == "+628119000777"
    house.do(house.transfers.not_reached(house.place.interaction_id, house.place.channel))
    assert house.store.snapshot().line[house.place.interaction_id].credit_s == pytest.approx(30)


def test_an_order_for_another_talk_or_too_late_changes_nothing(house):
    assert house.ask("queue", token=house.agent().token - 1) == "call_over"
    late = Event(
        EventKind.CALL_CONTROL_ASKED, house.clock.now() - timedelta(seconds=7), house.place.interaction_id, "1001",
        {"ask": "queue", "token": house.agent().token, "queue": "general"},
    )  # fmt: skip
    house.do(house.control.obey(late))
    assert house.agent().state is AgentState.TALKING
    assert not house.asterisk.named("Redirect")


def test_the_same_order_twice_moves_nobody_twice(house):
    house.ask("queue")
    house.do()
    assert house.ask("queue") == "call_over"
    assert len(house.asterisk.named("Redirect")) == 1


def test_when_asterisk_does_not_answer_the_talk_goes_on(house):
    house.asterisk.refuses.add("Setvar")
    assert house.ask("queue") == "unavailable"
    assert house.agent().state is AgentState.TALKING
    assert house.place.interaction_id in house.store.snapshot().taken


def test_when_the_redirect_is_refused_the_agents_leg_ends_and_the_dialplan_sends_the_caller_on(house):
    house.asterisk.refuses.add("Redirect")
    assert house.ask("queue") == ""
    assert house.asterisk.named("Hangup")[-1]["Channel"] == names.agent_leg_id(house.agent().token)


def test_an_agent_who_hung_up_a_moment_before_has_handed_over_all_the_same(house):
    agent = house.agent()
    house.calls.leg_ended(agent.token, "16")
    given = house.place.handed_on("technical", house.clock.now())
    house.calls.give_back(house.agent(), given)
    assert house.agent().handed_over == given
    assert house.store.snapshot().line[house.place.interaction_id] == given


def test_a_place_that_is_handed_on_fits_on_the_channel(house):
    given = house.place.handed_on("technical", house.clock.now(), "1002", 30)
    assert place_from_variable(place_to_variable(given)) == given
