"""gunicorn's worker of threads, with an end to its patience: whoever holds a connection without using it keeps nobody out.

As it comes, a request of which only half arrives holds a thread for ever, and a client that does not close its side holds the
loop that takes in all others, for two seconds each time.
"""

import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from core.clock import stopwatch_s

_BODY_NAMES = frozenset({"CONTENT-LENGTH", "TRANSFER-ENCODING"})
_SLOWEST_BODY = 50_000  # bytes a second of the largest upload


class DeskWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A request's head must come within `head_s`, its body within `body_s` and what its length takes on a slow line.

    One address has at most `most_of_one` connections that wait for a request or are being ended; a proxy on this machine, which
    brings everybody, has as many as it likes.
    """

    head_s, body_s = 10.0, 60.0
    part_s = 2.0  # a client that was told that the connection ends may take so long to end its side
    most_of_one = 40

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._until_s: dict[Any, float] = {}  # by connection: when the rest of its request must be here

    def handle(self, conn: Any) -> Any:
        """In a thread of its own. What is false ends the connection."""
        if self._has_enough(conn):
            _shut(conn.sock)
            return False
        self._until_s[conn] = stopwatch_s() + self.head_s
        try:
            goes_on = super().handle(conn)
            if not goes_on:
                self._part(conn)
            return goes_on
        finally:
            self._until_s.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head is here."""
        given = dict(req.headers)
        if _BODY_NAMES.isdisjoint(given):
            self._until_s.pop(conn, None)  # a page that is pushed to stays for hours
        else:
            length = given.get("CONTENT-LENGTH", "0")
            self._until_s[conn] = stopwatch_s() + self.body_s + (int(length) if length.isdigit() else 0) / _SLOWEST_BODY
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Asked at least once a second: end what took too long. The thread that reads from it sees the end."""
        super().murder_pending()
        now_s = stopwatch_s()
        for conn, until_s in list(self._until_s.items()):
            if until_s < now_s:
                _shut(conn.sock)

    def _has_enough(self, conn: Any) -> bool:
        address = conn.client[0] if isinstance(conn.client, tuple) else ""
        if not address or ip_address(address.partition("%")[0]).is_loopback:
            return False
        waiting = [other for other in list(self._until_s) if other.client[0] == address]
        return len(waiting) >= self.most_of_one

    def _part(self, conn: Any) -> None:
        """Say the end and wait for the client's, here and not in the loop: it finds nothing left to wait for."""
        with suppress(OSError):
            conn.sock.shutdown(socket.SHUT_WR)
            self._until_s[conn] = stopwatch_s() + self.part_s
            conn.sock.settimeout(self.part_s)
            while conn.sock.recv(4096):
                pass
        _shut(conn.sock)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
