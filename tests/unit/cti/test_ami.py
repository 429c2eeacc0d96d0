"""Who leads no more hears nothing, and sends nothing that rings or moves a call."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from cti.ami import Ami, NotLeading


async def nothing() -> None:
    """Nothing is done after a log-in."""


class Wire:
    """Stands where panoramisk stands, and remembers what was sent."""

    def __init__(self) -> None:
        self.protocol, self.sent = object(), list[str]()

    def send_action(self, action: dict[str, Any], as_list: bool) -> "asyncio.Future[Any]":
        self.sent.append(action["Action"])
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        answer = {"Response": "Success"}
        done.set_result([answer, answer] if as_list else answer)
        return done


@pytest.fixture
def line() -> SimpleNamespace:
    leads = SimpleNamespace(now=True)
    ami = Ami(5038, "halo", "x", nothing, lambda: None, lambda: leads.now)
    ami._manager, ami.connected = Wire(), True
    return SimpleNamespace(ami=ami, leads=leads, sent=ami._manager.sent)


@pytest.mark.parametrize("action", ["Originate", "Redirect", "Hangup", "QueueAdd", "QueueRemove", "QueuePause"])
def test_only_a_leader_rings_moves_and_ends_calls(line, action):
    asyncio.run(line.ami.action(action))
    line.leads.now = False
    with pytest.raises(NotLeading):
        asyncio.run(line.ami.action(action))
    assert line.sent == [action]


def test_a_stand_by_mutes_recordings_and_asks(line):
    line.leads.now = False
    asyncio.run(line.ami.action("MixMonitorMute"))
    asyncio.run(line.ami.rows("Status"))
    assert line.sent == ["MixMonitorMute", "Status"]


def test_who_does_not_lead_lets_events_go_by_but_those_that_each_is_to_hear(line):
    heard: list[str] = []
    handles = [line.ami._guarded(lambda row: heard.append(row["channel"]), also_standing_by) for also_standing_by in (False, True)]
    for line.leads.now, channel in ((True, "one"), (False, "two")):
        for handle in handles:
            handle(None, {"Channel": channel})
    assert heard == ["one", "one", "two"]


def test_the_library_writes_no_event_down_whatever_level_is_asked_for(caplog):
    with caplog.at_level(logging.DEBUG):
        assert not logging.getLogger("panoramisk").isEnabledFor(logging.DEBUG)
