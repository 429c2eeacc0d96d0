"""An agent's phone is lost while somebody is asked about the call, step by step; Asterisk is a fake at the edge."""

import pytest

from asterisk_conf import names
from core.events import EventKind
from routing.agent_state import AgentState
from routing.consult import ConsultPhase
from routing.order import FIRST

OUTSIDE = "+628119000777"


def asked(house, *orders: str) -> None:
    """1002 was asked and has answered; then these orders were obeyed."""
    house.consult_answered()
    together(house, "PJSIP/agent-1001-1", "PJSIP/agent-1002-1")
    for order in orders:
        assert house.ask(order) == ""
    if orders == ("swap",):
        together(house, "PJSIP/agent-1001-1", house.place.channel)
    house.asterisk.actions.clear()


def together(house, *channels: str) -> None:
    """Only these are in one bridge now."""
    for leg in house.asterisk.legs:
        leg["bridgeid"] = "one" if leg["channel"] in channels else ""


def lose(house) -> None:
    house.changes.phone_changed("1001", up=False)
    house.do(house.calls.phone_lost(house.agent()))
    house.calls.leg_ended(house.agent().token, "16")
    house.asterisk.legs[:] = [leg for leg in house.asterisk.legs if leg["channel"] != "PJSIP/agent-1001-1"]
    together(house)


def call_back(house) -> dict:
    """The page is there again, and answers; returns the call to it."""
    house.later(2, "1001")
    house.changes.phone_changed("1001", up=True)
    house.do(house.calls.phone_back(house.agent()))
    again = house.asterisk.named("Originate")[-1]
    leg = {"uniqueid": again["ChannelId"], "channel": "PJSIP/agent-1001-2", "channelstatedesc": "Up", "context": again["Context"]}
    house.asterisk.legs.append(leg)
    house.do(heard(house, lambda: house.calls.leg_answered(house.agent().token)))
    return again


def says_it_is_there(house) -> None:
    """The new leg has come to where the others can be brought to it."""
    leg = house.asterisk.legs[-1]
    row = {"userevent": names.BACK_IN_CONSULT, "uniqueid": leg["uniqueid"], "channel": leg["channel"]}
    house.do(heard(house, lambda: house.asterisk.tell("UserEvent", **row)))


async def heard(house, tell) -> None:
    tell()
    await house.a_moment()


def moved(house) -> list[tuple]:
    keys = ("Channel", "Context", "Exten", "ExtraChannel", "ExtraContext", "ExtraExten")
    return [tuple(each.get(key, "") for key in keys) for each in house.asterisk.named("Redirect")]


def ended(house) -> list:
    return [each["Channel"] for each in house.asterisk.named("Hangup")]


def test_the_callers_channel_knows_first_then_both_hear_music(house):
    asked(house)
    lose(house)
    assert [name for name, _ in house.asterisk.actions][:2] == ["Setvar", "Redirect"]
    assert int(house.asterisk.variables[names.KEPT]) > house.agent().deadline.timestamp()
    assert moved(house) == [
        ("PJSIP/agent-1002-1", names.CONSULTED, "away", "PJSIP/agent-1001-1", names.CONSULT, "over"),
    ]  # fmt: skip
    assert (house.agent().state, house.agent().consult.phase) == (AgentState.TALKING, ConsultPhase.WITH_THEM)
    assert house.agent("1002").state is AgentState.TALKING
    assert house.ask("swap") == "call_over", "nobody gives orders from a page that is away"


def test_the_new_leg_waits_until_whoever_is_asked_is_brought_to_it(house):
    asked(house)
    lose(house)
    again = call_back(house)
    assert (again["Context"], again["Exten"]) == (names.CONSULT, "back")
    assert f"PJSIP_HEADER(add,{names.HEADER_RESUME})=1" in again["Variable"]
    assert house.agent().deadline is not None, "not yet: the leg is not where the others can come"
    says_it_is_there(house)
    assert house.asterisk.variables[names.CONSULTER] == "PJSIP/agent-1001-2"
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-1", names.CONSULTED, "s")
    assert (house.agent().deadline, house.asterisk.variables[names.KEPT]) == (None, "")
    assert house.agent().consult.phase is ConsultPhase.WITH_THEM
    held = [event.data["why"] for event in house.events if event.kind is EventKind.INTERACTION_HELD]
    assert held == ["consult", "device", "consult"]


def test_swapped_the_caller_hears_one_moment_and_the_new_leg_takes_them(house):
    asked(house, "swap")
    lose(house)
    assert moved(house) == [(house.place.channel, names.WAITING, "resume", "PJSIP/agent-1001-1", names.CONSULT, "over")]
    again = call_back(house)
    assert (again["Context"], again["Exten"]) == (names.AGENT_LEG, "s")
    assert (house.agent().deadline, house.agent().consult.phase) == (None, ConsultPhase.WITH_CALLER)
    assert house.asterisk.variables[names.CONSULTER] == "PJSIP/agent-1001-2", "for the next swap"


def test_in_a_three_way_talk_only_the_dead_leg_ends(house):
    asked(house, "merge")
    lose(house)
    assert moved(house) == []
    assert ended(house) == ["PJSIP/agent-1001-1"]
    again = call_back(house)
    assert (again["Context"], again["Exten"]) == (names.THREE_WAY, "back")
    says_it_is_there(house)
    assert (house.agent().deadline, house.agent().consult.phase) == (None, ConsultPhase.THREE)
    assert moved(house) == []


