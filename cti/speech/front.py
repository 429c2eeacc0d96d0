"""The speech front: Asterisk connects to it, and it to the recognisers, which may die without Asterisk losing its connection."""

import asyncio
from collections.abc import Mapping

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import WebSocketException

from cti.speech import messages
from cti.speech.aeap_server import LARGEST_MESSAGE, MOST_STREAMS, PROTOCOL, QUIET, AeapServer, set_up
from cti.speech.passage import MOST_UNSENT_BYTES, Passage
from cti.speech_engines import SpeechEngines

# Asterisk waits a second for the answer to its set-up; a recogniser that does not answer must leave time for another.
_REACH_WAIT_S = 0.3
# One that hangs would take sound for ever: it is taken for dead after a ping and this long. One that is only busy answers.
_PING_EVERY_S, _PONG_WAIT_S = 2.0, 5.0
_CLOSE_WAIT_S = 0.3


class SpeechFront(AeapServer):
    """Asterisk's connection stays for as long as Asterisk wants: `res_aeap` may lock itself up where its peer goes away.

    `recognisers` are names and ports; where several have as few callers, the first one listens. `key`: see settings.speech_key.
    """

    def __init__(self, port: int, key: str, recognisers: Mapping[str, int], most_streams: int = MOST_STREAMS) -> None:
        super().__init__(port, most_streams)
        self._key, self._ports, self._recognisers = key, dict(recognisers), SpeechEngines(recognisers)

    async def is_ready(self) -> bool:
        """Whether any recogniser answers."""
        asked = [asyncio.to_thread(self._recognisers.is_ready, name) for name in self._ports]
        for answer in asyncio.as_completed(asked):
            if await answer:
                return True
        return False

    async def converse(self, wire: ServerConnection) -> None:
        """Pass one caller on. Where no recogniser lives, the caller's questions end as with one that has died."""
        await set_up(wire, self._key)
        for name in self._recognisers.in_order():
            with self._recognisers.listening(name):
                recogniser = await self._reach(self._ports[name])
                if recogniser is None:
                    self._recognisers.failed(name)
                    continue
                try:
                    await Passage(wire, recogniser, self.figures).run()
                finally:
                    await recogniser.close()
                return
        await Passage(wire, None, self.figures).run()

    async def _reach(self, port: int) -> ClientConnection | None:
        """A connection that has been set up, or None."""
        try:
            async with asyncio.timeout(_REACH_WAIT_S):
                recogniser = await connect(
                    f"ws://127.0.0.1:{port}", subprotocols=[PROTOCOL], compression=None, proxy=None, logger=QUIET,
                    ping_interval=_PING_EVERY_S, ping_timeout=_PONG_WAIT_S, close_timeout=_CLOSE_WAIT_S,
                    max_size=LARGEST_MESSAGE, write_limit=2 * MOST_UNSENT_BYTES, user_agent_header=None,
                )  # fmt: skip
                try:
                    await recogniser.send(messages.setup_request(self._key))
                    await recogniser.recv()
                except BaseException:
                    recogniser.transport.abort()
                    raise
        except (OSError, TimeoutError, WebSocketException):
            return None
        return recogniser
