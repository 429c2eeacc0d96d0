"""Which phones are there, when Asterisk's answers and what it tells cross each other; Asterisk is a fake at the edge."""

import asyncio

import pytest

from core.events import EventKind
from cti.phones import Phones
from tests.journeys.control_house import ControlHouse


@pytest.fixture
def house(redis_url):
    house = ControlHouse(redis_url)
    yield house
    house.close()


def test_a_page_that_registers_while_asterisk_answers_that_it_is_not_there_is_there(house):
    """As when an agent opens the desk for the first time: the choice of the phone is told, and the page registers, at once."""
    phones = Phones(house.store, house.changes, house.floor, house.asterisk, house.calls)
    house.changes.log_in("1002")
    house.changes.choose_phone("1002", "web")

    async def cross() -> None:
        answer = asyncio.Event()

        async def slow(name, **_fields):
            await answer.wait()
            return {"response": "Success", "value": ""}

        house.asterisk.action = slow
        looking = asyncio.create_task(phones.look_at("1002"))
        await house.a_moment()
        house.asterisk.tell("ContactStatus", aor="agent-1002-web", contactstatus="Created")
        await house.a_moment()
        answer.set()
        await looking
        await house.a_moment()

    asyncio.run(cross())
    assert house.agent("1002").phone_up


def test_the_desk_knows_since_when_a_desk_phone_has_the_caller_on_hold(house):
    tells(house, "Hold")
    assert house.agent().held_since == house.clock.now()
    tells(house, "Unhold")
    assert house.agent().held_since is None
    tells(house, "Hold")
    house.ready_agent("1002")
    house.ask("consult", agent="1002")
    assert house.agent().held_since is None, "they hear music because somebody is asked"
    house.do()
    held = [event.data["why"] for event in house.events if event.kind is EventKind.INTERACTION_HELD]
    assert held == ["agent", "agent", "consult"]


def test_whom_an_agent_had_on_hold_is_known_until_the_lost_phone_is_back(house):
    tells(house, "Hold")
    since = house.agent().held_since
    place = house.store.place(house.agent().interaction_id)
    house.do(house.calls.phone_lost(house.agent()))
    assert house.agent().deadline is not None
    assert house.agent().held_since == since, "the page that comes back holds again"
    assert place.channel

    async def back():
        house.calls.leg_answered(house.agent().token)

    house.do(back())
    assert (house.agent().deadline, house.agent().held_since) == (None, None)


def tells(house, event: str) -> None:
    """Asterisk tells this of the agent's leg."""

    async def tell() -> None:
        house.asterisk.tell(event, uniqueid=house.asterisk.legs[-1]["uniqueid"])
        await house.a_moment()

    house.do(tell())