def test_who_only_rings_is_let_go_and_the_caller_kept_as_in_a_plain_talk(house):
    house.ask("consult", agent="1002")
    house.do()
    lose(house)
    house.follow()
    assert house.agent("1002").state is AgentState.READY
    assert (house.agent().state, house.agent().consult) == (AgentState.TALKING, None)
    assert house.agent().deadline is not None
    assert moved(house)[-1][:3] == (house.place.channel, names.WAITING, "resume")
    assert call_back(house)["Context"] == names.AGENT_LEG


@pytest.mark.parametrize("orders", [(), ("swap",), ("merge",)])
def test_at_the_deadline_a_colleague_who_is_still_there_has_the_caller(house, orders):
    asked(house, *orders)
    lose(house)
    house.later(house.settings.resume_call_s, "1002")
    house.do()
    assert house.agent("1002").holds_caller
    assert house.agent().state in (AgentState.WRAP_UP, AgentState.NOT_READY)
    assert not house.store.snapshot().line
    assert ("PJSIP/agent-1002-1", names.CONSULTED, "take") in [each[:3] for each in moved(house)] or orders == ("merge",)
    assert house.asterisk.variables[names.KEPT] == ""


def test_at_the_deadline_a_number_outside_is_let_go_and_the_caller_is_first_in_line(house):
    house.ask("consult", number=OUTSIDE)
    leg = house.agent().consult.leg
    house.asterisk.tell("Newstate", uniqueid=leg, channelstatedesc="Up")
    house.asterisk.legs.append({"uniqueid": leg, "channel": "PJSIP/way-out-1", "channelstatedesc": "Up", "bridgeid": "one"})
    lose(house)
    house.changes.make_not_ready("1002", "break")
    house.later(house.settings.resume_call_s, "1002")
    house.do()
    assert house.agent().state is AgentState.NOT_READY
    assert house.store.snapshot().line[house.place.interaction_id].priority == FIRST
    assert leg in ended(house)


def test_in_a_three_way_talk_with_a_number_outside_the_two_go_on(house):
    house.ask("consult", number=OUTSIDE)
    leg = house.agent().consult.leg
    house.asterisk.tell("Newstate", uniqueid=leg, channelstatedesc="Up")
    house.asterisk.legs.append({"uniqueid": leg, "channel": "PJSIP/way-out-1", "channelstatedesc": "Up"})
    house.ask("merge")
    lose(house)
    house.later(house.settings.resume_call_s)
    house.do()
    snapshot = house.store.snapshot()
    assert (snapshot.line, snapshot.taken) == ({}, {}), "out of our hands, as when they are handed over"
    assert leg not in ended(house)


@pytest.mark.parametrize("orders", [(), ("swap",), ("merge",)])
def test_the_colleague_who_hangs_up_meanwhile_leaves_the_caller_kept_for_the_agent(house, orders):
    asked(house, *orders)
    lose(house)
    house.asterisk.legs[:] = [leg for leg in house.asterisk.legs if leg["channel"] != "PJSIP/agent-1002-1"]
    house.calls.leg_ended(house.agent("1002").token, "16")
    house.do()
    house.follow()
    assert house.agent("1002").state is AgentState.READY
    assert (house.agent().state, house.agent().consult) == (AgentState.TALKING, None)
    assert house.agent().deadline is not None
    assert house.asterisk.variables[names.KEPT] != "", "whatever ends, the dialplan has them wait"
    assert call_back(house)["Context"] == names.AGENT_LEG
    assert (house.agent().deadline, house.asterisk.variables[names.KEPT]) == (None, "")


def test_the_caller_who_hangs_up_meanwhile_frees_the_colleague(house):
    asked(house)
    lose(house)
    house.do(house.calls.caller_left(house.place.interaction_id))
    assert house.agent().state is AgentState.WRAP_UP
    assert names.agent_leg_id(house.agent("1002").token) in ended(house)


def test_there_is_nothing_to_come_back_to_when_the_caller_had_gone_before(house):
    asked(house)
    house.asterisk.says_no_to.add("Setvar")
    lose(house)
    assert house.agent().state is AgentState.WRAP_UP
    assert names.agent_leg_id(house.agent("1002").token) in ended(house)


def test_who_leads_next_carries_out_what_was_begun(house):
    asked(house)
    house.asterisk.refuses.add("Redirect")  # whoever wrote the deadline has died before anybody was moved
    with pytest.raises(Exception, match="no answer"):
        lose(house)
    house.asterisk.refuses.clear()
    house.do(house.consults.compare(house.asterisk.legs))
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-1", names.CONSULTED, "away")
    together(house)
    house.changes.phone_changed("1001", up=True)
    house.later(1, "1001")
    house.do(house.calls.phone_back(house.agent()))
    again = house.asterisk.named("Originate")[-1]
    house.asterisk.legs.append({"uniqueid": again["ChannelId"], "channel": "PJSIP/agent-1001-2", "channelstatedesc": "Up"})
    house.do(house.consults.compare(house.asterisk.legs))  # nobody has heard the answer
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-1", names.CONSULTED, "s")
    assert house.agent().deadline is None


def test_who_hears_music_for_a_talk_that_is_over_is_let_go_by_whoever_leads_next(house):
    stray = {"uniqueid": "halo-consult-7-7", "channel": "PJSIP/way-out-7", "channelstatedesc": "Up", "context": names.CONSULTED}
    house.do(house.consults.compare([stray]))
    assert ended(house) == ["PJSIP/way-out-7"]
    house.asterisk.actions.clear()
    house.do(house.consults.compare([stray | {"bridgeid": "one"}]))
    assert ended(house) == [], "handed over, they speak with the caller"
