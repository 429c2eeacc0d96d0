"""The phone of an agent who is asked about a call is lost, step by step; Asterisk is a fake at the edge."""

import pytest

from asterisk_conf import names
from core.events import EventKind
from routing.agent_state import AgentState, NotReadyReason
from routing.consult import ConsultPhase

ASKS, ASKED = "PJSIP/agent-1001-1", "PJSIP/agent-1002-1"


def asked(house, *orders: str) -> None:
    """1002 was asked and has answered; then these orders were obeyed."""
    house.consult_answered()
    for order in orders:
        assert house.ask(order) == ""
    house.asterisk.actions.clear()


def lose(house) -> None:
    """The page of 1002 is gone; a moment later Asterisk tells of the leg's end."""
    house.changes.phone_changed("1002", up=False)
    house.do(house.calls.phone_lost(house.agent("1002")))
    end_leg(house, ASKED)


def end_leg(house, channel: str) -> None:
    [leg] = [leg for leg in house.asterisk.legs if leg["channel"] == channel]
    house.asterisk.legs.remove(leg)
    house.do(hear(house, lambda: house.asterisk.tell("Hangup", uniqueid=leg["uniqueid"], cause="16")))
    house.follow()


async def hear(house, tell) -> None:
    tell()
    await house.a_moment()


def call_back(house) -> dict:
    """The page is there again and answers; its leg says that it can be moved. Returns the call to it."""
    house.later(2, "1001", "1002")
    house.changes.phone_changed("1002", up=True)
    house.do(house.calls.phone_back(house.agent("1002")))
    again = house.asterisk.named("Originate")[-1]
    leg = {"uniqueid": again["ChannelId"], "channel": "PJSIP/agent-1002-2", "channelstatedesc": "Up", "context": again["Context"]}
    house.asterisk.legs.append(leg)
    house.do(hear(house, lambda: house.calls.leg_answered(house.agent("1002").token)))
    row = {"userevent": names.BACK_IN_CONSULT, "uniqueid": leg["uniqueid"], "channel": leg["channel"]}
    house.do(hear(house, lambda: house.asterisk.tell("UserEvent", **row)))
    return again


def moved(house) -> list[tuple]:
    keys = ("Channel", "Context", "Exten", "ExtraChannel", "ExtraContext", "ExtraExten")
    return [tuple(each.get(key, "") for key in keys) for each in house.asterisk.named("Redirect")]


def test_whoever_asks_hears_music_and_the_colleague_is_brought_back_to_them(house):
    asked(house)
    lose(house)
    assert moved(house) == [(ASKS, names.CONSULT, "away", ASKED, names.CONSULT, "over")]
    assert (house.agent("1002").state, house.agent().consult.away) == (AgentState.TALKING, True)
    for order in ("merge", "complete"):
        assert house.ask(order) == "not_now", "nobody is there to have the caller"
    again = call_back(house)
    assert (again["Context"], again["Exten"]) == (names.CONSULTED, "back")
    assert f"PJSIP_HEADER(add,{names.HEADER_RESUME})=1" in again["Variable"]
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-2", names.CONSULTED, "s")
    assert house.asterisk.variables[names.CONSULTER] == ASKS
    assert (house.agent("1002").deadline, house.agent().consult.away) == (None, False)
    assert house.agent().consult.phase is ConsultPhase.WITH_THEM
    assert not house.agent("1002").holds_caller
    assert house.ask("complete") == ""
    assert house.agent("1002").holds_caller


def test_swapped_the_caller_notices_nothing(house):
    asked(house, "swap")
    lose(house)
    assert moved(house) == []
    call_back(house)
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-2", names.CONSULTED, "held")
    assert house.ask("swap") == ""
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-2", names.CONSULTED, "s"), "the new leg is known"


def test_in_a_three_way_talk_they_come_back_into_the_room(house):
    asked(house, "merge")
    lose(house)
    assert moved(house) == []
    call_back(house)
    assert moved(house) == [("PJSIP/agent-1002-2", names.THREE_WAY, "helper", "", "", "")]


def test_whoever_asks_may_go_to_the_caller_meanwhile_and_finds_the_colleague_on_hold(house):
    asked(house)
    lose(house)
    assert house.ask("swap") == ""
    assert moved(house)[-1] == (ASKS, names.AGENT_LEG, "s", "", "", "")
    assert house.ask("swap") == "not_now"
    call_back(house)
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-2", names.CONSULTED, "held")


