"""A stand-in for Twilio's REST API: a real HTTP server on loopback that takes messages, or fails in the ways that Twilio can."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.twilio_requests import AUTH_TOKEN, TWILIO, recorded

LOST, SILENT = "lost", "silent"  # taken, but the answer never arrives: the connection closes, or nothing comes


@dataclass
class StandIn:
    """`plan` says how the next requests end, in order: "created", a number of Twilio's errors ("21211"), an HTTP status
    with a page instead of JSON ("http 502"), LOST or SILENT; afterwards every message is taken. `taken` are those that
    Twilio would send. `asked` counts every request."""

    url: str = ""
    plan: list[str] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    released: threading.Event = field(default_factory=threading.Event)

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        """Twilio takes a message."""
        self.taken.append(form)
        sid = f"SM{len(self.taken):032x}"
        return recorded("message_created", sid=sid, to=form["To"], body=form["Body"])


@contextmanager
def stand_in(port: int = 0, **settings: Any) -> Iterator[StandIn]:
    """Serve on loopback until the end."""
    state = StandIn(**settings)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.asked += 1
            state.arrived.release()
            if self.path != f"/2010-04-01/Accounts/{TWILIO.account_sid}/Messages.json":
                self._answer(404, {"code": 20404, "message": "The requested resource was not found", "status": 404})
            elif self.headers["Authorization"] != f"Basic {_basic(TWILIO.account_sid, AUTH_TOKEN)}":
                self._answer(401, recorded("error_20003"))
            else:
                self._end(state.plan.pop(0) if state.plan else "created", dict(parse_qsl(body, strict_parsing=True)))

        def _end(self, how: str, form: dict[str, str]) -> None:
            if how == "created":
                self._answer(201, state.take(form))
            elif how in (LOST, SILENT):
                state.take(form)
                if how == SILENT:
                    state.released.wait(30)
                self.close_connection = True
            elif how.startswith("http "):
                self._answer(int(how.removeprefix("http ")), None)
            else:
                error = recorded(f"error_{how}")
                self._answer(error["status"], error)

        def _answer(self, status: int, body: dict[str, Any] | None) -> None:
            content = b"<html>not today</html>" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if body is None else "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()


def _basic(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()
