"""What every server-sent stream needs: its messages, and whether the browser is still there."""

import json
import select
import socket
from collections.abc import Iterator

from flask import Response, request, stream_with_context

from agent_desktop.roles import user_here
from agent_desktop.services import services
from core.errors import Unavailable

RETRY_MS = 1000
_DEAD_PEER_MS = 8000


def message(name: str, body: dict[str, object], position: str = "") -> str:
    """One named message with its JSON; `position` lets the browser go on from there."""
    marked = f"id: {position}\n" if position else ""
    return f"{marked}event: {name}\ndata: {json.dumps(body, separators=(',', ':'))}\n\n"


def pushed(messages: Iterator[str]) -> Response:
    """The answer that sends these messages as they come. Raises TooMany for somebody who has many of them open already."""
    streams, user_id = services().streams, user_here().id
    streams.opened(user_id)
    response = Response(stream_with_context(messages), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: streams.closed(user_id))
    return response


def until_unavailable(messages: Iterator[str]) -> Iterator[str]:
    """When Redis goes away the stream ends and the page comes back by itself; that is no fault of the page."""
    try:
        yield from messages
    except Unavailable:
        yield message("unavailable", {})


def browsers_connection() -> socket.socket | None:
    """The browser's own connection where the server shows it (gunicorn does); unanswered bytes end it in 8 s, so that a
    machine that fell off the network does not count as a page that is looked at."""
    found = request.environ.get("gunicorn.socket")
    if not isinstance(found, socket.socket):
        return None
    if found.family in (socket.AF_INET, socket.AF_INET6):
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAD_PEER_MS)
    return found


def is_gone(connection: socket.socket | None) -> bool:
    """Whether the browser has closed its side: seen at once, not at the next write but one."""
    if connection is None:
        return False
    try:
        readable, _write, _error = select.select([connection], [], [], 0)
        return bool(readable) and connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except (OSError, ValueError):
        return True
