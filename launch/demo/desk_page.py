"""An agent's page without a browser: logs in, reads what is pushed, and says and saves what a person would."""

import http.cookiejar
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.clock import SystemClock
from core.errors import Unavailable

TIMEOUT_S = 10.0
STREAM_TIMEOUT_S = 30.0
_RECONNECT_S = 0.3


@dataclass(frozen=True, slots=True)
class Push:
    """One message of the event stream: when it came, what happened, and the work area as HTML where it brings one, with the
    interaction that the agent then has in hand."""

    at: datetime
    action: str
    state: str
    interaction_id: str
    html: str


@dataclass
class DeskPage:
    """The page of one agent at `address` ("http://127.0.0.1:8080"). Confirms each screen pop as a page does."""

    address: str
    login: str
    password: str
    confirms_pops: bool = True
    pushes: list[Push] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cookies = http.cookiejar.CookieJar()
        self._web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._csrf = ""
        self._clock = SystemClock()
        self._stream: Any = None

    @contextmanager
    def open(self) -> Iterator["DeskPage"]:
        """Log in and keep the page open. Raises Unavailable when the log-in is refused."""
        form = {"csrf_token": _field(self._read("/login"), "csrf-token"), "login": self.login, "password": self.password}
        page = self._read("/login", urllib.parse.urlencode(form).encode())
        if "data-page-number" not in page:
            raise Unavailable(f"The log-in {self.login} did not lead to the agent's page.", "Check the log-in.")
        self._csrf = _field(page, "csrf-token")
        self._number, self._position = _data(page, "page-number"), _data(page, "position")
        self.facts = {"state": _data(page, "agent-state"), "interaction": _data(page, "interaction")}
        reader = threading.Thread(target=self._follow, name=f"page-{self.login}", daemon=True)
        reader.start()
        try:
            yield self
        finally:
            self._closed.set()
            self._drop_stream()
            reader.join(3)

    @property
    def state(self) -> str:
        """The agent's state as the page shows it."""
        return str(self.facts.get("state", ""))

    def wait_state(self, *states: str, timeout_s: float = 15) -> str:
        """Wait until the page shows one of these states. Raises Unavailable when it does not."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.state in states, timeout_s):
                raise Unavailable(f"{self.login}'s page shows {self.state}, not {' or '.join(states)}.", "Run ./halo doctor.")
        return self.state

    def pop_of(self, interaction_id: str) -> Push | None:
        """The push that brought this interaction to the page first."""
        return next((push for push in self.pushes if push.interaction_id == interaction_id and push.html), None)

    def make_ready(self) -> None:
        self.post("/api/state", state="ready")

    def make_not_ready(self, reason: str = "break") -> None:
        self.post("/api/state", state="not_ready", reason=reason)

    def save(self, code: str, note: str, ready_after: bool = True) -> None:
        """End the wrap-up of the interaction in hand."""
        fields = {"interaction_id": self.facts["interaction"], "code": code, "note": note, "ready_after": ready_after}
        for _try in range(20):
            try:
                self.post("/api/disposition", **fields)
                return
            except Unavailable:
                self._closed.wait(0.2)  # the call log is a moment behind; the page does the same
        raise Unavailable("The disposition could not be saved.", "Run ./halo doctor.")

    def post(self, path: str, **fields: object) -> dict[str, Any]:
        """Send JSON as the page's script does; returns the answer. Raises Unavailable when it is refused."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._csrf}
        return dict(json.loads(self._read(path, json.dumps(fields).encode(), headers)))

    # ---- inside ------------------------------------------------------------------------------------------------

    def _read(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> str:
        request = urllib.request.Request(self.address + path, body, headers or {})  # noqa: S310  # the address is our own http
        try:
            with self._web.open(request, timeout=TIMEOUT_S) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as problem:
            raise Unavailable(f"{path} answered {problem.code}.", "Run ./halo doctor.") from None
        except OSError:
            raise Unavailable(f"{self.address} does not answer.", "Run ./halo doctor.") from None

    def _follow(self) -> None:
        while not self._closed.is_set():
            query = urllib.parse.urlencode({"page": self._number, "after": self._position})
            with suppress(OSError, ValueError, AttributeError, urllib.error.HTTPError):
                self._stream = self._web.open(f"{self.address}/events?{query}", timeout=STREAM_TIMEOUT_S)
                self._read_stream()
            self._closed.wait(_RECONNECT_S)

    def _read_stream(self) -> None:
        name, data = "", ""
        for raw in self._stream:
            line = raw.decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = line[6:]
            elif line.startswith("id: "):
                self._position = line[4:]
            elif line == "" and data:
                if name == "agent":
                    self._take(json.loads(data))
                name, data = "", ""

    def _take(self, message: dict[str, Any]) -> None:
        facts = message.get("agent") or {}
        interaction_id = facts.get("interaction") or message.get("interaction", "")
        action, state, html = (message.get(name, "") for name in ("action", "state", "html"))
        push = Push(self._clock.now(), action, state, interaction_id, html)
        with self._changed:
            self.pushes.append(push)
            self.facts = facts or self.facts
            self._changed.notify_all()
        if self.confirms_pops and facts.get("state") == "RESERVED":
            with suppress(Unavailable):
                self.post("/api/pop-shown", interaction_id=facts["interaction"], token=facts["token"])

    def _drop_stream(self) -> None:
        with suppress(Exception):
            self._stream.fp.raw._sock.shutdown(2)


def _field(page: str, name: str) -> str:
    found = re.search(rf'<meta name="{name}" content="([^"]*)"', page)
    return found.group(1) if found else ""


def _data(page: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page)
    return found.group(1) if found else ""
