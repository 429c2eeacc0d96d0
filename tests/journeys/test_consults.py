"""Asking somebody about the call in hand, step by step; Asterisk is a fake at the edge."""

import pytest

from asterisk_conf import names
from core.events import EventKind
from routing.agent_state import AgentState, NotReadyReason
from routing.consult import ConsultPhase
from tests.journeys.control_house import ControlHouse


@pytest.fixture
def house(redis_url):
    house = ControlHouse(redis_url)
    house.ready_agent("1002")
    yield house
    house.close()


async def _leave(house) -> None:
    house.calls.leg_ended(house.agent().token, "16")
    await house.a_moment()


def test_the_colleague_is_rung_for_the_agents_leg_and_the_caller_waits_in_asterisk(house):
    assert house.ask("consult", agent="1002") == ""
    house.do()
    assert house.agent("1002").state is AgentState.RINGING
    assert house.agent("1002").consulted_by == "1001"
    [redirect] = house.asterisk.named("Redirect")
    assert (redirect["Channel"], redirect["Context"], redirect["Exten"]) == (house.place.channel, names.WAITING, "held")
    assert (redirect["ExtraChannel"], redirect["ExtraContext"]) == ("PJSIP/agent-1001-1", names.CONSULT)
    ring = house.asterisk.named("Originate")[-1]
    assert ring["Context"] == names.CONSULTED
    assert f"{names.CONSULTER}=PJSIP/agent-1001-1" in ring["Variable"]
    assert f"{names.CALLER}={house.place.channel}" in ring["Variable"]
    assert house.floor.holder_of(house.place.interaction_id).agent_id == "1001"


def test_the_answer_of_a_colleague_is_no_answer_of_the_interaction(house):
    house.consult_answered()
    assert house.agent().consult.phase is ConsultPhase.WITH_THEM
    answers = [event for event in house.events if event.kind is EventKind.INTERACTION_ANSWERED]
    assert len(answers) == 1


def test_who_is_not_ready_can_not_be_asked_and_the_talk_goes_on(house):
    house.changes.make_not_ready("1002", NotReadyReason.BREAK)
    assert house.ask("consult", agent="1002") == "colleague_busy"
    assert house.agent().consult is None
    assert not house.asterisk.named("Redirect")


def test_no_answer_makes_the_colleague_not_ready_and_brings_the_agent_back(house):
    house.ask("consult", agent="1002")
    house.do()
    house.later(house.settings.ring_timeout_s + 3, "1001", "1002")
    house.do()
    house.follow()
    assert (house.agent("1002").state, house.agent("1002").reason) == (AgentState.NOT_READY, NotReadyReason.RONA)
    assert house.agent().consult is None
    back = house.asterisk.named("Redirect")[-1]
    assert (back["Channel"], back["Context"]) == ("PJSIP/agent-1001-1", names.AGENT_LEG)
    assert house.place.interaction_id in house.store.snapshot().taken, "the place is the first agent's still"
    assert not house.store.snapshot().line


def test_handing_over_makes_the_caller_theirs_and_ends_only_the_agents_leg(house):
    house.consult_answered()
    assert house.ask("complete") == ""
    assert house.agent().state is AgentState.WRAP_UP
    assert house.agent().handed_over == house.place
    assert house.agent("1002").holds_caller
    assert house.floor.holder_of(house.place.interaction_id).agent_id == "1002"
    assert [each["Channel"] for each in house.asterisk.named("Hangup")] == ["PJSIP/agent-1001-1"]
    house.changes.finish_wrap_up("1001", house.place.interaction_id, ready=True)
    assert house.place.interaction_id in house.store.snapshot().taken
    house.calls.leg_ended(house.agent("1002").token, "16")
    assert house.agent("1002").state is AgentState.WRAP_UP


def test_a_colleague_who_leaves_is_told_of_once_though_in_wrap_up_and_ready_in_one_moment(house):
    house.consult_answered()
    house.ask("merge")
    house.calls.leg_ended(house.agent("1002").token, "16")
    house.do()
    house.follow()
    assert house.agent("1002").state is AgentState.READY
    assert house.agent().consult is None
    told = [event for event in house.events if event.kind is EventKind.CONSULT_CHANGED and event.data.get("why") == "gone"]
    assert len(told) == 1


