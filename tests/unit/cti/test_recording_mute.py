"""Pausing a recording from a caller's thread: what is not sure is refused, and letting it go on never costs the call."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import TimeoutError as TooSlow
from typing import Any, cast

import pytest

from core.errors import Unavailable
from cti import recording_mute
from cti.ami import ActionRefused, Ami
from cti.recording_mute import RecordingMute


class FakeAmi:
    """Answers with what it is told to; a TooSlow is an answer that does not come."""

    def __init__(self, problem: Exception | None) -> None:
        self._problem = problem

    async def action(self, _name: str, **_fields: Any) -> None:
        if isinstance(self._problem, TooSlow):
            await asyncio.Event().wait()
        if self._problem:
            raise self._problem


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield loop
    asyncio.run_coroutine_threadsafe(give_up(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


async def give_up() -> None:
    """End what still waits for an answer."""
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def mute(loop: asyncio.AbstractEventLoop, problem: Exception | None, muted: bool) -> None:
    RecordingMute(cast(Ami, FakeAmi(problem)), lambda: loop)("PJSIP/carrier-1", muted)


@pytest.mark.parametrize("problem", [TooSlow(), Unavailable("Away.", "")], ids=repr)
def test_only_a_pause_must_be_sure(loop: asyncio.AbstractEventLoop, problem: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording_mute, "_WAIT_S", 0.05)
    with pytest.raises(Unavailable):
        mute(loop, problem, muted=True)
    mute(loop, problem, muted=False)


@pytest.mark.parametrize("problem", [None, ActionRefused("Nothing records it.")], ids=repr)
def test_where_nothing_records_there_is_nothing_to_pause(loop: asyncio.AbstractEventLoop, problem: Exception | None) -> None:
    mute(loop, problem, muted=True)
    mute(loop, problem, muted=False)
