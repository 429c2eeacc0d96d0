"""What people do with a ticket on its page: take, hand over, wait, solve, reopen, say better, note."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.change_note import author_here
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.sent_text import unwritable_line
from agent_desktop.services import services
from agent_desktop.texts import _
from agent_desktop.tickets import ROLES, people_by_id, teams_by_name, ticket_page
from core.errors import BadInput
from crm.ticket_category import TicketSubject
from crm.ticket_changes import TicketEdit, TicketMoved, TicketPen
from crm.ticket_history import LONGEST_NOTE
from crm.ticket_news import ticket_changed
from crm.ticket_states import TicketAct
from crm.tickets import LONGEST_SUBJECT, Ticket
from ivr.callback_news import tell_pages

blueprint = Blueprint("ticket_changes", __name__, url_prefix="/tickets")
_Change = Callable[[TicketPen, int], Ticket]


@blueprint.post("/<number>/<any(wait, resume, solve, reopen):act>")
@needs_role(*ROLES)
def move(number: str, act: str) -> ResponseReturnValue:
    """To another status, with a note where one was typed."""
    changes: dict[str, _Change] = {
        "wait": lambda pen, seen: pen.wait(number, seen),
        "resume": lambda pen, seen: pen.resume(number, seen),
        "solve": lambda pen, seen: pen.solve(number, seen),
        "reopen": lambda pen, seen: pen.reopen(number, seen),
    }
    return _change(number, TicketAct(act), changes[act])


@blueprint.post("/<number>/take")
@needs_role(*ROLES)
def take(number: str) -> ResponseReturnValue:
    agent_id = agent_here()
    return _change(number, TicketAct.TAKE, lambda pen, seen: pen.take(number, seen, agent_id))


@blueprint.post("/<number>/hand-over")
@needs_role(*ROLES)
def hand_over(number: str) -> ResponseReturnValue:
    """`to` is "agent:1002" or "team:billing"."""
    kind, _colon, name = request.form.get("to", "").partition(":")
    with services().database.reading() as session:
        known = people_by_id(session) if kind == "agent" else teams_by_name() if kind == "team" else {}
    if name not in known:
        raise BadInput("There is no such agent or team.", "Choose one from the list.")
    owner, team = (name, "") if kind == "agent" else ("", name)
    return _change(number, TicketAct.HAND_OVER, lambda pen, seen: pen.hand_over(number, seen, owner, team))


@blueprint.post("/<number>/edit")
@needs_role(*ROLES)
def edit(number: str) -> ResponseReturnValue:
    wanted = TicketEdit(
        subject_of(request.form.get("subject", "")), category_of(request.form.get("category", "")),
        priority_of(request.form.get("priority", "")),
    )  # fmt: skip
    return _change(number, TicketAct.EDIT, lambda pen, seen: pen.edit(number, seen, wanted))


@blueprint.post("/<number>/note")
@needs_role(*ROLES)
def note(number: str) -> ResponseReturnValue:
    text = note_of_form()
    if text:
        with services().database.writing() as session:
            _pen(session).note(number, text)
            session.commit()
    else:
        flash(_("Write a note first."))
    return redirect(url_for("tickets.ticket", number=number))


def subject_of(text: str) -> str:
    """What a ticket is called, in one line. Raises BadInput."""
    subject = " ".join(text.split())
    if not 0 < len(subject) <= LONGEST_SUBJECT or unwritable_line(subject):
        raise BadInput("The subject is missing or too long.", "Say it in a few words.")
    return subject


def category_of(text: str) -> TicketSubject:
    """Raises BadInput."""
    if text not in frozenset(TicketSubject):
        raise BadInput("There is no such category.", "Choose one from the list.")
    return TicketSubject(text)


def priority_of(text: str) -> int:
    """Raises BadInput."""
    if text not in ("1", "2", "3", "4"):
        raise BadInput("There is no such priority.", "Choose one from the list.")
    return int(text)


def note_of_form() -> str:
    """The note that a form brings, "" for none. Raises BadInput."""
    text = request.form.get("note", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_NOTE or unwritable_line(text):
        raise BadInput("The note is too long, or has a sign that no text may hold.", "Shorten it.")
    return text


def _change(number: str, act: TicketAct, change: _Change) -> ResponseReturnValue:
    here, text = services(), note_of_form()
    seen = request.form.get("version", "")
    if not (seen.isascii() and seen.isdigit()) or len(seen) > 9:
        raise BadInput("The page does not say which state of the ticket it shows.", "Load the page again.")
    try:
        with here.database.writing() as session:
            pen = _pen(session)
            changed = change(pen, int(seen))
            if text:
                pen.note(number, text)
            session.commit()
    except TicketMoved:
        return ticket_page(number, typed=text, moved=True), 409
    tell_pages(here.bus.publish, ticket_changed(changed, act, user_here().agent_id or "", pen.now))
    return redirect(url_for("tickets.ticket", number=number))


def _pen(session: Session) -> TicketPen:
    here = services()
    return TicketPen(session, here.ticket_targets.current(), author_here(), here.clock.now())
