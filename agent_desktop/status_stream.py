"""A stream that tells a page how something stands: now, and whenever that changes."""

from collections.abc import Callable, Iterator, Sequence

from flask.typing import ResponseReturnValue
from flask_babel import format_datetime

from agent_desktop.event_tail import tail
from agent_desktop.pushing import RETRY_MS, browsers_connection, is_gone, message, pushed, until_unavailable
from agent_desktop.services import services
from core.events import Event
from core.text_drafts import TextDraft

BEAT_S = 3.0


def status_stream(name: str, wanted: Callable[[Event], bool], status: Callable[[], dict[str, object]]) -> ResponseReturnValue:
    """Push `status` in messages of this name: looked at again after each event that is `wanted`, and every BEAT_S seconds."""
    here, connection = services(), browsers_connection()
    after = here.bus.last_position()

    def messages() -> Iterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        with here.figures.streams.labels(name).track_inprogress():
            last = status()
            yield message(name, last)
            for _some in tail(here.bus, here.fanout, after, wanted, BEAT_S):
                if is_gone(connection):
                    return
                if not here.sessions.is_open():
                    yield message("over", {})
                    return
                now = status()
                yield message(name, now) if now != last else ": beat\n\n"
                last = now

    return pushed(until_unavailable(messages()))


def others_told(drafts: Sequence[TextDraft]) -> list[dict[str, str]]:
    """Who else is changing a text, as its page shows them."""
    return [{"name": one.name, "at": format_datetime(one.saved_at, "HH:mm"), "based_on": str(one.based_on)} for one in drafts]
