"""The calendar to which an agent's phone subscribes: its address made, withdrawn, and read by whoever has it."""

from flask import Blueprint, Response, abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.calendar_throttle import WINDOW_S, CalendarThrottle
from agent_desktop.days import zone_here
from agent_desktop.open_streams import TooMany
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.services import services
from agent_desktop.texts import _
from workforce.own_calendar import agent_of, calendar_text, make_address, tell, withdraw_address

blueprint = Blueprint("calendars", __name__)
_TITLE = "Halo"


@blueprint.post("/api/calendar")
@needs_role(Role.AGENT)
def make() -> ResponseReturnValue:
    """A new address; one that was there before leads nowhere from now on. It is shown this once."""
    with services().database.writing() as session:
        token = make_address(session, agent_here(), services().clock.now())
        session.commit()
    return jsonify(
        words=_("Made. Copy the address now: it is not shown again."), address=url_for(".feed", token=token, _external=True)
    )


@blueprint.post("/api/calendar/withdraw")
@needs_role(Role.AGENT)
def withdraw() -> ResponseReturnValue:
    with services().database.writing() as session:
        withdraw_address(session, agent_here())
        session.commit()
    return jsonify(words=_("Withdrawn: the address leads nowhere any more."))


@blueprint.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """The shifts of whoever's address it is; nobody is logged in here. Wrong, withdrawn and never made are answered alike."""
    here, throttle = services(), CalendarThrottle(services().store.redis)
    address = request.remote_addr or ""
    if throttle.left_s(address):
        raise TooMany("Too many addresses were tried from here.", f"Wait {WINDOW_S} s.")
    with here.database.reading() as session:
        agent_id = agent_of(session, token)
    if agent_id is None:
        throttle.wrong(address)
        abort(404)
    if not throttle.fetched(agent_id):
        raise TooMany("This calendar is fetched too often.", f"Wait {WINDOW_S} s.")
    with here.database.writing() as session:
        told = tell(session, agent_id, here.clock.now(), zone_here())
        session.commit()
    response = Response(calendar_text(told, agent_id, _TITLE, zone_here()), mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="halo.ics"'
    response.headers["Referrer-Policy"] = "no-referrer"
    response.add_etag()
    return response.make_conditional(request)
