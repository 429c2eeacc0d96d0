"""My follow-ups: added from a call or a ticket, done or put off from the list."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.follow_up_list import promise_list
from agent_desktop.json_body import json_body
from agent_desktop.later_calls import LONGEST_TIME, chosen_moment
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.sent_text import unwritable_line
from agent_desktop.services import services
from agent_desktop.texts import _
from agent_desktop.ticket_opening import call_in_hand
from core.errors import BadInput
from core.events import Event, EventKind
from crm.customers import Customer
from crm.follow_ups import LONGEST_TEXT, add_follow_up, finish_follow_up, postpone_follow_up, unfinish_follow_up
from crm.ticket_changes import find_ticket
from ivr.callback_news import tell_pages

blueprint = Blueprint("follow_ups", __name__)
_MORNING_H = 9


@blueprint.get("/follow-ups")
@needs_role(Role.AGENT)
def page() -> ResponseReturnValue:
    here, agent_id = services(), agent_here()
    with here.database.reading() as session:
        found = promise_list(session, agent_id, here.clock.now())
    return render_template("follow_ups.html", found=found)


@blueprint.post("/follow-ups")
@needs_role(Role.AGENT)
def add() -> ResponseReturnValue:
    """From the page of a ticket (`ticket` its number), or from the list."""
    here, agent_id, number = services(), agent_here(), request.form.get("ticket", "")
    text, at = _text(request.form.get("text", "")), chosen_moment(request.form.get("at", ""))
    with here.database.writing() as session:
        ticket = find_ticket(session, number) if number else None
        customer_id = ticket.customer_id if ticket else None
        add_follow_up(session, agent_id, text, at, here.clock.now(), customer_id, ticket.id if ticket else None)
        session.commit()
    tell_follow_up(agent_id, "added")
    flash(_("It is on your list."))
    return redirect(url_for("tickets.ticket", number=number) if number else url_for("follow_ups.page"))


@blueprint.get("/api/follow-up-form/<interaction_id>")
@needs_role(Role.AGENT)
def form(interaction_id: str) -> ResponseReturnValue:
    """The form beside the call, made by the server."""
    place = call_in_hand(interaction_id)
    with services().database.reading() as session:
        customer = session.get(Customer, place.customer_id) if place.customer_id else None
    who = f"{customer.honorific} {customer.name}".strip() if customer else ""
    return render_template("follow_up_form.html", interaction_id=interaction_id, who=who, at=_tomorrow_morning())


@blueprint.post("/api/follow-ups")
@needs_role(Role.AGENT)
def add_from_call() -> ResponseReturnValue:
    here, agent_id, body = services(), agent_here(), json_body()
    place = call_in_hand(body.identifier("interaction_id"))
    text, at = _text(body.text("text", most=LONGEST_TEXT)), chosen_moment(body.text("at", most=LONGEST_TIME))
    with here.database.writing() as session:
        add_follow_up(session, agent_id, text, at, here.clock.now(), place.customer_id)
        session.commit()
    tell_follow_up(agent_id, "added")
    return jsonify(words=_("It is on your list."))


@blueprint.post("/follow-ups/<int:follow_up_id>/<any(done, undone, postpone):step>")
@needs_role(Role.AGENT)
def change(follow_up_id: int, step: str) -> ResponseReturnValue:
    """`postpone` brings `by` (hour, day), or a time as `at`."""
    here, agent_id, now = services(), agent_here(), services().clock.now()
    with here.database.writing() as session:
        match step:
            case "done":
                finish_follow_up(session, agent_id, follow_up_id, now)
            case "undone":
                unfinish_follow_up(session, agent_id, follow_up_id)
            case _:
                postpone_follow_up(session, agent_id, follow_up_id, _later(now))
        session.commit()
    tell_follow_up(agent_id, "postponed" if step == "postpone" else step)
    return redirect(url_for("follow_ups.page"))


def _later(now: datetime) -> datetime:
    match request.form.get("by", ""):
        case "hour":
            return now + timedelta(hours=1)
        case "day":
            return _tomorrow_morning()
    return chosen_moment(request.form.get("at", ""))


def _tomorrow_morning() -> datetime:
    here = services()
    zone = ZoneInfo(here.settings.time_zone)
    tomorrow = here.clock.now().astimezone(zone) + timedelta(days=1)
    return tomorrow.replace(hour=_MORNING_H, minute=0, second=0, microsecond=0)


def _text(text: str) -> str:
    promised = " ".join(text.split())
    if not 0 < len(promised) <= LONGEST_TEXT or unwritable_line(promised):
        raise BadInput("What was promised is missing or too long.", "Say it in a few words.")
    return promised


def tell_follow_up(agent_id: str, change: str) -> None:
    """Tell the agent's page that what they have promised is another list now."""
    here = services()
    event = Event(EventKind.FOLLOW_UP_CHANGED, here.clock.now(), agent_id=agent_id, data={"change": change})
    tell_pages(here.bus.publish, event)
