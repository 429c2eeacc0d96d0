"""Customers who are called before an agent's phone rings: once a try, on the line when it is them, first if the agent is lost."""

import pytest
from sqlalchemy.exc import OperationalError

from asterisk_conf import names
from core.events import EventKind
from crm.callback_tasks import TaskState
from crm.contact_history import Interaction, SegmentKind
from cti.call_log import CallLog
from routing.agent_state import AgentState
from routing.order import FIRST
from routing.policy import CallFirst
from tests.journeys.callback_house import NUMBER, CallbackHouse, lose_redis

LEG = "halo-customer-1-0"


@pytest.fixture
def house(redis_url, database):
    house = CallbackHouse(redis_url, database=database, call_first=CallFirst.CUSTOMER)
    yield house
    house.close()


def being_called(house: CallbackHouse):
    """An agent is reserved, and the customer's phone rings."""
    place = house.promise()
    house.later(300)
    house.ready_agent("1001")
    house.settle()
    assert house.first_called() == [LEG]
    return place


def on_line(house: CallbackHouse):
    place = being_called(house)
    house.later(10, "1001")
    house.says_it_is_them(place)
    return place


def test_the_customer_is_called_and_the_agents_phone_rings_when_they_say_that_it_is_them(house):
    place = being_called(house)
    [called] = house.asterisk.named("Originate")
    assert called["Channel"] == f"PJSIP/{NUMBER}@{house.settings.outbound_trunk}"
    assert (house.agent().state, house.task(place).state) == (AgentState.RESERVED, TaskState.CALLED)
    house.first_told(place, "Newstate")
    assert house.agent().state is AgentState.RESERVED, "a machine answers, too"
    house.says_it_is_them(place)
    assert house.agent().state is AgentState.RINGING
    rung = house.asterisk.named("Originate")[-1]
    assert rung["Channel"] == "PJSIP/agent-1001"
    assert "HALO_CALLER=PJSIP/trunk-9" in rung["Variable"]
    house.says_it_is_them(place)
    assert len(house.asterisk.named("Originate")) == 2, "told twice it is still one ring"


def test_the_wait_on_record_is_from_the_first_moment_in_line_until_the_agent_answered(house):
    place = on_line(house)
    house.later(4, "1001")
    house.agent_answers()
    house.settle()
    [answered] = house.told(EventKind.INTERACTION_ANSWERED)
    assert (answered.agent_id, answered.data["wait_s"]) == ("1001", 314.0)
    assert house.task(place).state == TaskState.DONE
    house.later(60, "1001")
    house.first_told(place, "Hangup", cause="16")
    house.agent_hangs_up()
    house.wrap_up_ends(place)
    assert len(house.told(EventKind.INTERACTION_ANSWERED)) == 1
    assert len(house.told(EventKind.INTERACTION_ENDED)) == 1
    CallLog(house.database, house.bus).write_next(wait_s=0)
    with house.database.reading() as session:
        record = session.get_one(Interaction, place.interaction_id)
        waits = sum(
            (segment.ended_at - segment.started_at).total_seconds()
            for segment in record.segments
            if segment.kind in (SegmentKind.QUEUE, SegmentKind.RING)
        )
        assert (record.answered_at - record.offered_at).total_seconds() == 314.0
        assert waits == pytest.approx(314.0, abs=1)
        assert record.outcome == "answered"


@pytest.mark.parametrize(
    ("state", "cause", "why"),
    [("Ring", "17", "busy"), ("Ring", "19", "no_answer"), ("Ring", "1", "failed"), ("Up", "16", "voicemail")],
)
def test_who_is_not_reached_is_called_again_by_plan_and_the_agent_is_free_at_once(house, state, cause, why):
    place = being_called(house)
    house.first_told(place, "Hangup", state, cause=cause)
    assert house.agent().state is AgentState.READY
    assert house.store.snapshot().line == {}
    task = house.task(place)
    assert (task.state, task.tries) == (TaskState.OPEN, 1)
    assert [event.data["why"] for event in house.told(EventKind.CALLBACK_MISSED)] == [why]
    assert house.settle() == task.next_at
    house.later(600, "1001")
    house.ready_agent("1001")
    house.settle()
    assert house.first_called() == [LEG, "halo-customer-1-1"]


