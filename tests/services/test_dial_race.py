"""Two tabs of one agent call at the same moment: the desk takes both orders, and one phone rings, once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.events import EventKind
from cti.call_control import CallControl
from cti.dialling import Dialling
from routing.agent_state import Action, AgentState
from tests.journeys.floor_house import FakeAsterisk, FloorHouse
from tests.services.desk_house import DeskHouse
from tests.services.test_desk_dialling import dial, settle


class Listening(FakeAsterisk):
    def on(self, _event: str, _handler: object) -> None:
        """Nothing is told in here."""


@pytest.mark.parametrize("in_wrap_up", [False, True])
def test_two_tabs_that_call_at_once_ring_one_phone_once(desk: DeskHouse, redis_url: str, in_wrap_up: bool) -> None:
    settle(desk, outbound_trunk="carrier")
    tabs = [desk.browser("dewi"), desk.browser("dewi")]
    for tab in tabs:
        tab.get("/desk")
    if in_wrap_up:
        desk.step(desk.reserve(), Action.RING, Action.ANSWER, Action.HANG_UP)
    desk.changes.phone_changed("1001", up=True)
    with ThreadPoolExecutor(2) as at_once:
        assert [answer.status_code for answer in at_once.map(dial, tabs)] == [200, 200]
    orders = desk.events(EventKind.CALL_CONTROL_ASKED)

    asterisk = Listening()
    floor = FloorHouse(redis_url, clock=desk.clock, asterisk=asterisk)
    settings = floor.settings.model_copy(update={"outbound_trunk": "carrier"})
    floor.calls._settings = settings
    dialling = Dialling(settings, desk.clock, desk.store, desk.changes, floor.floor, desk.bus.publish, floor.calls)
    control = CallControl(desk.clock, desk.store, desk.bus.publish, asterisk, None, None, None, dialling, None)  # type: ignore[arg-type]

    async def obey() -> None:
        await asyncio.gather(*(control.obey(order) for order in orders))
        await asyncio.gather(*dialling._tasks)

    asyncio.run(obey())
    floor.close()
    assert len(asterisk.named("Originate")) == 1
    settled = desk.events(EventKind.CALL_CONTROL_SETTLED)
    assert sorted(event.data["why"] for event in settled) == ["", "illegal_change"]
    agent = desk.store.agent("1001")
    assert (agent.state, agent.dialled) == (AgentState.RINGING, True)
    assert list(desk.store.snapshot().taken) == [agent.interaction_id], "and the call before is in nobody's hand any more"
