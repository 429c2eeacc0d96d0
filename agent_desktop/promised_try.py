"""The promised call in hand: the agent says whether it was the customer who answered."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.json_body import json_body
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.services import services
from agent_desktop.work_area import gather, render
from core.errors import NotFound
from crm.callback_tasks import CallbackTask, TaskState
from routing.agent_state import AgentState

blueprint = Blueprint("promised_try", __name__, url_prefix="/api")
_SAYS = frozenset({AgentState.TALKING, AgentState.WRAP_UP})
VOICEMAIL = "voicemail"  # or somebody else: their phone was answered, but not by them


@blueprint.post("/reached")
@needs_role(Role.AGENT)
def say_reached() -> ResponseReturnValue:
    """The agent says whether it was the customer who answered. Without a word, whoever answered counts as them."""
    here, agent_id, body = services(), agent_here(), json_body()
    interaction_id, reached = body.identifier("interaction_id"), body.yes_or_no("reached", default=True)
    agent = here.store.agent(agent_id)
    place = here.store.place(interaction_id)
    if place is None or not place.callback or agent.interaction_id != interaction_id or agent.state not in _SAYS:
        raise NotFound("That promised call is not in hand.", "Nothing to do.")
    with here.database.reading() as session:
        task = session.get_one(CallbackTask, place.callback)
    if task.state == TaskState.CALLED:  # they have said so themselves, and the leader keeps the promise in a moment
        return jsonify(html=render(gather(user_here(), agent)))
    if reached:
        here.outcomes.reached(task, agent_id, here.clock.now())
    else:
        here.outcomes.missed(task, VOICEMAIL, here.clock.now(), even_if_picked_up=True)
    return jsonify(html=render(gather(user_here(), agent)))
