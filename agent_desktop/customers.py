"""Finding and looking at customers outside of a call."""

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.called_about import ORDERS, CalledAbout
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from core.errors import NotFound
from crm.customer_card import customer_card
from crm.lookup import search_customers
from routing.agents import name_of_agent

blueprint = Blueprint("customers", __name__, url_prefix="/api")
_LONGEST_SEARCH, _MOST_FOUND = 80, 8


@blueprint.get("/customers")
@needs_role(Role.AGENT)
def search() -> ResponseReturnValue:
    text = request.args.get("q", "")[:_LONGEST_SEARCH].replace("\x00", "")
    here = services()
    with here.database.reading() as session:
        found = [
            {"id": customer.id, "name": f"{customer.honorific} {customer.name}".strip(), "city": customer.city}
            for customer in search_customers(session, text, _MOST_FOUND, here.settings.country)
        ]
    return jsonify(customers=found)


@blueprint.get("/customers/<int:customer_id>")
@needs_role(Role.AGENT)
def card(customer_id: int) -> ResponseReturnValue:
    here = services()
    with here.database.reading() as session:
        found = customer_card(session, customer_id, here.clock.now(), here.settings.time_zone)
        own_agent = name_of_agent(session, found.named_agent) if found is not None else ""
    if found is None:
        raise NotFound("There is no such customer.", "Search again.")
    return render_template("desk/customer_dialog.html", card=found, own_agent=own_agent, about=CalledAbout(ORDERS))
