"""A ticket from the call in hand: its form is filled with what is known already."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.change_note import author_here
from agent_desktop.code_words import PRIORITIES, reason_words
from agent_desktop.json_body import json_body
from agent_desktop.languages import language_here
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.services import services
from agent_desktop.standing_place import of_standing
from agent_desktop.ticket_changes import category_of, priority_of, subject_of
from agent_desktop.tickets import teams_by_name
from agent_desktop.work_area import gather, render
from core.errors import BadInput, HaloError, NotFound
from crm.customers import Customer
from crm.ticket_category import TicketSubject
from crm.ticket_changes import TicketPen, find_ticket
from crm.ticket_history import LONGEST_NOTE
from crm.ticket_news import ticket_opened
from crm.tickets import TicketWish, open_wished, usual_subject
from ivr.callback_news import tell_pages
from ivr.reasons import Reason
from routing.place import Place

blueprint = Blueprint("ticket_opening", __name__, url_prefix="/api")
_CATEGORIES = {
    Reason.ORDER_STATUS: TicketSubject.DELIVERY, Reason.TRACKING: TicketSubject.DELIVERY,
    Reason.RESCHEDULE: TicketSubject.DELIVERY, Reason.ORDER_NOT_FOUND: TicketSubject.DELIVERY,
    Reason.BILL: TicketSubject.BILLING, Reason.PAYMENT_STATE: TicketSubject.BILLING, Reason.PAY_BY_CARD: TicketSubject.BILLING,
    Reason.PAYMENT_DECLINED: TicketSubject.BILLING, Reason.PAYMENT_UNKNOWN: TicketSubject.BILLING,
    Reason.BILLING: TicketSubject.BILLING, Reason.APPOINTMENT: TicketSubject.VISIT, Reason.TECHNICAL: TicketSubject.PRODUCT,
}  # fmt: skip
_OF_QUEUES = {"billing": TicketSubject.BILLING, "technical": TicketSubject.PRODUCT}


class NoCustomer(HaloError):
    """The call in hand is nobody's whom we know."""

    code = "no_customer"


def likely_category(reason: str, queue: str) -> TicketSubject:
    """What a ticket of a call for this reason in this queue is about."""
    codes = reason.split(":")[:2]  # what stood in the way names what they were doing: "pin_not_proved:bill"
    found = next((category for code in codes for known, category in _CATEGORIES.items() if known == code), None)
    return found or _OF_QUEUES.get(queue, TicketSubject.OTHER)


@blueprint.get("/ticket-form/<interaction_id>")
@needs_role(Role.AGENT)
def form(interaction_id: str) -> ResponseReturnValue:
    """The form beside the call, made by the server."""
    here, place = services(), call_in_hand(interaction_id)
    if place.customer_id is None:
        raise NoCustomer("Nobody knows yet whose ticket this would be.", "Find the customer first.")
    category = likely_category(place.reason, place.queue)
    with here.database.reading() as session:
        customer = session.get_one(Customer, place.customer_id)
    return render_template(
        "tickets/open.html", interaction_id=interaction_id, who=f"{customer.honorific} {customer.name}".strip(), category=category,
        subject=reason_words(place.reason) or usual_subject(category, language_here()), team=place.queue, teams=teams_by_name(),
        priority=here.ticket_targets.current().priority(category), priorities=PRIORITIES,
        categories=[each.value for each in TicketSubject],
    )  # fmt: skip


@blueprint.post("/tickets")
@needs_role(Role.AGENT)
def open_() -> ResponseReturnValue:
    """Open it; the same category in the same call is the same ticket. `keep`: the agent who opens it has it."""
    here, agent_id, body = services(), agent_here(), json_body()
    place = call_in_hand(body.identifier("interaction_id"))
    if place.customer_id is None:
        raise NoCustomer("Nobody knows yet whose ticket this would be.", "Find the customer first.")
    team, keep = body.text("team", most=40, default=""), body.yes_or_no("keep", default=True)
    if team and team not in teams_by_name():
        raise BadInput("There is no such team.", "Choose one from the list.")
    wish = TicketWish(
        place.customer_id, category_of(body.text("category", most=20)), subject_of(body.text("subject", most=200)),
        place.interaction_id, priority_of(body.text("priority", most=1)), agent_id if keep else "", "" if keep else team,
    )  # fmt: skip
    note, now = body.text("note", most=LONGEST_NOTE, default="").strip(), here.clock.now()
    with here.database.writing() as session:
        ticket, is_new = open_wished(session, wish, here.ticket_targets.current(), author_here(), now)
        pen = TicketPen(session, here.ticket_targets.current(), author_here(), now)
        if note:
            pen.note(ticket.number, note)
        session.commit()
    if is_new:
        tell_pages(here.bus.publish, ticket_opened(ticket, place.interaction_id, agent_id, now))
    return jsonify(number=ticket.number, is_new=is_new, html=render(gather(user_here(), here.store.agent(agent_id))))


@blueprint.post("/tickets/<number>/link")
@needs_role(Role.AGENT)
def link(number: str) -> ResponseReturnValue:
    """The call in hand is about this ticket of its customer."""
    here, body = services(), json_body()
    place, now = call_in_hand(body.identifier("interaction_id")), here.clock.now()
    with here.database.writing() as session:
        if find_ticket(session, number).customer_id != place.customer_id:
            raise NotFound("That is another customer's ticket.", "Open the right one.")
        TicketPen(session, here.ticket_targets.current(), author_here(), now).link(number, place.interaction_id)
        session.commit()
    return jsonify(number=number)


def call_in_hand(interaction_id: str) -> Place:
    """The call that the agent has now, of who its customer is by now. Raises NotFound for any other."""
    here = services()
    place = here.store.place(interaction_id)
    if place is None or here.store.agent(agent_here()).interaction_id != interaction_id:
        raise NotFound("That call is not in hand.", "Nothing to do.")
    with here.database.reading() as session:
        return of_standing(session, place)
