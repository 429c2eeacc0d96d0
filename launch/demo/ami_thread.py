"""A manager connection for code that is not asynchronous: its own event loop in its own thread."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from core.errors import Unavailable
from cti.ami import Ami, EventHandler, Row

Answer = TypeVar("Answer")
CONNECT_TIMEOUT_S = 20.0


class AmiThread:
    """Connects when entered; `action` and `rows` wait for their answer. Handlers run in the loop's thread."""

    def __init__(self, port: int, user: str, secret: str, handlers: Mapping[str, EventHandler]) -> None:
        self._loop = asyncio.new_event_loop()
        self._connected = threading.Event()
        self._ami = Ami(port, user, secret, self._greet, lambda: None)
        for event, handler in handlers.items():
            self._ami.on(event, handler)
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"ami-{port}", daemon=True)

    def __enter__(self) -> "AmiThread":
        self._thread.start()
        self._call_in_loop(self._ami.start)
        if not self._connected.wait(CONNECT_TIMEOUT_S):
            raise Unavailable("Asterisk's manager interface did not let us in.", "Run ./halo doctor.")
        return self

    def __exit__(self, *_error: object) -> None:
        self._call_in_loop(self._ami.stop)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def action(self, name: str, **fields: str | list[str]) -> Row:
        """As Ami.action."""
        return self._wait(self._ami.action(name, **fields))

    def rows(self, name: str, **fields: str | list[str]) -> list[Row]:
        """As Ami.rows."""
        return self._wait(self._ami.rows(name, **fields))

    def _wait(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(15)

    def _call_in_loop(self, work: Callable[[], None]) -> None:
        async def call() -> None:
            work()

        self._wait(call())

    async def _greet(self) -> None:
        self._connected.set()