def test_who_hangs_up_before_the_agent_answers_is_called_again(house):
    place = on_line(house)
    house.first_told(place, "Hangup", cause="16")
    assert house.agent().state is AgentState.READY
    assert house.asterisk.named("Hangup")[-1]["Channel"] == f"halo-leg-{house.agent().token}", "the agent's phone stops"
    assert (house.task(place).state, house.task(place).tries) == (TaskState.OPEN, 1)
    assert house.told(EventKind.INTERACTION_ABANDONED) == []
    assert house.told(EventKind.INTERACTION_ANSWERED) == []
    assert house.store.snapshot().line == {}


def test_an_agent_who_does_not_answer_leaves_the_customer_first_in_line(house):
    place = on_line(house)
    house.queue(2)
    house.later(house.settings.ring_timeout_s + 3, "1001")
    house.do()
    waits = house.store.snapshot().line[place.interaction_id]
    assert (waits.channel, waits.priority) == ("PJSIP/trunk-9", FIRST)
    house.settle()
    assert house.task(place).state == TaskState.CALLED
    house.ready_agent("1002")
    house.do()
    assert house.agent("1002").interaction_id == place.interaction_id
    assert house.agent("1002").state is AgentState.RINGING
    assert house.first_called() == [LEG]


def test_an_agent_lost_while_the_customers_phone_rings_is_replaced_without_a_second_call(house):
    place = being_called(house)
    house.changes.phone_changed("1001", up=False)
    house.do(house.calls.phone_lost(house.agent()))
    house.settle()
    assert place.interaction_id in house.store.snapshot().line
    house.ready_agent("1002")
    house.do()
    assert (house.agent("1002").state, house.first_called()) == (AgentState.RESERVED, [LEG])
    house.says_it_is_them(place)
    assert house.agent("1002").state is AgentState.RINGING


def test_with_no_agent_left_the_customer_on_the_line_waits_first(house):
    place = being_called(house)
    house.changes.phone_changed("1001", up=False)
    house.do(house.calls.phone_lost(house.agent()))
    house.says_it_is_them(place)
    waits = house.store.snapshot().line[place.interaction_id]
    assert (waits.channel, waits.priority) == ("PJSIP/trunk-9", FIRST)
    house.first_told(place, "Hangup", cause="16")
    assert house.store.snapshot().line == {}
    assert [event.data["why"] for event in house.told(EventKind.CALLBACK_MISSED)] == ["gave_up"]


def test_who_calls_again_while_their_phone_rings_takes_over_the_place(house):
    place = being_called(house)
    again = house.stands_again(NUMBER)
    assert again.queued_at == place.queued_at
    [over] = house.told(EventKind.CALLBACK_TAKEN_OVER)

    async def hear():
        house.legs.take_note(over)
        await house.a_moment()

    house.do(hear())
    assert house.asterisk.named("Hangup")[0]["Channel"] == LEG
    house.first_told(place, "Hangup", "Ring", cause="0")
    assert house.agent().interaction_id == again.interaction_id, "the agent was free for whoever is first: themselves"
    assert house.told(EventKind.CALLBACK_MISSED) == []


def test_who_is_on_the_line_is_not_taken_over(house):
    place = on_line(house)
    assert house.stands_again(NUMBER).queued_at == house.clock.now()
    assert house.task(place).state == TaskState.CALLED


def test_a_customer_who_never_says_anything_costs_the_agent_a_bounded_time(house):
    place = being_called(house)
    house.later(95, "1001")
    house.do()
    assert house.agent().state is AgentState.READY
    assert house.asterisk.named("Hangup")[0]["Channel"] == LEG
    assert (house.task(place).state, house.task(place).tries) == (TaskState.OPEN, 1)


# ---- when things die -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loses", [lambda house: None, lose_redis])
@pytest.mark.parametrize("state", ["Ringing", "Up"])
def test_a_leader_that_dies_while_the_phone_rings_calls_nobody_twice(house, loses, state):
    place = being_called(house)
    loses(house)
    house.resync(house.first_leg(place, state))
    house.settle()
    assert house.first_called() == [LEG]
    assert house.agent().state is AgentState.RESERVED
    house.says_it_is_them(place)
    assert house.agent().state is AgentState.RINGING
    house.agent_answers()
    house.settle()
    assert house.task(place).state == TaskState.DONE
    assert len(house.told(EventKind.INTERACTION_ANSWERED)) == 1


@pytest.mark.parametrize("loses", [lambda house: None, lose_redis])
def test_a_customer_who_said_so_while_we_were_away_is_found_on_the_line(house, loses):
    place = being_called(house)
    loses(house)
    house.resync(house.first_leg(place, on_line=True))
    assert house.agent().state is AgentState.RINGING
    assert house.store.place(place.interaction_id).channel == "PJSIP/trunk-9"
    assert house.first_called() == [LEG]


