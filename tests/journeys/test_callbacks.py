"""Promised calls that keep their place: reached, dialled once, settled, and where they were after any crash."""

from datetime import timedelta

import pytest

from core.events import EventKind
from core.ids import new_id
from crm.callback_tasks import TaskState, claim_task
from crm.contact_history import Interaction
from routing.agent_state import AgentState
from tests.journeys.callback_house import NUMBER, CallbackHouse


@pytest.fixture
def house(redis_url, database):
    house = CallbackHouse(redis_url, database=database)
    yield house
    house.close()


def talk(house, place):
    """The agent is there, and the customer's phone was answered."""
    house.ready_agent("1001")
    house.settle()
    house.agent_answers()
    house.customer_answers(place)


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


def test_voicemail_is_not_reached(house):
    place = house.promise()
    talk(house, place)
    house.agent_hangs_up()
    assert house.kept.missed(house.task(place), "voicemail", house.clock.now(), even_if_picked_up=True)
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


# ---- whatever dies -----------------------------------------------------------------------------------------------


def lose_redis(house):
    """Redis lost what it held of the line; the agents' pages come back by themselves."""
    for key in ("halo:line", "halo:taken"):
        house.store.redis.delete(key)


@pytest.mark.parametrize("loses", [lambda house: None, lose_redis])
def test_after_a_restart_everybody_stands_where_they_stood(house, loses):
    first, second = house.promise(1), house.promise(2)
    house.settle()
    loses(house)
    house.later(900)
    house.begin_anew()
    house.settle()
    line = house.store.snapshot().line
    assert {key: place.queued_at for key, place in line.items()} == {
        place.interaction_id: place.queued_at for place in (first, second)
    }
    assert len(house.told(EventKind.INTERACTION_QUEUED)) == len({event.key for event in house.told(EventKind.INTERACTION_QUEUED)})


def test_a_leader_that_dies_between_reserving_and_dialling_calls_nobody_twice(house):
    place = house.promise()
    house.ready_agent("1001")
    house.callbacks.settle()
    in_line = house.store.snapshot().line[place.interaction_id]
    house.changes.try_reserve("1001", in_line, house.clock.now() + timedelta(seconds=5), {})
    assert house.callbacks._may_call("1001", in_line)  # and then it died
    house.begin_anew()
    house.later(5, "1001")
    house.settle()
    assert house.dialled() == [NUMBER], "the reservation ran out, and the next one dialled"
    assert house.task(place).state == TaskState.TAKEN


def test_a_talk_that_went_on_while_we_were_away_is_not_called_again(house):
    place = house.promise()
    talk(house, place)
    house.begin_anew()
    house.settle()
    assert house.task(place).state == TaskState.TAKEN
    lose_redis(house)
    house.agent_hangs_up()
    house.settle()
    assert house.task(place).state == TaskState.DONE
    assert len(house.told(EventKind.INTERACTION_ANSWERED)) == 1
    assert house.dialled() == [NUMBER]


def test_a_phone_lost_while_it_calls_gives_the_place_back_and_one_lost_in_the_talk_keeps_the_customer(house):
    place = house.promise()
    house.ready_agent("1001")
    house.settle()
    house.agent_answers()
    house.changes.phone_changed("1001", up=False)
    house.do(house.calls.phone_lost(house.agent()))
    assert house.agent().state is AgentState.NOT_READY
    assert place.interaction_id in house.store.snapshot().line
    assert house.asterisk.named("Hangup"), "the leg that was calling is ended"
    house.changes.phone_changed("1001", up=True)
    talk(house, place)
    house.changes.phone_changed("1001", up=False)
    house.do(house.calls.phone_lost(house.agent()))
    assert house.agent().state is AgentState.TALKING
    assert house.asterisk.named("Redirect")[-1]["Channel"] == "PJSIP/trunk-1"
    house.later(house.settings.resume_call_s)
    house.do()
    house.settle()
    waits = house.store.snapshot().line[place.interaction_id]
    assert (waits.channel, waits.callback) == ("PJSIP/trunk-1", 0), "they are on the line now, like anybody who waits"
    assert house.task(place).state == TaskState.DONE
    house.customer(place, "Hangup", cause="16")
    assert house.store.snapshot().line == {}, "and they may hang up like anybody"
    assert len(house.told(EventKind.INTERACTION_ENDED)) == 1


def test_a_comparison_with_asterisk_throws_out_nobody_who_waits_at_home(house):
    place = house.promise()
    house.settle()
    house.later(60)
    house.resync()
    assert house.store.snapshot().line[place.interaction_id].queued_at == place.queued_at
    assert house.told(EventKind.INTERACTION_ABANDONED) == []


def test_a_customer_who_answered_while_we_were_away_is_found_in_the_talk(house):
    place = house.promise()
    house.ready_agent("1001")
    house.settle()
    house.agent_answers()
    house.later(20, "1001")
    house.resync(house.agents_leg(), house.customers_leg(place))
    assert house.store.place(place.interaction_id).channel == "PJSIP/trunk-1"
    assert house.task(place).picked_up_at == house.clock.now()
    assert house.agent().state is AgentState.TALKING
    house.agent_hangs_up()
    house.wrap_up_ends(place)
    assert len(house.told(EventKind.INTERACTION_ANSWERED)) == 1


def test_a_phone_that_still_rings_when_we_are_back_goes_on_ringing(house):
    place = house.promise()
    house.ready_agent("1001")
    house.settle()
    house.agent_answers()
    house.later(20, "1001")
    house.resync(house.agents_leg(), house.customers_leg(place, "Ringing"))
    assert (house.task(place).state, house.task(place).picked_up_at) == (TaskState.TAKEN, None)
    assert house.agent().state is AgentState.TALKING
    house.customer_answers(place)
    assert house.task(place).picked_up_at is not None
    assert house.dialled() == [NUMBER]


def test_when_asterisk_has_lost_the_call_the_next_try_is_planned_and_not_made_at_once(house):
    place = house.promise()
    house.ready_agent("1001")
    house.settle()
    house.agent_answers()
    house.later(20, "1001")
    house.resync()
    assert house.agent().state is AgentState.WRAP_UP
    house.settle()
    assert (house.task(place).state, house.task(place).tries) == (TaskState.OPEN, 1)
    assert house.dialled() == [NUMBER]


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
