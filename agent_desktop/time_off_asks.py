"""Days off: looked at before they are asked for, asked for, taken back."""

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.days import today_here
from agent_desktop.json_body import json_body
from agent_desktop.own_shifts import surroundings_here
from agent_desktop.planning_pages import day_field
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.sent_text import unwritable_line
from agent_desktop.services import services
from agent_desktop.shift_news import tell_time_off
from agent_desktop.shift_words import given_up_lines
from agent_desktop.texts import _
from core.errors import BadInput
from workforce.time_off import LONGEST_REASON, ask_time_off, check_days, given_up, withdraw_time_off

blueprint = Blueprint("time_off_asks", __name__, url_prefix="/api/time-off")


@blueprint.get("/check")
@needs_role(Role.AGENT)
def check() -> ResponseReturnValue:
    """What the days `first` to `last` off would mean, before they are asked for."""
    first, last = (day_field(request.args.get(name, "")) for name in ("first", "last"))
    check_days(first, last, today_here())
    around = surroundings_here()
    with services().database.reading() as session:
        lines = given_up_lines(given_up(session, around, agent_here(), first, last), own=True)
    return render_template("shifts/given_up.html", lines=lines)


@blueprint.post("")
@needs_role(Role.AGENT)
def ask() -> ResponseReturnValue:
    """`reason` may be empty; planners see it, nobody else."""
    agent_id, body, around = agent_here(), json_body(), surroundings_here()
    first, last = (day_field(body.text(name, most=10)) for name in ("first", "last"))
    reason = " ".join(body.text("reason", most=LONGEST_REASON, default="").split())
    if unwritable_line(reason):
        raise BadInput("The reason has a sign that can't be kept.", "Write it anew.")
    with services().database.writing() as session:
        asked = ask_time_off(session, around, agent_id, first, last, reason)
        session.commit()
    tell_time_off(asked, agent_id)
    return jsonify(words=_("Asked. A planner decides, and you are told."))


@blueprint.post("/<int:request_id>/withdraw")
@needs_role(Role.AGENT)
def withdraw(request_id: int) -> ResponseReturnValue:
    agent_id = agent_here()
    with services().database.writing() as session:
        asked = withdraw_time_off(session, request_id, agent_id, services().clock.now())
        session.commit()
    tell_time_off(asked, agent_id)
    return jsonify(words=_("Taken back."))