@pytest.mark.parametrize("loses", [lambda house: None, lose_redis])
def test_when_asterisk_has_lost_the_call_the_next_try_is_planned_and_not_made_at_once(house, loses):
    place = being_called(house)
    loses(house)
    house.resync()
    house.settle()
    assert (house.task(place).state, house.task(place).tries) == (TaskState.OPEN, 1)
    assert house.store.snapshot().line == {}
    assert house.first_called() == [LEG]


def test_a_leg_that_nobody_wants_is_ended(house):
    place = being_called(house)
    leg = house.first_leg(place, "Ringing")
    house.outcomes.closed(house.task(place), house.clock.now())
    house.resync(leg)
    assert [row["Channel"] for row in house.asterisk.named("Hangup")] == ["PJSIP/trunk-9"]


def test_a_leg_that_appears_when_its_try_is_over_is_ended(house):
    place = being_called(house)
    house.do(house.legs.first._in_vain(place.interaction_id, house.task(place).id, "failed"))
    leg = house.first_leg(place) | {"uniqueid": LEG}

    async def tell():
        house.asterisk.tell("Newchannel", **leg)
        await house.a_moment()

    house.do(tell())
    assert house.asterisk.named("Hangup")[-1]["Channel"] == "PJSIP/trunk-9"


def test_a_talk_that_began_before_we_died_is_kept(house):
    place = on_line(house)
    house.agent_answers()
    house.resync(house.agents_leg(), house.first_leg(place, on_line=True) | {"bridgeid": "b"})
    house.settle()
    assert house.task(place).state == TaskState.DONE
    assert house.agent().state is AgentState.TALKING
    assert len(house.told(EventKind.INTERACTION_ANSWERED)) == 1


def test_with_the_records_away_whoever_says_that_it_is_them_is_still_connected(house, monkeypatch):
    place = being_called(house)

    async def away(_task_id):
        raise OperationalError("no", {}, Exception())

    monkeypatch.setattr(house.callbacks, "picked_up", away)
    house.says_it_is_them(place)
    assert house.agent().state is AgentState.RINGING


def test_a_number_that_asterisk_cannot_call_is_a_try_in_vain(house):
    place = being_called(house)

    async def refuse():
        house.asterisk.tell("OriginateResponse", actionid=LEG, response="Failure", uniqueid="<null>")
        await house.a_moment()

    house.do(refuse())
    assert house.agent().state is AgentState.READY
    assert [event.data["why"] for event in house.told(EventKind.CALLBACK_MISSED)] == ["failed"]
    assert house.task(place).tries == 1


def test_who_was_taken_from_the_rescue_queue_while_we_were_away_is_not_called_again(house):
    place = on_line(house)
    house.resync(house.first_leg(place, on_line=True) | {"bridgeid": "b", "context": names.RESCUE})
    house.settle()
    assert house.task(place).state == TaskState.DONE
    assert house.store.snapshot().line == {}
    assert house.agent().state is AgentState.READY


def test_who_stands_in_the_rescue_queue_when_we_are_back_is_brought_to_the_line(house):
    place = on_line(house)
    house.resync(house.first_leg(place, on_line=True) | {"context": names.RESCUE})
    assert house.asterisk.named("Redirect")[-1]["Context"] == names.WAITING
    assert house.agent().state is AgentState.RINGING
    assert house.store.place(place.interaction_id).channel == "PJSIP/trunk-9"


def test_each_try_that_ends_on_the_line_is_an_end_of_its_own_on_record(house):
    place = on_line(house)
    house.first_told(place, "Hangup", cause="16")
    house.later(600, "1001")
    house.settle()
    house.says_it_is_them(place)
    house.first_told(place, "Hangup", cause="16")
    ended = house.told(EventKind.INTERACTION_ENDED)
    assert len({event.key for event in ended}) == len(ended) == 2
    CallLog(house.database, house.bus).write_next(wait_s=0)
    with house.database.reading() as session:
        record = session.get_one(Interaction, place.interaction_id)
        assert record.ended_at == house.clock.now()
        assert (record.outcome, record.answered_at) == ("call_back", None)


def test_what_redis_lost_is_no_reason_to_hang_up_on_them(house):
    place = being_called(house)
    lose_redis(house)
    house.says_it_is_them(place)
    assert house.asterisk.named("Hangup") == []
    house.resync(house.first_leg(place, on_line=True))
    assert house.agent().state is AgentState.RINGING
