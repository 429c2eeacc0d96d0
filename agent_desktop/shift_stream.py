"""Pages about shifts, told by push that what they show is another now."""

from collections.abc import Callable, Iterator

from flask.typing import ResponseReturnValue

from agent_desktop.event_tail import tail
from agent_desktop.pushing import RETRY_MS, browsers_connection, is_gone, message, pushed, until_unavailable
from agent_desktop.services import services
from core.events import Event

_BEAT_S = 4.0


def shift_stream(kind: str, concerns: Callable[[Event], bool]) -> ResponseReturnValue:
    """Server-sent: `shifts`, at once and with every event that `concerns` it. `kind`: under which name it is counted."""
    here, connection = services(), browsers_connection()
    after = here.bus.last_position()

    def messages() -> Iterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        yield message("shifts", {})  # what came before this page listened
        with here.figures.streams.labels(kind).track_inprogress():
            for some in tail(here.bus, here.fanout, after, concerns, _BEAT_S):
                if is_gone(connection):
                    return
                if not here.sessions.is_open():
                    yield message("over", {})
                    return
                yield message("shifts", {}) if some.events else ": beat\n\n"

    return pushed(until_unavailable(messages()))
