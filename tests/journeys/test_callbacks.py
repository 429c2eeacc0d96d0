"""Promised calls that keep their place: reached, dialled once, settled, and where they were after any crash."""

from datetime import timedelta

import pytest

from core.events import EventKind
from core.ids import new_id
from crm.callback_tasks import TaskState, claim_task
from crm.contact_history import Interaction
from routing.agent_state import AgentState
from tests.journeys.callback_house import NUMBER, CallbackHouse, lose_redis, talk


@pytest.fixture
def house(redis_url, database):
    house = CallbackHouse(redis_url, database=database)
    yield house
    house.close()


def test_who_keeps_the_place_is_called_when_it_is_reached_and_not_before(house):
    first = house.promise(1)
    house.later(60)
    second = house.queue(2)
    house.settle()
    assert set(house.store.snapshot().line) == {first.interaction_id, second.interaction_id}
    assert house.dialled() == []
    house.ready_agent("1001")
    house.do()
    assert house.agent().interaction_id == first.interaction_id, "the place is that of the first moment in line"
    assert house.dialled() == [NUMBER]
    assert house.agent().state is AgentState.RINGING


def test_a_customer_who_is_reached_is_done_with_the_wait_they_had(house):
    place = house.promise()
    house.later(300)
    talk(house, place)
    assert house.store.place(place.interaction_id).channel == "PJSIP/trunk-1"
    assert house.told(EventKind.INTERACTION_ANSWERED) == [], "voicemail answers, too: the agent says whether it was them"
    house.later(60, "1001")
    house.customer(place, "Hangup", cause="16")
    house.agent_hangs_up()
    house.wrap_up_ends(place)
    [answered] = house.told(EventKind.INTERACTION_ANSWERED)
    assert (answered.agent_id, answered.data["wait_s"], answered.data["callback"]) == ("1001", 300.0, True)
    assert house.task(place).state == TaskState.DONE
    assert house.settle() is None
    assert house.dialled() == [NUMBER]
    assert house.agent().state is AgentState.READY


@pytest.mark.parametrize(("cause", "why"), [("17", "busy"), ("19", "no_answer"), ("1", "failed")])
def test_who_is_not_reached_is_called_again_by_plan_four_times_at_most(house, cause, why):
    place = house.promise()
    for number, after_s in enumerate((600, 3600, 86_400, None), 1):
        house.ready_agent("1001")
        house.settle()
        house.agent_answers()
        house.customer(place, "Hangup", cause=cause)
        house.agent_hangs_up()
        house.wrap_up_ends(place)
        assert len(house.dialled()) == number
        task = house.task(place)
        assert task.next_at == (house.clock.now() + timedelta(seconds=after_s) if after_s else None)
        assert house.settle() == task.next_at
        if after_s:
            house.later(after_s - 1, "1001")
            house.settle()
            assert len(house.dialled()) == number, "not before"
            house.later(1, "1001")
    assert house.task(place).state == TaskState.DONE
    missed = house.told(EventKind.CALLBACK_MISSED)
    assert [event.data["why"] for event in missed] == [why] * 4
    assert [bool(event.data["next_at"]) for event in missed] == [True, True, True, False]
    assert house.told(EventKind.INTERACTION_ANSWERED) == []


def test_a_look_between_the_end_of_the_customers_leg_and_its_news_knows_why(house):
    place = house.promise()
    house.ready_agent("1001")
    house.settle()
    house.agent_answers()

    async def both_legs_end():
        house.asterisk.tell("Hangup", **house.customers_leg(place, "Down"), cause="17")
        house.calls.leg_ended(house.agent().token, "16")
        house.callbacks.settle()
        await house.a_moment()

    house.do(both_legs_end())
    assert [event.data["why"] for event in house.told(EventKind.CALLBACK_MISSED)] == ["busy"]


def test_voicemail_is_not_reached(house):
    place = house.promise()
    talk(house, place)
    house.agent_hangs_up()
    assert house.outcomes.missed(house.task(place), "voicemail", house.clock.now(), even_if_picked_up=True)
    house.wrap_up_ends(place)
    task = house.task(place)
    assert (task.state, task.tries, task.picked_up_at) == (TaskState.OPEN, 1, None)
    assert house.told(EventKind.INTERACTION_ANSWERED) == []


def test_an_agent_whose_phone_rings_out_costs_the_customer_no_try(house):
    place = house.promise()
    house.ready_agent("1001")
    house.settle()
    house.later(house.settings.ring_timeout_s + 3, "1001")
    house.do()
    assert place.interaction_id in house.store.snapshot().line
    house.settle()
    assert (house.task(place).state, house.task(place).tries) == (TaskState.OPEN, 0)
    house.ready_agent("1002")
    house.do()
    assert house.agent("1002").interaction_id == place.interaction_id


def test_the_hang_up_of_their_own_call_ends_no_promise(house):
    place = house.promise()
    house.ready_agent("1001")
    house.settle()
    house.do(house.callers.caller_gone(place.interaction_id))
    assert house.agent().state is AgentState.RINGING
    assert house.told(EventKind.INTERACTION_ABANDONED) == []


