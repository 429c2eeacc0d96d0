"""Promised calls when the leader begins anew, looks, waits, and leads no more: everybody stands where they stood."""

import asyncio
from datetime import timedelta

import pytest

from core.errors import Unavailable
from core.events import Event, EventKind
from crm.callback_tasks import TaskState
from cti.callbacks import Turn
from routing.agent_state import AgentState
from routing.live import NO_TERM
from routing.policy import CallFirst
from tests.journeys.callback_house import NUMBER, CallbackHouse, lose_redis, talk


@pytest.fixture
def house(redis_url, database):
    house = CallbackHouse(redis_url, database=database)
    yield house
    house.close()


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
    assert house.callbacks._turn("1001", in_line, CallFirst.AGENT) is Turn.CALL  # and then it died
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


def while_it_runs(house, happens):
    """The leader's own loop runs; `happens` is awaited beside it, then it ends."""

    async def both():
        running = asyncio.create_task(house.callbacks.run())
        await happens()
        running.cancel()

    asyncio.run(both())


async def in_line_soon(house, place):
    async with asyncio.timeout(5):
        while place.interaction_id not in house.store.snapshot().line:
            await house.a_moment()


def test_the_leader_looks_when_there_is_news_and_when_the_next_one_is_due(house):
    later = house.promise_at(60)

    async def happens():
        house.callbacks.take_note(Event(EventKind.POP_SHOWN, house.clock.now()))
        place = house.promise()
        house.outcomes.changed(house.task(place), "kept", house.clock.now())
        house.callbacks.take_note(house.told(EventKind.CALLBACK_TASK_CHANGED)[-1])
        await in_line_soon(house, place)
        assert later.interaction_id not in house.store.snapshot().line
        assert house.callbacks._patience_s() == 60
        house.clock.advance(60)
        house.callbacks.look()
        await in_line_soon(house, later)

    while_it_runs(house, happens)


def test_records_that_do_not_answer_are_asked_again(house, monkeypatch):
    place, whole = house.promise(), house.callbacks.settle

    def fails():
        monkeypatch.setattr(house.callbacks, "settle", whole)
        raise Unavailable("Away.", "Wait.")

    async def happens():
        monkeypatch.setattr(house.callbacks, "settle", fails)
        house.callbacks.look_anew()
        async with asyncio.timeout(5):
            while house.callbacks._patience_s() is None:
                await house.a_moment()
        assert house.callbacks._patience_s() == 5
        house.callbacks.look()
        await in_line_soon(house, place)

    while_it_runs(house, happens)


def test_who_leads_no_more_puts_nobody_in_line_and_calls_nobody(house):
    place = house.promise()
    house.settle()
    in_line = house.store.snapshot().line[place.interaction_id]
    house.callbacks._term = lambda: NO_TERM
    second = house.promise(2)
    house.callbacks.settle()
    assert second.interaction_id not in house.store.snapshot().line
    assert house.callbacks._turn("1001", in_line, CallFirst.AGENT) is Turn.NOTHING
    assert house.task(place).state == TaskState.OPEN
