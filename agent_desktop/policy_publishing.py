"""Putting a policy in force from its page, bringing one back, and telling every page of it when somebody does."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.change_note import author_here, note_of
from agent_desktop.json_body import json_body
from agent_desktop.policies import WATCHING_ROLES
from agent_desktop.policy_texts import read, text_in_force
from agent_desktop.roles import needs_role
from agent_desktop.sent_text import text_of
from agent_desktop.services import services
from agent_desktop.status_stream import status_stream
from core.errors import HaloError
from core.events import Event, EventKind
from core.problem import Faults
from routing.policy_file import LONGEST_POLICY, PolicyText

blueprint = Blueprint("policy_publishing", __name__)


class HasFaults(HaloError):
    """The policy can't be in force as it is."""

    code = "policy_faults"


@blueprint.post("/api/policy/publish")
@needs_role(*SUPERVISING_ROLES)
def publish() -> ResponseReturnValue:
    """Put a text in force; the answer is its number."""
    body = json_body()
    text, note, based_on = text_of(body.fields, LONGEST_POLICY), note_of(body), body.number("based_on")
    found = read_sound(text)
    try:
        return jsonify(number=services().policy_publisher.publish(found, author_here(), note, based_on))
    except Faults as faults:
        raise HasFaults("The policy has faults.", "Mend what is listed.") from faults


@blueprint.post("/api/policy/bring-back")
@needs_role(*SUPERVISING_ROLES)
def bring_back() -> ResponseReturnValue:
    """Put an earlier version in force again; the answer is its number."""
    body = json_body()
    number, based_on = body.number("number"), body.number("based_on")
    try:
        return jsonify(number=services().policy_publisher.roll_back(number, author_here(), based_on))
    except Faults as faults:
        raise HasFaults("The policy does not go with what is around it now.", "Publish it with changes.") from faults


@blueprint.get("/events/policy")
@needs_role(*WATCHING_ROLES)
def stream() -> ResponseReturnValue:
    """Server-sent: what is in force, now and whenever that changes."""
    return status_stream("policy", _is_wanted, _status)


def read_sound(text: str) -> PolicyText:
    """The policy of a text. Raises HasFaults where it is none."""
    found = read(text)
    if not isinstance(found, PolicyText):
        raise HasFaults("The policy has faults.", "Mend what is listed.")
    return found


def _is_wanted(event: Event) -> bool:
    return event.kind is EventKind.POLICY_PUBLISHED


def _status() -> dict[str, object]:
    with services().database.reading() as session:
        current = text_in_force(session)
    by, note = (current.publication.by, current.publication.note) if current.publication else ("", "")
    return {"number": current.number, "by": by, "note": note}
