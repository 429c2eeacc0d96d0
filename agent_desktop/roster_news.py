"""What others do to a roster reaches its open pages: cells, publishing, what came into force since, and requests that wait."""

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.planning_pages import actor_here
from agent_desktop.roles import needs_role
from agent_desktop.roster_page import find_made, stale_days, stamp_of, waiting_asks
from agent_desktop.roster_words import gap_words
from agent_desktop.services import services
from agent_desktop.shift_news import is_about_shifts
from agent_desktop.shift_stream import shift_stream
from core.events import Event, EventKind
from ivr.callback_news import tell_pages
from workforce.roster_hand import ChangeKind, changes_of

blueprint = Blueprint("roster_news", __name__)
DROPPED = "dropped"


def tell_roster(version_id: int, change: ChangeKind | str, cells: int = 0) -> None:
    """Tell open pages what was done to this roster; always after the commit."""
    here = services()
    data = {"roster": version_id, "change": str(change), "cells": cells, "by": actor_here()}
    tell_pages(here.bus.publish, Event(EventKind.ROSTER_CHANGED, here.clock.now(), data=data))


@blueprint.get("/events/rosters/<int:version_id>")
@needs_role(*PLANNING_ROLES)
def stream(version_id: int) -> ResponseReturnValue:
    """Server-sent: that the roster, or what stands beside it, is another."""

    def concerns(event: Event) -> bool:
        return is_about_shifts(event) or (event.kind is EventKind.ROSTER_CHANGED and event.data["roster"] == version_id)

    return shift_stream("roster", concerns)


@blueprint.get("/api/planner/rosters/<int:version_id>/news")
@needs_role(*PLANNING_ROLES)
def news(version_id: int) -> ResponseReturnValue:
    """What stands beside the grid, as it is now; `shown`: the state that the page has been made for. The `stamp` is another when
    the grid is; `by`: who changed it last. Raises NotFound for one that was thrown away."""
    with services().database.reading() as session:
        version = find_made(session, version_id)
        changes = changes_of(session, version_id)
        html = render_template(
            "rosters/news.html", version=version, shown=request.args.get("shown", version.state),
            by=changes[0].by if changes else "", stale=stale_days(session, version), asks=waiting_asks(session, version),
        )  # fmt: skip
        stamp = stamp_of(session, version)
    return jsonify(
        stamp=stamp, by=changes[0].by if changes else "", own=bool(changes) and changes[0].by == actor_here(), html=html,
        history=render_template("rosters/history.html", changes=changes), gap=gap_words(version.cost, version.bound),
    )  # fmt: skip
