"""Many pages that listen for pushed events, all read by one thread, so that the measuring costs little."""

import http.cookiejar
import re
import selectors
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from threading import Thread

from core.errors import Unavailable

TIMEOUT_S = 15.0
MESSAGE_END = b"\n\n\r\n"  # an event's empty line, then the end of its chunk


class Login:
    """One person who is logged in at `address`; `page` is the page that the log-in leads to."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self._jar = http.cookiejar.CookieJar()
        web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        door = web.open(f"{address}/login", timeout=TIMEOUT_S).read().decode()
        form = {"csrf_token": _found(r'name="csrf-token" content="([^"]*)"', door), "login": name, "password": password}
        answer = web.open(f"{address}/login", urllib.parse.urlencode(form).encode(), timeout=TIMEOUT_S)
        self.page = answer.read().decode()
        if answer.url.endswith("/login"):
            raise Unavailable(f"The log-in {name} was refused.", "Read the desk's log.")

    @property
    def cookie(self) -> str:
        """The value of the Cookie header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)

    def agent_stream(self) -> str:
        """The path of this agent's stream of events."""
        number, position = (_found(rf'data-{name}="([^"]*)"', self.page) for name in ("page-number", "position"))
        return "/events?" + urllib.parse.urlencode({"page": number, "after": position})


class PushedPages:
    """Connections to streams of server-sent events. Use as a context manager."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._unread: list[bytes] = []

    def __enter__(self) -> "PushedPages":
        return self

    def __exit__(self, *_error: object) -> None:
        for key in list(self._selector.get_map().values()):
            self._selector.unregister(key.fileobj)
            key.fileobj.close()
        self._selector.close()

    def open(self, port: int, path: str, cookie: str = "") -> int:
        """Open one stream; returns the page's number here. Wait for `settle` before measuring."""
        line = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        line.setblocking(False)
        self._unread.append(b"")
        self._selector.register(line, selectors.EVENT_READ, len(self._unread) - 1)
        return len(self._unread) - 1

    def settle(self, quiet_s: float = 1.0) -> None:
        """Read until nothing of an event has come for `quiet_s`; heartbeats do not count. Once, after the last `open`."""
        quiet_until = time.perf_counter() + quiet_s
        while time.perf_counter() < quiet_until:
            for _page, data in self._read(quiet_s / 4):
                if b"event: " in data:
                    quiet_until = time.perf_counter() + quiet_s
        refused = [unread[:60] for unread in self._unread if not unread.startswith(b"HTTP/1.1 200 ")]
        if refused:
            raise Unavailable(f"{len(refused)} pages were not opened: {refused[0]!r}.", "Read the desk's log.")
        self._forget()

    def times_after(self, change: Callable[[], object], event: bytes, pages: set[int]) -> list[float]:
        """Run `change` in a thread; ms from its beginning until each of `pages` holds a whole `event`, in order of arrival."""
        self._forget()
        times_ms: list[float] = []
        missing = set(pages)
        began: list[float] = []

        def run() -> None:
            began.append(time.perf_counter())
            change()

        worker = Thread(target=run)
        worker.start()
        until = time.perf_counter() + TIMEOUT_S
        while missing:
            if time.perf_counter() > until:
                raise Unavailable(f"{len(missing)} of {len(pages)} pages were told nothing.", "Read the desk's log.")
            for page, _data in self._read(0.5):
                unread = self._unread[page]
                if page in missing and b"event: " + event in unread and unread.endswith(MESSAGE_END):
                    missing.discard(page)
                    times_ms.append((time.perf_counter() - began[0]) * 1000)
        worker.join()
        return times_ms

    def longest_unread(self) -> int:
        """How many bytes the longest of the messages just waited for has."""
        return max(len(unread) for unread in self._unread)

    def _read(self, wait_s: float) -> list[tuple[int, bytes]]:
        ready = []
        for key, _ in self._selector.select(wait_s):
            data = key.fileobj.recv(1 << 20)
            if not data:
                last = self._unread[key.data][-300:].decode(errors="replace")
                raise Unavailable(f"Page {key.data}'s stream of events ended after {last!r}.", "Read the desk's log.")
            self._unread[key.data] += data
            ready.append((key.data, data))
        return ready

    def _forget(self) -> None:
        self._unread = [b"" for _ in self._unread]


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    return found.group(1) if found else ""
