"""A WebSocket server of Asterisk's protocol for speech: who connects is served until they go, and nobody's trouble is another's."""

import asyncio
import hmac
import logging
import signal
from abc import ABC, abstractmethod
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from core.ids import new_id
from core.log import get_log
from cti.speech import messages
from cti.speech.figures import SpeechFigures
from cti.speech.messages import BadMessage

PROTOCOL = Subprotocol("speech_to_text")
MOST_STREAMS = 500  # connected; far fewer speak at a time
LARGEST_MESSAGE = 64 * 1024
SETUP_WAIT_S = 3.0
_HANDSHAKE_WAIT_S = 3.0
_CLOSE_WAIT_S = 1.0
_BAD, _FAILED = 1008, 1011  # WebSocket close codes: policy violation, internal error

# The library tells every stranger's handshake with its whole stack; what matters is told here.
QUIET = logging.getLogger("halo.speech.websockets")
QUIET.setLevel(logging.CRITICAL)
_log = get_log(__name__)


class AeapServer(ABC):
    """Listens on loopback. The same port answers `GET /ready` and `GET /metrics`."""

    def __init__(self, port: int, most_streams: int = MOST_STREAMS) -> None:
        self._port, self._most_streams = port, most_streams
        self.figures = SpeechFigures()
        self._life = new_id()  # of this process: another one answers with another
        self._streams = 0

    @abstractmethod
    async def converse(self, wire: ServerConnection) -> None:
        """Serve one connection to its end. Raises BadMessage, TimeoutError when nothing comes, ConnectionClosed at the end."""

    async def is_ready(self) -> bool:
        """Whether who connects now is served."""
        return True

    async def start(self) -> Server:
        """Accept from now on; closing the server ends every conversation."""
        # No pings: a machine at its limit answers late, and Asterisk must not lose its connection for that.
        return await serve(
            self._serve, "127.0.0.1", self._port, subprotocols=[PROTOCOL], process_request=self._answer_http,
            open_timeout=_HANDSHAKE_WAIT_S, close_timeout=_CLOSE_WAIT_S, max_size=LARGEST_MESSAGE, compression=None,
            ping_interval=None, logger=QUIET, server_header=None,
        )  # fmt: skip

    async def run(self) -> None:
        """Serve until SIGTERM."""
        end = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, end.set)
        async with await self.start():
            _log.info("speech_listening", port=self._port)
            await end.wait()
        _log.info("stopped")

    async def _answer_http(self, wire: ServerConnection, request: Request) -> Response | None:
        if request.path == "/ready":
            if not await self.is_ready():
                return wire.respond(HTTPStatus.SERVICE_UNAVAILABLE, "not ready\n")
            return wire.respond(HTTPStatus.OK, f"{self._life}\n")
        if request.path == "/metrics":
            return wire.respond(HTTPStatus.OK, self.figures.page())
        if "upgrade" not in request.headers.get("Connection", "").lower():
            return wire.respond(HTTPStatus.NOT_FOUND, "not found\n")
        if self._streams >= self._most_streams:
            self._refuse("full", streams=self._streams)
            return wire.respond(HTTPStatus.SERVICE_UNAVAILABLE, "full\n")
        return None

    async def _serve(self, wire: ServerConnection) -> None:
        if self._streams >= self._most_streams:
            self._refuse("full", streams=self._streams)
            return
        self._streams += 1
        self.figures.streams.set(self._streams)
        try:
            await self.converse(wire)
        except ConnectionClosed:
            pass
        except BadMessage as problem:
            self._refuse("bad_message", what=str(problem))
            await wire.close(_BAD)
        except TimeoutError:
            self._refuse("silent")
            await wire.close(_BAD)
        except Exception:  # one caller's trouble is no other's
            self.figures.refused.labels("failed").inc()
            _log.exception("speech_failed")
            await wire.close(_FAILED)
        finally:
            self._streams -= 1
            self.figures.streams.set(self._streams)

    def _refuse(self, why: str, **details: object) -> None:
        self.figures.refused.labels(why).inc()
        _log.warning("speech_refused", why=why, **details)


async def set_up(wire: ServerConnection, key: str) -> None:
    """Answer the set-up that begins a connection. Raises BadMessage, also for whoever can't say `key`, and TimeoutError."""
    async with asyncio.timeout(SETUP_WAIT_S):
        message = await wire.recv()
        request = messages.read_message(message) if isinstance(message, str) else None
        if request is None or request.name != "setup":
            raise BadMessage("no set-up first")
        given = request.parameters.get(messages.KEY)
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), key.encode()):
            raise BadMessage("the key is not our Asterisk's")
        if messages.CODEC not in request.codecs:
            await wire.send(messages.error_answer(request, f"only {messages.CODEC} is understood"))
            raise BadMessage("no codec that we take")
        await wire.send(messages.setup_answer(request))
