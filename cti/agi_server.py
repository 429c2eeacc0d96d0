"""The FastAGI server: a thread for each caller who is doing something. Garbage costs a thread a few seconds, no more."""

import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, cast

from core.log import get_log
from cti.agi_session import AgiSession, BadConversation
from ivr.line import HungUp

HEADER_TIMEOUT_S = 5.0
# Longer than any one command: a closing's message takes LONGEST_S to record or to play, a voicemail MOST_S and its tone. A
# caller whose command took longer would be taken for gone.
COMMAND_TIMEOUT_S = 240.0
MAX_CALLS = 1000

log = get_log(__name__)


class AgiServer(socketserver.ThreadingTCPServer):
    """Accepts AGI connections on loopback and runs `serve` in a thread for each, until it returns."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, port: int, serve: Callable[[AgiSession], None]) -> None:
        self.serve = serve
        self.places = threading.BoundedSemaphore(MAX_CALLS)
        super().__init__(("127.0.0.1", port), _Handler)

    def start(self) -> None:
        """Accept from now on, in a thread of its own."""
        threading.Thread(target=self.serve_forever, name="agi-accept", daemon=True, args=(0.1,)).start()

    def stop(self) -> None:
        """Accept no more. Callers in a script are kept by the dialplan."""
        self.shutdown()
        self.server_close()


class _Handler(socketserver.StreamRequestHandler):
    timeout = HEADER_TIMEOUT_S
    disable_nagle_algorithm = True

    def handle(self) -> None:
        server = cast(AgiServer, self.server)
        if not server.places.acquire(blocking=False):
            log.warning("agi_full", calls=MAX_CALLS)
            return
        try:
            session = AgiSession(cast(BinaryIO, self.rfile), cast(BinaryIO, self.wfile))
            session.leave = self._leave
            self.connection.settimeout(COMMAND_TIMEOUT_S)
            server.serve(session)
        except HungUp:
            log.debug("agi_gone")
        except BadConversation as problem:
            log.warning("agi_refused", why=str(problem))
        except Exception:  # the dialplan sees a script that failed and tries again; the thread must not die loudly
            log.exception("agi_failed")
        finally:
            server.places.release()

    def _leave(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