@pytest.mark.parametrize("orders", [(), ("swap",), ("merge",)])
def test_at_the_deadline_whoever_asks_is_told_and_has_the_caller(house, orders):
    asked(house, *orders)
    lose(house)
    house.asterisk.actions.clear()
    house.later(house.settings.resume_call_s, "1001")
    house.do()
    house.follow()
    assert (house.agent().state, house.agent().consult) == (AgentState.TALKING, None)
    assert (house.agent("1002").state, house.agent("1002").reason) == (AgentState.NOT_READY, NotReadyReason.DEVICE)
    told = [event.data for event in house.events if event.kind is EventKind.CONSULT_CHANGED][-1]
    assert (told["phase"], told["why"]) == ("", "stayed_away")
    assert moved(house) == ([] if orders else [(ASKS, names.AGENT_LEG, "s", "", "", "")])
    assert house.place.interaction_id in house.store.snapshot().taken, "the caller is the first agent's all the time"


def test_back_to_the_caller_lets_the_colleague_go_who_is_away(house):
    asked(house)
    lose(house)
    assert house.ask("drop") == ""
    assert moved(house)[-1] == (ASKS, names.AGENT_LEG, "s", "", "", "")
    assert house.agent("1002").state is AgentState.READY
    assert house.agent().consult is None


def test_a_caller_who_hangs_up_meanwhile_frees_both(house):
    asked(house)
    lose(house)
    house.do(house.calls.caller_left(house.place.interaction_id))
    assert house.agent("1002").state is AgentState.READY
    assert ASKS in [each["Channel"] for each in house.asterisk.named("Hangup")], "there is nobody left to speak with"


def test_whoever_asks_and_hangs_up_meanwhile_leaves_the_caller_to_the_line(house):
    house.changes.choose_after_call("1001", NotReadyReason.BREAK)
    asked(house)
    lose(house)
    house.changes.phone_changed("1002", up=False)
    house.do(hear(house, lambda: house.calls.leg_ended(house.agent().token, "16")))
    assert house.agent().state is AgentState.WRAP_UP
    assert not house.agent("1002").holds_caller, "their page may not come back"
    assert house.place.interaction_id in house.store.snapshot().line


def test_who_asks_and_is_lost_too_finds_the_colleague_again(house):
    asked(house)
    lose(house)
    house.changes.phone_changed("1001", up=False)
    house.do(house.calls.phone_lost(house.agent()))
    house.asterisk.legs[:] = [leg for leg in house.asterisk.legs if leg["channel"] != ASKS]
    call_back(house)
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-2", names.CONSULTED, "away"), "who asks is away still"
    house.later(1, "1001", "1002")
    house.changes.phone_changed("1001", up=True)
    house.do(house.calls.phone_back(house.agent()))
    again = house.asterisk.named("Originate")[-1]
    house.asterisk.legs.append({"uniqueid": again["ChannelId"], "channel": "PJSIP/agent-1001-2", "channelstatedesc": "Up"})
    row = {"userevent": names.BACK_IN_CONSULT, "uniqueid": again["ChannelId"], "channel": "PJSIP/agent-1001-2"}
    house.do(hear(house, lambda: house.asterisk.tell("UserEvent", **row)))
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-2", names.CONSULTED, "s")
    assert (house.agent().deadline, house.agent("1002").deadline) == (None, None)


def test_a_leg_that_was_gone_before_has_let_whoever_asks_to_the_caller(house):
    asked(house)
    house.asterisk.legs[:] = [leg for leg in house.asterisk.legs if leg["channel"] != ASKED]
    next(leg for leg in house.asterisk.legs if leg["channel"] == ASKS)["context"] = names.AGENT_LEG
    house.do(house.calls.leg_lost(house.agent("1002").token))
    assert (house.agent().consult.phase, house.agent().consult.away) == (ConsultPhase.WITH_CALLER, True)
    assert moved(house) == []


def test_a_phone_that_rings_rings_again_when_the_page_is_back(house):
    house.ask("consult", agent="1002")
    house.do()
    house.asterisk.legs.append({"uniqueid": house.agent().consult.leg, "channel": ASKED, "channelstatedesc": "Ringing"})
    lose(house)
    assert (house.agent("1002").state, house.agent().consult.phase) == (AgentState.RINGING, ConsultPhase.CALLING)
    house.later(2, "1001", "1002")
    house.changes.phone_changed("1002", up=True)
    house.do(house.calls.phone_back(house.agent("1002")))
    again = house.asterisk.named("Originate")[-1]
    assert (again["Context"], again["Exten"]) == (names.CONSULTED, "s")
    assert f"{names.CONSULTER}={ASKS}" in again["Variable"]
    assert house.agent().consult.leg == again["ChannelId"] != names.agent_leg_id(house.agent("1002").token)
    house.calls.leg_answered(house.agent("1002").token)
    house.do()
    house.follow()
    assert house.agent().consult.phase is ConsultPhase.WITH_THEM


