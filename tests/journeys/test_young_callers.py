"""Who came into line just before Asterisk died: it need not have known them yet when notes are compared, but a little later."""

import asyncio

import pytest

from core.events import EventKind
from cti.resync import YOUNG_AFTER_S, Resync
from routing.agent_state import AgentState
from tests.journeys.callback_house import CallbackHouse, waiting_channel


@pytest.fixture
def house(redis_url, database):
    house = CallbackHouse(redis_url, database=database)
    yield house
    house.close()


def compared(house: CallbackHouse) -> Resync:
    """Asterisk has started anew, and knows nobody."""
    resync = house._resync()
    asyncio.run(resync.run())
    return resync


def in_line(house: CallbackHouse) -> list[str]:
    return list(house.store.snapshot().line)


def test_they_are_left_alone_at_first_and_gone_when_asterisk_does_not_know_them_then(house):
    place = house.queue()
    resync = compared(house)
    assert in_line(house) == [place.interaction_id], "they may have come while it was asked"
    house.clock.advance(YOUNG_AFTER_S)
    asyncio.run(resync.settle_young())
    assert in_line(house) == []
    abandoned = [event for event in house.bus.read("0-0") if event.kind is EventKind.INTERACTION_ABANDONED]
    assert [event.interaction_id for event in abandoned] == [place.interaction_id]


def test_who_is_there_by_then_keeps_the_place(house):
    place = house.queue()
    resync = compared(house)
    house.clock.advance(YOUNG_AFTER_S)
    house.asterisk.channels = [waiting_channel(place)]
    asyncio.run(resync.settle_young())
    assert in_line(house) == [place.interaction_id]


def test_who_came_after_it_is_not_looked_for(house):
    resync = compared(house)
    place = house.queue()
    house.clock.advance(YOUNG_AFTER_S)
    asyncio.run(resync.settle_young())
    assert in_line(house) == [place.interaction_id]


def test_whose_caller_is_gone_keeps_the_place_for_the_wrap_up_while_the_leg_is_still_there(house):
    house.ready_agent("1001")
    place = house.queue()
    house.do()
    house.calls.leg_answered(house.agent().token)
    house.later(3, "1001")
    house.resync(house.agents_leg())
    assert house.store.snapshot().taken == {place.interaction_id: place}
    house.calls.leg_ended(house.agent().token, "16")
    assert (house.agent().state, house.agent().interaction_id) == (AgentState.WRAP_UP, place.interaction_id)
    assert house.store.place(place.interaction_id) == place