# ---- by another way ----------------------------------------------------------------------------------------------


def test_who_calls_again_takes_over_the_place(house):
    place = house.promise()
    house.settle()
    house.later(240)
    again = house.stands_again(NUMBER)
    house.settle()
    assert again.queued_at == place.queued_at
    assert set(house.store.snapshot().line) == {again.interaction_id}
    assert house.task(place).state == TaskState.DONE
    [over] = house.told(EventKind.CALLBACK_TAKEN_OVER)
    assert (over.interaction_id, over.data["by"]) == (place.interaction_id, again.interaction_id)
    house.ready_agent("1001")
    house.do()
    assert house.dialled() == []


def test_who_calls_again_while_being_called_changes_nothing(house):
    place = house.promise()
    house.ready_agent("1001")
    house.settle()
    house.later(5, "1001")
    assert house.stands_again(NUMBER).queued_at == house.clock.now()
    assert house.task(place).state == TaskState.TAKEN


def test_a_stranger_takes_over_nothing(house):
    place = house.promise()
    house.later(60)
    assert house.stands_again("+628119999999").queued_at == house.clock.now()
    assert house.stands_again("", 8).queued_at == house.clock.now(), "a withheld number is nobody's"
    assert house.task(place).state == TaskState.OPEN


def test_an_agent_who_takes_it_from_the_list_takes_it_out_of_the_line(house):
    place = house.promise()
    house.settle()
    with house.database.writing() as session:
        assert claim_task(session, house.task(place).id, "1005", house.clock.now())
        session.commit()
    house.settle()
    assert house.store.snapshot().line == {}
    assert [event.kind for event in house.told(EventKind.CALLBACK_WITHDRAWN)] == [EventKind.CALLBACK_WITHDRAWN]
    house.ready_agent("1001")
    house.do()
    assert house.dialled() == []


def test_of_the_hand_and_the_line_one_calls(house):
    place = house.promise()
    house.callbacks.settle()
    with house.database.writing() as session:
        claim_task(session, house.task(place).id, "1005", house.clock.now())
        session.commit()
    house.ready_agent("1001")
    house.do()
    assert house.dialled() == []
    assert house.agent().state is AgentState.READY
    assert house.store.snapshot().line == {}


# ---- at the right time -------------------------------------------------------------------------------------------


def test_nobody_is_called_while_the_queue_is_closed(house):
    place, opens = house.promise(), house.clock.now() + timedelta(hours=14)
    house.opens = lambda _queue, at: max(at, opens)
    house.ready_agent("1001")
    house.settle()
    assert house.settle() == opens
    assert house.dialled() == []
    house.later(14 * 3600, "1001")
    house.ready_agent("1001")
    house.settle()
    assert house.dialled() == [NUMBER]
    assert house.task(place).tries == 0


def test_a_call_at_an_agreed_time_begins_then_and_is_before_everybody(house):
    waits = house.queue(2)
    place = house.promise_at(3600)
    assert house.settle() == house.clock.now() + timedelta(seconds=3600)
    assert set(house.store.snapshot().line) == {waits.interaction_id}
    house.later(3600)
    house.settle()
    house.ready_agent("1001")
    house.do()
    assert house.agent().interaction_id == place.interaction_id
    queued = [event for event in house.told(EventKind.INTERACTION_QUEUED) if event.interaction_id == place.interaction_id]
    assert [(event.data["again"], event.at) for event in queued] == [(False, place.queued_at)]
    assert [event.data["ani"] for event in house.told(EventKind.INTERACTION_STARTED)] == [NUMBER]


def test_told_again_after_a_loss_it_is_still_one_offer(house):
    place = house.promise_at(60)
    house.later(61)
    house.settle()
    lose_redis(house)
    house.begin_anew()
    house.settle()
    queued = [event for event in house.told(EventKind.INTERACTION_QUEUED) if event.interaction_id == place.interaction_id]
    assert len(queued) == 2
    assert len({event.key for event in queued}) == 1, "the record and the board count a key once"


def test_who_had_an_agent_in_another_call_meanwhile_is_not_called(house):
    place = house.promise()
    house.settle()
    house.later(60)
    with house.database.writing() as session:
        session.add(Interaction(id=new_id(), ani=NUMBER, started_at=place.queued_at, answered_at=house.clock.now(), ivr_path=[]))
        session.commit()
    house.ready_agent("1001")
    house.do()
    assert house.dialled() == []
    assert house.agent().state is AgentState.READY
    assert house.task(place).state == TaskState.DONE


def test_the_end_of_the_talk_is_told_apart_from_that_of_their_own_call(house):
    place = house.promise()
    house.do(house.callers.caller_gone(place.interaction_id))
    talk(house, place)
    house.customer(place, "Hangup", cause="16")
    ended = house.told(EventKind.INTERACTION_ENDED)
    assert len({event.key for event in ended}) == len(ended) == 2
