"""What an agent does about their own state and phone."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.json_body import json_body
from agent_desktop.roles import NotAllowed, agent_here, needs_role
from agent_desktop.security import host_here, phone_socket
from agent_desktop.services import services
from agent_desktop.work_area import facts
from asterisk_conf.names import agent_endpoint
from core.errors import BadInput, HaloError
from routing.agent_state import CHOSEN_REASONS, AgentState, IllegalChange, NotReadyReason
from routing.agents import PhoneKind, find_agent


class PhoneInUse(HaloError):
    """Calls may come to the agent's phone, or one is there."""

    code = "phone_in_use"


blueprint = Blueprint("agent", __name__, url_prefix="/api")


@blueprint.post("/state")
@needs_role(Role.AGENT)
def change_state() -> ResponseReturnValue:
    here, agent_id, body = services(), agent_here(), json_body()
    match body.text("state", most=10):
        case "ready":
            agent = here.changes.make_ready(agent_id)
        case "not_ready":
            agent = here.changes.make_not_ready(agent_id, _chosen_reason(body.text("reason", most=20)))
        case _:
            raise BadInput("There is no such state to choose.", "Use ready or not_ready.")
    return jsonify(facts(agent, here.clock.now()))


@blueprint.post("/after-call")
@needs_role(Role.AGENT)
def choose_after_call() -> ResponseReturnValue:
    """What comes after the call in hand: ready (""), or not ready with this reason; also why a ring is declined."""
    here, agent_id, reason = services(), agent_here(), json_body().text("reason", most=20)
    agent = here.changes.choose_after_call(agent_id, _chosen_reason(reason) if reason else None)
    return jsonify(facts(agent, here.clock.now()))


@blueprint.post("/log-out")
@needs_role(Role.AGENT)
def log_out() -> ResponseReturnValue:
    here, agent_id = services(), agent_here()
    if here.store.agent(agent_id).state is not AgentState.OFFLINE:
        here.changes.log_out(agent_id)
    here.sessions.end()
    return jsonify(logged_out=True)


@blueprint.get("/phone")
@needs_role(Role.AGENT)
def phone() -> ResponseReturnValue:
    """The SIP account of this agent's browser phone; for nobody else."""
    here, agent_id = services(), agent_here()
    with here.database.reading() as session:
        record = find_agent(session, agent_id)
    if record is None or record.phone_kind != PhoneKind.WEB:
        raise NotAllowed("This agent has no browser phone.", "Use the desk phone.")
    user = agent_endpoint(agent_id, PhoneKind.WEB)
    return jsonify(
        uri=f"sip:{user}@{host_here()}", user=user, password=record.phone_secret, socket=phone_socket(),
        ws_port=here.settings.asterisk_http_port,
    )  # fmt: skip


@blueprint.post("/phone-kind")
@needs_role(Role.AGENT)
def choose_phone() -> ResponseReturnValue:
    """Which phone of the agent's rings from now on: the page's (web), or a desk or soft phone (sip). Only while not ready: a call
    that is under way must not lose its phone."""
    here, agent_id, kind = services(), agent_here(), json_body().text("kind", most=4)
    if kind not in list(PhoneKind):
        raise BadInput("There is no such kind of phone.", "Use web or sip.")
    if here.store.agent(agent_id).state not in (AgentState.NOT_READY, AgentState.OFFLINE):
        raise PhoneInUse("The phone can be changed only while not ready.", "Go not ready first.")
    with here.database.writing() as session:
        record = find_agent(session, agent_id)
        if record is None:
            raise NotAllowed("This account is not linked to an agent.", "Ask an administrator to link it.")
        record.phone_kind = kind
        session.commit()
    here.changes.choose_phone(agent_id, kind)
    return jsonify(kind=kind)


def _chosen_reason(text: str) -> NotReadyReason:
    if text not in CHOSEN_REASONS:
        raise IllegalChange(f"{text!r} is not a reason to choose.", f"Use one of: {', '.join(CHOSEN_REASONS)}.")
    return NotReadyReason(text)
