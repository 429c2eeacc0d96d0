"""The WebSocket server that Asterisk's speech engine connects to, one connection for each caller who is asked something."""

import asyncio
import logging
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from core.log import get_log
from cti.speech.conversation import Conversation
from cti.speech.figures import SpeechFigures
from cti.speech.messages import BadMessage
from ivr.speech.recognizer import Recognizer

PROTOCOL = Subprotocol("speech_to_text")
MOST_STREAMS = 500  # connected; far fewer speak at a time
_HANDSHAKE_WAIT_S = 3.0
_CLOSE_WAIT_S = 1.0
_LARGEST_MESSAGE = 64 * 1024
_BAD, _FAILED = 1008, 1011  # WebSocket close codes: policy violation, internal error

_log = get_log(__name__)


class SpeechServer:
    """Listens on loopback. Whoever can't say `key` in the set-up is closed at once; see settings.speech_key.

    The same port answers `GET /ready` and `GET /metrics`.
    """

    def __init__(self, port: int, key: str, recognizer: Recognizer, most_streams: int = MOST_STREAMS) -> None:
        self._port, self._key, self._recognizer, self._most_streams = port, key, recognizer, most_streams
        # Recognising is arithmetic: more threads than cores would only take turns.
        self._threads = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="speech")
        self.figures = SpeechFigures()
        self._streams = 0

    async def start(self) -> Server:
        """Accept from now on; closing the server ends every conversation."""
        # The library tells every stranger's handshake with its whole stack; what matters is told here.
        quiet = logging.getLogger("halo.speech.websockets")
        quiet.setLevel(logging.CRITICAL)
        return await serve(
            self._serve, "127.0.0.1", self._port, subprotocols=[PROTOCOL], process_request=self._answer_http,
            open_timeout=_HANDSHAKE_WAIT_S, close_timeout=_CLOSE_WAIT_S, max_size=_LARGEST_MESSAGE, compression=None,
            logger=quiet, server_header=None,
        )  # fmt: skip

    async def run(self) -> None:
        """Serve until SIGTERM."""
        end = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, end.set)
        async with await self.start():
            _log.info("speech_listening", port=self._port)
            await end.wait()
        self._threads.shutdown(wait=False, cancel_futures=True)
        _log.info("stopped")

    def _answer_http(self, wire: ServerConnection, request: Request) -> Response | None:
        if request.path == "/ready":
            return wire.respond(HTTPStatus.OK, "ready\n")
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
            await Conversation(wire, self._key, self._recognizer, self._threads, self.figures).run()
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
