"""Finding customers and looking at one without leaving the page: what the palettes and the agent's page of calls ask."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES, Role
from agent_desktop.called_about import ORDERS, CalledAbout
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.services import services
from agent_desktop.standing_place import of_standing
from core.errors import NotFound
from crm.customer_card import customer_card
from crm.customer_search import LONGEST_SEARCH, FoundCustomer, find_customers
from routing.agent_state import AgentState
from routing.agents import name_of_agent

blueprint = Blueprint("customers", __name__, url_prefix="/api")
ROLES = (Role.AGENT, *SUPERVISING_ROLES)
_MOST_FOUND = 8


@blueprint.get("/customers")
@needs_role(*ROLES)
def search() -> ResponseReturnValue:
    """Who fits `q`: id, the name as it is said, and the name and what else was found as [text, marked] pieces."""
    return jsonify(customers=[_found_json(found) for found in found_here(_MOST_FOUND)])


def found_here(most: int) -> list[FoundCustomer]:
    """At most so many who fit what this request asks for."""
    text, here = request.args.get("q", "")[:LONGEST_SEARCH].replace("\x00", ""), services()
    with here.database.reading() as session:
        return find_customers(session, text, most, here.settings.country)


@blueprint.get("/customers/<int:customer_id>")
@needs_role(Role.AGENT)
def card(customer_id: int) -> ResponseReturnValue:
    here = services()
    with here.database.reading() as session:
        found = customer_card(session, customer_id, here.clock.now(), here.settings.time_zone)
        own_agent = name_of_agent(session, found.named_agent) if found is not None else ""
    if found is None:
        raise NotFound("There is no such customer.", "Search again.")
    return render_template(
        "desk/customer_dialog.html", card=found, own_agent=own_agent, about=CalledAbout(ORDERS),
        may_be_caller=_may_be_caller(found.customer_id),
    )  # fmt: skip


def _may_be_caller(customer_id: int) -> bool:
    """Whether the agent talks with a caller who, as far as is known, is not this customer."""
    here = services()
    agent = here.store.agent(agent_here())
    if agent.state is not AgentState.TALKING or not agent.hears_caller:
        return False
    place = here.store.place(agent.interaction_id)
    if place is None or not place.channel:
        return False
    with here.database.reading() as session:
        return of_standing(session, place).customer_id != customer_id


def _found_json(found: FoundCustomer) -> dict[str, Any]:
    person = found.customer
    return {
        "id": person.id,
        "name": f"{person.honorific} {person.name}".strip(),
        "city": person.city,
        "pieces": found.name,
        "by": found.by_what,
    }
