"""One call through routing and call control, and every clock that runs meanwhile; Asterisk is a fake at the edge."""

import pytest

from core.events import EventKind
from routing.agent_state import AgentState, IllegalChange, NotReadyReason
from routing.agents import Profile
from routing.place import FIRST
from tests.journeys.floor_house import FloorHouse, seconds
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text


@pytest.fixture
def house(redis_url):
    house = FloorHouse(redis_url)
    yield house
    house.close()


def test_a_call_from_the_line_to_ready_again(house):
    house.ready_agent("1001")
    place = house.queue()
    house.do()
    assert house.agent().state is AgentState.RINGING
    [originate] = house.asterisk.named("Originate")
    assert originate["Channel"] == "PJSIP/agent-1001"
    assert f"HALO_CALLER={place.channel}" in originate["Variable"]
    house.calls.leg_answered(house.agent().token)
    house.do()
    assert house.agent().state is AgentState.TALKING
    house.calls.leg_ended(house.agent().token, "16")
    assert house.agent().state is AgentState.WRAP_UP
    house.later(house.settings.wrap_up_s - 1, "1001")
    house.do()
    assert house.agent().state is AgentState.WRAP_UP
    house.later(1, "1001")
    house.do()
    assert house.agent().state is AgentState.READY
    assert house.store.snapshot().taken == {}
    assert len(house.asterisk.named("Originate")) == 1


def test_the_phone_rings_even_when_the_page_never_confirms(house):
    house.ready_agent("1001")
    house.queue()
    house.do(confirm_pops=False)
    assert house.agent().state is AgentState.RINGING


def test_an_agent_who_does_not_answer_is_not_ready_and_the_caller_keeps_the_place(house):
    house.ready_agent("1001")
    place = house.queue()
    house.do()
    house.later(house.settings.ring_timeout_s + 3, "1001")
    house.do()
    assert (house.agent().state, house.agent().reason) == (AgentState.NOT_READY, NotReadyReason.RONA)
    assert house.store.snapshot().line == {place.interaction_id: place}
    assert house.asterisk.named("Hangup"), "the phone does not go on ringing"


@pytest.mark.parametrize(("cause", "reason"), [("17", "rejected"), ("21", "rejected"), ("19", "rona"), ("0", "rona")])
def test_why_the_leg_ended_tells_a_rejection_from_silence(house, cause, reason):
    house.ready_agent("1001")
    house.queue()
    house.do()
    house.calls.leg_ended(house.agent().token, cause)
    assert house.agent().reason == reason


def test_a_phone_that_is_not_there_costs_the_agent_no_rona(house):
    house.ready_agent("1001")
    place = house.queue()
    house.do()
    house.calls.phone_missing(house.agent().token)
    house.do()
    assert house.agent().state is AgentState.READY
    assert house.store.snapshot().line == {place.interaction_id: place}
    assert len(house.asterisk.named("Originate")) == 1, "it is not rung again while it is away"
    house.later(house.settings.device_grace_s, "1001")
    house.do()
    assert (house.agent().state, house.agent().reason) == (AgentState.NOT_READY, NotReadyReason.DEVICE)


def test_a_page_that_falls_silent_gets_no_call_and_is_not_ready(house):
    house.ready_agent("1001")
    house.later(house.settings.presence_lease_s + 0.1)
    house.queue()
    house.do()
    assert house.agent().state is AgentState.NOT_READY
    assert not house.asterisk.named("Originate")


def test_a_phone_away_for_a_moment_keeps_the_agent_ready_but_unoffered(house):
    house.ready_agent("1001")
    house.changes.phone_changed("1001", up=False)
    house.queue()
    house.do()
    assert house.agent().state is AgentState.READY
    assert not house.asterisk.named("Originate")
    house.changes.phone_changed("1001", up=True)
    house.do()
    assert house.agent().state is AgentState.RINGING