def test_a_phone_that_rang_and_stays_away_is_no_rona(house):
    house.ask("consult", agent="1002")
    house.do()
    house.asterisk.legs.append({"uniqueid": house.agent().consult.leg, "channel": ASKED, "channelstatedesc": "Ringing"})
    lose(house)
    house.later(house.settings.ring_timeout_s + 3, "1001", "1002")
    house.do()
    house.follow()
    assert (house.agent("1002").state, house.agent("1002").reason) == (AgentState.NOT_READY, NotReadyReason.DEVICE)
    assert moved(house)[-1][:3] == (ASKS, names.AGENT_LEG, "s")


def test_who_leads_next_carries_out_what_was_begun(house):
    asked(house)
    house.asterisk.refuses.add("Redirect")  # whoever wrote it down has died before anybody was moved
    house.changes.phone_changed("1002", up=False)
    with pytest.raises(Exception, match="no answer"):
        house.do(house.calls.phone_lost(house.agent("1002")))
    house.asterisk.refuses.clear()
    house.do(house.consults.compare(house.asterisk.legs))
    assert moved(house)[-1] == (ASKS, names.CONSULT, "away", ASKED, names.CONSULT, "over")
    house.asterisk.legs[:] = [leg for leg in house.asterisk.legs if leg["channel"] != ASKED]
    next(leg for leg in house.asterisk.legs if leg["channel"] == ASKS)["context"] = names.CONSULT
    house.do(house.consults.compare(house.asterisk.legs))
    assert house.agent().consult.away, "a leg that is there no more does not end it: they may be back yet"
    house.later(1, "1001", "1002")
    house.changes.phone_changed("1002", up=True)
    house.do(house.calls.phone_back(house.agent("1002")))
    again = house.asterisk.named("Originate")[-1]
    leg = {"uniqueid": again["ChannelId"], "channel": "PJSIP/agent-1002-2", "channelstatedesc": "Up", "context": names.CONSULTED}
    house.asterisk.legs.append(leg)
    house.do(house.consults.compare(house.asterisk.legs))  # nobody has heard that it is there
    assert moved(house)[-1][:3] == ("PJSIP/agent-1002-2", names.CONSULTED, "s")
    assert house.agent("1002").deadline is None


def test_two_reloads_in_a_row_and_the_first_call_back_that_nobody_took_ends_nothing(house):
    asked(house)
    lose(house)
    house.later(1, "1001", "1002")
    for up in (True, False):
        house.changes.phone_changed("1002", up=up)
        house.do(house.calls.phone_back(house.agent("1002")) if up else house.calls.phone_lost(house.agent("1002")))
    first = house.asterisk.named("Originate")[-1]["ChannelId"]
    call_back(house)
    house.do(hear(house, lambda: house.asterisk.tell("Hangup", uniqueid=first, cause="19")))
    house.follow()
    assert house.agent("1002").state is AgentState.TALKING
    assert house.agent().consult.phase is ConsultPhase.WITH_THEM


def test_two_reloads_in_a_row_of_whoever_talks_with_the_caller_end_nothing_either(house):
    legs = []
    for seconds in (1, 1):
        house.changes.phone_changed("1001", up=False)
        house.do(house.calls.phone_lost(house.agent()))
        house.later(seconds, "1001", "1002")
        house.changes.phone_changed("1001", up=True)
        house.do(house.calls.phone_back(house.agent()))
        legs.append(house.asterisk.named("Originate")[-1]["ChannelId"])
    house.do(hear(house, lambda: house.calls.leg_answered(house.agent().token)))
    assert house.agent().deadline is None
    house.do(hear(house, lambda: house.asterisk.tell("Hangup", uniqueid=legs[0], cause="19")))
    assert house.agent().state is AgentState.TALKING, "they speak by the second"
    house.do(hear(house, lambda: house.asterisk.tell("Hangup", uniqueid=legs[1], cause="16")))
    assert house.agent().state is AgentState.WRAP_UP
