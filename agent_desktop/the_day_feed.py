"""Pushes the day: rows that changed, their order and the totals; and that staff is to be looked at again."""

import select
import socket
from collections.abc import Iterator

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.day_rows import DrawnDay, draw_rows, people
from agent_desktop.languages import language_here
from agent_desktop.promises import promises_in, queues_of
from agent_desktop.pushing import RETRY_MS, browsers_connection, is_gone, message, pushed, until_unavailable
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.the_day import Chosen, chosen_here, figures
from core.clock import stopwatch_s

blueprint = Blueprint("the_day_feed", __name__)
_BEAT_S = 4.0
_PAUSE_S = 1.0
_STAFF_EVERY_S = 300


@blueprint.get("/events/the-day")
@needs_role(*PLANNING_ROLES)
def stream() -> ResponseReturnValue:
    """Today's rows of the team and queue in the address."""
    return pushed(until_unavailable(_messages(chosen_here(), browsers_connection())))


def _messages(asked: Chosen, connection: socket.socket | None) -> Iterator[str]:
    here, queues = services(), queues_of(user_here())
    yield f"retry: {RETRY_MS}\n\n"
    with here.figures.streams.labels("day").track_inprogress():
        yield message("promises", {"open": promises_in(queues)})
        shown: dict[str, str] = {}
        head, staffed, looked_s = "", None, stopwatch_s()
        while not is_gone(connection):
            drawn = newest_rows()
            rows = asked.rows(drawn.rows)
            html = {row.person.agent_id: row.html for row in rows}
            new_head = render_template("the_day/head.html", asked=asked, axis=drawn.axis, now=drawn.at, **figures(rows))
            if html == shown and new_head == head:
                yield ": beat\n\n"
            else:
                changed = {agent: text for agent, text in html.items() if shown.get(agent) != text}
                body: dict[str, object] = {"order": list(html), "rows": changed, "head": new_head, "now": drawn.at.isoformat()}
                here.figures.pushes.labels("day").inc()
                yield message("rows", body)
                shown, head = html, new_head
            mark = (drawn.plan_number, drawn.plan.day, int(drawn.at.timestamp()) // _STAFF_EVERY_S)
            if staffed is not None and mark != staffed:
                yield message("staff", {})
            staffed = mark
            _pause(connection)
            here.today.wait(drawn.version, _BEAT_S)
            if stopwatch_s() - looked_s >= _PAUSE_S:
                if not here.sessions.is_open() or not asked.live:
                    break
                looked_s = stopwatch_s()
        yield message("over", {})


def newest_rows() -> DrawnDay:
    """Today's rows in the reader's language, shared by all who look."""
    here = services()

    def draw(known: DrawnDay | None) -> DrawnDay:
        with here.database.reading() as session:
            persons = people(session, here.policy())
        today, now = here.today.look(), here.clock.now()
        axis, rows = draw_rows(today.plan, today.days, persons, now, True, known)
        return DrawnDay(today.version, today.plan_number, now, today.plan, axis, tuple(rows))

    return here.drawn_days.newest(language_here(), here.today.version(), draw)


def _pause(connection: socket.socket | None) -> None:
    """At most one push a second."""
    if connection is not None:
        select.select([], [], [], _PAUSE_S)
