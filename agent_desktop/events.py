"""Server-sent events: an agent's own changes with the work area they lead to; the board for those who watch it."""

import select
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role, User
from agent_desktop.drawings import Drawing
from agent_desktop.event_tail import check_position, tail
from agent_desktop.follow_up_list import is_about_follow_ups, reminder
from agent_desktop.own_news import OwnNews, is_about_agent
from agent_desktop.promises import is_about_promises, promises_in, queues_of
from agent_desktop.pushing import RETRY_MS, browsers_connection, is_gone, message, pushed, until_unavailable
from agent_desktop.records import from_records
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.services import services
from agent_desktop.shift_line import ShiftLine
from agent_desktop.shift_news import concerns, is_about_shifts, news_words
from agent_desktop.wallboard import newest_board
from core.clock import stopwatch_s
from core.errors import BadInput, Unavailable
from core.events import Event, EventKind
from routing.agents import name_of_agent

blueprint = Blueprint("events", __name__)
BEAT_S = 4.0
_BOARD_PAUSE_S = 0.25
_LOOK_S = 1.0
_UNSHOWN = frozenset(
    {
        EventKind.POP_SHOWN, EventKind.SCRIPT_OPENED, EventKind.SCRIPT_STEP_TAKEN, EventKind.SCRIPT_ACTION_DONE,
        EventKind.SCRIPT_ENDED, EventKind.OFFER_DECIDED, EventKind.CALL_CONTROL_ASKED,
        EventKind.LINE_MEASURED, EventKind.SHIFTS_CHANGED,
    }
)  # fmt: skip


@blueprint.get("/events")
@needs_role(Role.AGENT, Role.SUPERVISOR, Role.ADMIN)
def stream() -> ResponseReturnValue:
    """`after` (or Last-Event-ID) is the position that the page has seen; `page` the number of an agent's page."""
    user = user_here()
    connection = browsers_connection()
    messages = _agent_messages(user, connection) if user.role == Role.AGENT else _board_messages(connection)
    return pushed(messages)


def _agent_messages(user: User, connection: socket.socket | None) -> Iterator[str]:
    here, agent_id = services(), agent_here()
    after = check_position(request.headers.get("Last-Event-ID") or request.args.get("after") or here.bus.last_position())
    number = _page_number()
    news = OwnNews(user, agent_id)

    queues = cache(lambda: queues_of(user))  # asked when it is wanted: a page whose stream waited for the records got no call

    def wanted(event: Event) -> bool:
        about_them = is_about_agent(event, agent_id) and event.kind not in _UNSHOWN
        return about_them or is_about_promises(event) or concerns(event, agent_id) or news.follows(event)

    def messages() -> Iterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        with here.figures.streams.labels("agent").track_inprogress():
            here.changes.renew_presence(agent_id)
            news.begin()
            renewed_s, line = stopwatch_s(), ShiftLine(agent_id)
            yield from _if_known(partial(_shift_messages, line, [], agent_id))
            for some in tail(here.bus, here.fanout, after, wanted, BEAT_S, owner=agent_id):
                if here.memory.newest_page(agent_id) > number:
                    yield message("taken_over", {})
                    return
                if is_gone(connection) or not here.sessions.is_open():
                    yield message("over", {})
                    return
                of_shifts = [event for event in some.events if is_about_shifts(event)]
                yield from _if_known(partial(_shift_messages, line, of_shifts, agent_id))
                rest = [event for event in some.events if not is_about_shifts(event)]
                mine = [event for event in rest if is_about_agent(event, agent_id)]
                if any(is_about_promises(event) for event in rest):
                    yield from _if_known(lambda: [message("promises", {"open": promises_in(queues())})])
                if any(is_about_follow_ups(event) for event in mine):
                    yield from _if_known(lambda: [message("follow_ups", reminder(user))])
                yield from news.messages(mine) if mine else news.filled_in()
                if stopwatch_s() - renewed_s >= BEAT_S / 2 or not some.events:
                    here.changes.renew_presence(agent_id)
                    renewed_s = stopwatch_s()
                    yield f": beat\nid: {some.position}\n\n"

    return until_unavailable(messages())


def _if_known(look_up: Callable[[], list[str]]) -> list[str]:
    """These messages; none while the records are away: a stream that ended for them would bring no caller any more."""
    try:
        return from_records(look_up)
    except Unavailable:
        return []


def _shift_messages(line: ShiftLine, of_shifts: list[Event], agent_id: str) -> list[str]:
    words = line.changed(again=bool(of_shifts))
    return [message("shift", _shift_told(words, of_shifts, agent_id))] if words is not None or of_shifts else []


def _shift_told(words: str | None, events: list[Event], agent_id: str) -> dict[str, object]:
    """`next` is the quiet line, None where it stays; `news` what is said once."""
    news = []
    if events:
        with services().database.reading() as session:
            news = [news_words(event, agent_id, name_of_agent(session, event.agent_id)) for event in events]
    return {"next": words, "news": [one for one in news if one]}


def _board_messages(connection: socket.socket | None) -> Iterator[str]:
    here = services()

    def messages() -> Iterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        with here.figures.streams.labels("board").track_inprogress():
            shown, looked_s = "", stopwatch_s()
            while not is_gone(connection):
                board = newest_board()
                if board.html_json == shown:
                    yield ": beat\n\n"
                else:
                    shown = board.html_json
                    here.figures.pushes.labels("board").inc()
                    yield _board_message(board, here.clock.now())
                    _pause(connection)
                here.boards.wait(board.version, BEAT_S)
                if stopwatch_s() - looked_s >= _LOOK_S:  # not for each push: hundreds would ask Redis in the same instant
                    if not here.sessions.is_open():
                        break
                    looked_s = stopwatch_s()
            yield message("over", {})

    return until_unavailable(messages())


def _board_message(board: Drawing, now: datetime) -> str:
    """The drawing that all share, with the time at which this reader gets it."""
    return f'id: {board.version}\nevent: board\ndata: {{"now":"{now.isoformat()}","html":{board.html_json}}}\n\n'


def _page_number() -> int:
    text = request.args.get("page", "")
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        raise BadInput("The page has no number.", "Load it again.")
    return int(text)


def _pause(connection: socket.socket | None) -> None:
    """At most four boards a second."""
    if connection is not None:
        select.select([], [], [], _BOARD_PAUSE_S)
