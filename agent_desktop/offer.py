"""What an agent does about the offer in hand: the problem is solved, and what the customer said."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.formats import rupiah
from agent_desktop.json_body import json_body
from agent_desktop.offer_panel import answered
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.running_script import kept_script
from agent_desktop.script_actions import note_offer_answered
from agent_desktop.services import services
from agent_desktop.texts import _
from agent_desktop.work_area import gather, offer_of_call, render
from core.errors import BadInput, NotFound
from crm.offers.offer import ANSWERS, OfferState
from crm.offers.offering import answer, take_back
from routing.agent_state import AgentState
from routing.live import LiveAgent

blueprint = Blueprint("offer", __name__, url_prefix="/api")
_SAYS = frozenset({AgentState.TALKING, AgentState.WRAP_UP})
UNDONE = "undone"


@blueprint.post("/solved")
@needs_role(Role.AGENT)
def say_solved() -> ResponseReturnValue:
    """The agent says that the caller's problem is solved, or not after all; gives back the whole work area."""
    body = json_body()
    interaction_id, solved = body.identifier("interaction_id"), body.yes_or_no("solved", default=True)
    agent = _with_call(interaction_id)
    services().memory.keep_said_solved(interaction_id, solved)
    return jsonify(html=render(gather(user_here(), agent)))


@blueprint.post("/offer")
@needs_role(Role.AGENT)
def say() -> ResponseReturnValue:
    """What the customer said to the offer, or that the last answer was a slip. Commit, then tell."""
    here, agent_id, body = services(), agent_here(), json_body()
    interaction_id, said = body.identifier("interaction_id"), body.text("answer", most=12)
    if said not in {*ANSWERS, UNDONE}:
        raise BadInput("There is no such answer.", "Use accepted, declined, not_now or undone.")
    agent = _with_call(interaction_id)
    now = here.clock.now()
    if said == UNDONE:
        offer = take_back(here.database, interaction_id, now)
    else:
        shown = offer_of_call(user_here(), agent)  # what suppresses it since the page was painted wins
        words = _("Order by phone: %(name)s, %(price)s", name=shown.name, price=rupiah(shown.price_idr))
        offer = answer(here.database, interaction_id, OfferState(said), agent_id, words, now)
        running = kept_script(interaction_id)
        if running is not None:
            note_offer_answered(running, agent_id, said)
    here.bus.publish(answered(offer, said, now))
    return jsonify(html=render(gather(user_here(), agent)))


def _with_call(interaction_id: str) -> LiveAgent:
    agent = services().store.agent(agent_here())
    if agent.interaction_id != interaction_id or agent.state not in _SAYS:
        raise NotFound("That call is not in hand.", "Nothing to do.")
    return agent
