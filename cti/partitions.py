"""The partitions of the policy in this process: each is asked for as long as the policy has it, and told what happens."""

import asyncio
import threading
from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from core.bus import EventBus
from core.errors import Unavailable
from core.events import Event
from core.log import get_log
from cti.partition import Partition, PartitionTools

LOOK_S = 1.0  # a stand-by follows no events: so often it looks which partitions there are

log = get_log(__name__)


class Partitions:
    """`run` until cancelled, then `stop`. A policy without partitions costs a look once in a while."""

    def __init__(self, tools: PartitionTools, watch: EventBus) -> None:
        self._tools, self._watch = tools, watch
        self._here: dict[str, Partition] = {}
        self._stopped = threading.Event()
        self._follower: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop

    @property
    def led(self) -> list[str]:
        """The names of those that we lead. From any thread."""
        return [each.name for each in list(self._here.values()) if each.leader.leads()]

    async def run(self) -> None:
        """Keep to the policy in force."""
        self._loop = asyncio.get_running_loop()
        never = asyncio.Event()
        while True:
            await self._keep_to((await asyncio.to_thread(self._tools.policies.current)).partitions)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await never.wait()

    async def stop(self) -> None:
        """For good: others lead at once."""
        self._stopped.set()
        await self._end(list(self._here))

    def pause(self) -> None:
        """Asterisk is away."""
        for each in self._here.values():
            each.pause()

    def begin(self) -> None:
        """Asterisk is there again, or the event log: compare notes for all that we lead."""
        for each in self._here.values():
            each.begin_soon()

    async def _keep_to(self, names: Iterable[str]) -> None:
        wanted = list(names)
        await self._end([name for name in self._here if name not in wanted])
        for name in wanted:
            if name not in self._here:
                self._here[name] = Partition(name, self._tools)
                self._follow()
                self._here[name].start()

    async def _end(self, names: list[str]) -> None:
        await asyncio.gather(*(self._here.pop(name).stop() for name in names))

    # ---- following the event log -------------------------------------------------------------------------------

    def _follow(self) -> None:
        if self._follower is None:
            self._follower = threading.Thread(target=self._watch_events, name="partitions", daemon=True)
            self._follower.start()

    def _watch_events(self) -> None:
        position, away = "", False
        while not self._stopped.is_set():
            try:
                if not position:
                    position = self._watch.last_position()
                    self._loop.call_soon_threadsafe(self.begin)  # who began before we listened
                for event in self._watch.read(position, wait_s=1.0):
                    position = event.position
                    if self.led:
                        self._loop.call_soon_threadsafe(self._happened, event)
                if away:
                    away = False
                    self._loop.call_soon_threadsafe(self.begin)
            except Unavailable as problem:
                away = True
                log.warning("event_log_away", why=problem.code)
                self._stopped.wait(0.3)

    def _happened(self, event: Event) -> None:
        for each in self._here.values():
            if each.leader.leads():
                try:
                    each.take_note(event)
                except (Unavailable, SQLAlchemyError) as problem:
                    log.warning("event_not_followed", partition=each.name, why=type(problem).__name__)