def test_a_phone_lost_in_the_talk_keeps_the_caller_and_brings_the_agent_back(house):
    house.ready_agent("1001")
    place = house.queue()
    house.talk(place)
    house.changes.phone_changed("1001", up=False)
    house.do(house.calls.phone_lost(house.agent()))
    assert house.agent().state is AgentState.TALKING
    [redirect] = house.asterisk.named("Redirect")
    assert (redirect["Channel"], redirect["Exten"]) == (place.channel, "resume")
    house.calls.leg_ended(house.agent().token, "16")
    assert house.agent().state is AgentState.TALKING, "the end of the dead leg is no hang-up"
    house.changes.phone_changed("1001", up=True)
    house.do(house.calls.phone_back(house.agent()))
    again = house.asterisk.named("Originate")[-1]
    assert "PJSIP_HEADER(add,X-Halo-Resume)=1" in again["Variable"]
    house.calls.leg_answered(house.agent().token)
    assert house.agent().deadline is None
    house.do()
    told = [event.kind for event in house.events]
    assert told.index(EventKind.INTERACTION_HELD) < told.index(EventKind.INTERACTION_RESUMED)


def test_a_leg_that_fell_silent_in_the_talk_is_a_lost_phone_and_no_hang_up(house):
    house.ready_agent("1001")
    place = house.queue()
    house.talk(place)
    house.do(house.calls.leg_lost(house.agent().token))
    assert house.agent().state is AgentState.TALKING
    assert house.agent().deadline is not None
    assert house.asterisk.named("Redirect")[0]["Channel"] == place.channel


def test_an_agent_who_stays_away_from_the_talk_gives_the_caller_to_the_front_of_the_line(house):
    house.ready_agent("1001")
    place = house.queue(1)
    house.talk(place)
    other = house.queue(2)
    house.changes.phone_changed("1001", up=False)
    house.do(house.calls.phone_lost(house.agent()))
    house.later(house.settings.resume_call_s)
    house.do()
    assert (house.agent().state, house.agent().reason) == (AgentState.NOT_READY, NotReadyReason.DEVICE)
    line = house.store.snapshot().line
    assert line[place.interaction_id].priority == FIRST
    assert house.policy.number(line[place.interaction_id]) < house.policy.number(line[other.interaction_id])
    house.ready_agent("1002")
    house.do()
    assert house.agent("1002").interaction_id == place.interaction_id


def test_a_caller_who_leaves_while_it_rings_frees_the_agent_and_stops_the_phone(house):
    house.ready_agent("1001")
    place = house.queue()
    house.do()
    house.do(house.calls.caller_left(place.interaction_id))
    assert house.agent().state is AgentState.READY
    assert house.asterisk.named("Hangup")
    assert house.store.snapshot().taken == {}
    assert EventKind.INTERACTION_ABANDONED in [event.kind for event in house.events]


def test_a_leg_that_appears_after_the_caller_left_is_ended(house):
    house.ready_agent("1001")
    place = house.queue()
    house.do()
    token = house.agent().token
    house.do(house.calls.leg_appeared(token, "PJSIP/agent-1001-1"))
    assert not house.asterisk.named("Hangup"), "a leg that is wanted rings"
    house.do(house.calls.caller_left(place.interaction_id))
    house.do(house.calls.leg_appeared(token, "PJSIP/agent-1001-1"))
    assert house.asterisk.named("Hangup")[-1]["Channel"] == "PJSIP/agent-1001-1"


def test_a_requirement_that_relaxes_finds_an_agent_by_itself(house):
    house.ready_agent("1001", billing=3)
    house.queue(1, language="en")
    house.do()
    assert house.agent().state is AgentState.READY
    house.later(45, "1001")
    house.do()
    assert house.agent().state is AgentState.RINGING


def test_a_reservation_that_nobody_carries_on_is_given_back(house):
    house.ready_agent("1001")
    place = house.queue()
    house.changes.try_reserve("1001", place, house.clock.now() + seconds(5), {})
    house.later(5, "1001")
    house.do()
    ringing = house.agent()
    assert ringing.state is AgentState.RINGING, "given back, and offered anew"
    assert len(house.asterisk.named("Originate")) == 1


def test_a_reservation_that_broke_off_costs_nobody_their_place(house, monkeypatch):
    house.ready_agent("1001")
    house.ready_agent("1002")
    first, whole = house.queue(1, language="en"), house.changes.try_reserve
    house.do()
    house.later(50, "1001", "1002")

    def breaks_off(*arguments):
        monkeypatch.setattr(house.changes, "try_reserve", whole)
        raise RuntimeError("one bad row")

    async def another_comes():
        await house.a_moment()
        house.queue(2)

    monkeypatch.setattr(house.changes, "try_reserve", breaks_off)
    house.do(another_comes())
    assert {house.agent(agent_id).state for agent_id in ("1001", "1002")} == {AgentState.RINGING}
    assert first.interaction_id in house.store.snapshot().taken