def test_swap_and_three_way_move_both_legs_in_one_step(house):
    house.consult_answered()
    assert house.ask("swap") == ""
    assert house.agent().consult.phase is ConsultPhase.WITH_CALLER
    swap = house.asterisk.named("Redirect")[-1]
    assert (swap["Channel"], swap["ExtraChannel"]) == ("PJSIP/agent-1002-1", "PJSIP/agent-1001-1")
    assert (swap["Exten"], swap["ExtraContext"]) == ("held", names.AGENT_LEG)
    assert house.ask("merge") == ""
    ways = [(each["Channel"], each["Exten"]) for each in house.asterisk.named("Redirect")[-2:]]
    assert ways == [(house.place.channel, "caller"), ("PJSIP/agent-1002-1", "helper")]
    assert house.agent().consult.phase is ConsultPhase.THREE


@pytest.mark.parametrize("before", [(), ("merge",)])
def test_an_agent_who_hangs_up_leaves_the_caller_to_the_colleague(house, before):
    house.consult_answered()
    for order in before:
        house.ask(order)
    house.calls.leg_ended(house.agent().token, "16")
    assert house.agent().state is AgentState.WRAP_UP
    assert house.agent("1002").holds_caller


def test_a_caller_who_hangs_up_meanwhile_leaves_the_two_alone_and_the_colleague_without_a_wrap_up(house):
    house.consult_answered()
    house.do(house.calls.caller_left(house.place.interaction_id))
    assert (house.agent().state, house.agent().consult.alone) == (AgentState.TALKING, True)
    for order in ("swap", "merge", "complete"):
        assert house.ask(order) == "not_now"
    house.do(_leave(house))
    assert house.agent().state is AgentState.WRAP_UP
    assert not house.agent("1002").holds_caller
    assert names.agent_leg_id(house.agent("1002").token) in [each["Channel"] for each in house.asterisk.named("Hangup")]
    house.calls.leg_ended(house.agent("1002").token, "16")
    assert house.agent("1002").state is AgentState.READY


def test_a_caller_who_hangs_up_while_it_rings_frees_the_colleague_and_ends_the_talk(house):
    house.ask("consult", agent="1002")
    house.do()
    house.do(house.calls.caller_left(house.place.interaction_id))
    house.do()
    assert house.agent("1002").state is AgentState.READY
    assert names.agent_leg_id(house.agent().token) in [each["Channel"] for each in house.asterisk.named("Hangup")]


def test_an_agent_who_hangs_up_while_it_rings_leaves_the_caller_to_the_line(house):
    house.ask("consult", agent="1002")
    house.do()
    house.do(_leave(house))
    assert house.agent().state is AgentState.WRAP_UP
    place = house.store.place(house.place.interaction_id)
    assert place.credit_s == pytest.approx(30)
    moved = [each for each in house.asterisk.named("Redirect") if each["Exten"] == "handed"]
    assert [each["Channel"] for each in moved] == [house.place.channel]


def test_the_colleagues_end_is_no_wrap_up_of_theirs(house):
    house.consult_answered()
    house.calls.leg_ended(house.agent("1002").token, "16")
    house.do()
    house.follow()
    assert house.agent("1002").state is AgentState.READY
    assert house.agent().state is AgentState.TALKING
    assert house.agent().consult is None


def test_a_number_outside_is_asked_by_a_leg_of_its_own(house):
    assert house.ask("consult", number="+628119000777") == ""
    call = house.asterisk.named("Originate")[-1]
    assert call["Channel"] == "PJSIP/+628119000777@way-out"
    assert not [each for each in call["Variable"] if each.startswith(names.INTERACTION)], "it is no caller's"
    leg = house.agent().consult.leg
    assert names.token_of_consult_leg(leg) == house.agent().token
    house.asterisk.tell("Newstate", uniqueid=leg, channelstatedesc="Up")
    assert house.agent().consult.phase is ConsultPhase.WITH_THEM
    house.asterisk.legs.append({"uniqueid": leg, "channel": "PJSIP/way-out-1", "channelstatedesc": "Up"})
    assert house.ask("complete") == ""
    assert house.store.snapshot().taken == {}


def test_nothing_can_be_swapped_before_they_have_answered(house):
    house.ask("consult", agent="1002")
    assert house.ask("swap") == "not_now"
    assert house.ask("complete") == "not_now"
    assert house.ask("consult", agent="1002") == "not_now"