def test_a_new_policy_acts_on_those_who_wait_already(house):
    house.ready_agent("1001", sales=1)
    house.queue(1, queue="sales")
    house.do()
    assert house.agent().state is AgentState.READY, "sales asks for more"
    house.policy = policy_of(queue_text("sales"))
    house.dispatcher.use(house.policy)
    house.do()
    assert house.agent().state is AgentState.RINGING


def test_what_an_agent_has_learnt_acts_on_those_who_wait_already(house):
    house.ready_agent("1001", sales=1)
    house.queue(1, queue="sales")
    house.do()
    house.dispatcher.know(Profile("1001", "1001", {"sales": 2}))
    house.do()
    assert house.agent().state is AgentState.RINGING


def test_a_site_that_opens_serves_who_waits_at_that_moment_without_any_event(house):
    """It is 19:00 in Surabaya at NOON."""
    site = site_text("surabaya", "Surabaya", "hours: {mon: 19:01-23:00}")
    house.dispatcher.use(policy_of(queue_text("general", "sites: {near_km: 0, any_after_s: 60}"), more=sites_text(site)))
    house.ready_agent("1001")
    house.dispatcher.know(Profile("1001", "1001", {}, "surabaya"))
    house.later(59.7, "1001")
    house.queue()

    async def it_opens():
        await house.a_moment()
        assert house.agent().state is AgentState.READY, "closed still"
        house.clock.advance(0.3)
        for _ in range(8):
            await house.a_moment()
        assert house.agent().state is not AgentState.READY, "nothing but the time has told the dispatcher"

    house.do()
    house.do(it_opens())
    assert house.agent().state is AgentState.RINGING


def test_who_is_said_to_be_nearer_is_offered_who_waits_already(house):
    sites = sites_text(site_text("surabaya", "Surabaya"), site_text("jakarta", "Jakarta"))
    house.dispatcher.use(policy_of(queue_text("general", "sites: {share: {surabaya: 1}, any_after_s: 600}"), more=sites))
    house.ready_agent("1001")
    house.ready_agent("1002")
    house.dispatcher.know(Profile("1001", "1001", {}, "jakarta"))
    house.dispatcher.know(Profile("1002", "1002", {}, "surabaya"))
    house.changes.make_not_ready("1002", NotReadyReason.BREAK)
    house.queue()
    house.do()
    assert house.agent().state is AgentState.READY, "the queue's calls are Surabaya's"
    house.dispatcher.know(Profile("1001", "1001", {}, "surabaya"))
    house.do()
    assert house.agent().state is AgentState.RINGING


def test_the_reason_that_an_agent_declines_with_is_theirs_afterwards(house):
    house.ready_agent("1001")
    place = house.queue()
    house.do()
    house.changes.choose_after_call("1001", NotReadyReason.MEAL)
    house.calls.leg_ended(house.agent().token, "21")
    assert (house.agent().state, house.agent().reason) == (AgentState.NOT_READY, "meal")
    assert house.store.snapshot().line == {place.interaction_id: place}
    assert house.agent().after_call == ""


@pytest.mark.parametrize("runs_out", [True, False])
def test_what_was_chosen_in_the_call_comes_after_the_wrap_up_saved_or_run_out(house, runs_out):
    house.ready_agent("1001")
    place = house.queue()
    house.talk(place)
    house.changes.choose_after_call("1001", NotReadyReason.TRAINING)
    house.calls.leg_ended(house.agent().token, "16")
    if runs_out:
        house.later(house.settings.wrap_up_s, "1001")
        house.do()
    else:
        house.changes.finish_wrap_up("1001", place.interaction_id, ready=True)
    assert (house.agent().state, house.agent().reason) == (AgentState.NOT_READY, "training")
    house.changes.make_ready("1001")
    house.talk(house.queue(2))
    house.calls.leg_ended(house.agent().token, "16")
    house.changes.finish_wrap_up("1001", house.agent().interaction_id, ready=True)
    assert house.agent().state is AgentState.READY, "it was for one call"


def test_at_rest_there_is_no_call_to_choose_for(house):
    house.ready_agent("1001")
    with pytest.raises(IllegalChange):
        house.changes.choose_after_call("1001", NotReadyReason.MEAL)
