"""Putting a script in force from its page, or on trial; bringing one back, ending a trial; telling every page of it."""

from collections.abc import Callable

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.change_note import author_here, note_of
from agent_desktop.flow_editor import OTHERS_SEEN_FOR
from agent_desktop.json_body import json_body
from agent_desktop.roles import needs_role, user_here
from agent_desktop.script_texts import check_name, problems_of, read, text_in_force
from agent_desktop.sent_text import text_of
from agent_desktop.services import services
from agent_desktop.status_stream import others_told, status_stream
from core.errors import HaloError
from core.events import Event, EventKind
from core.problem import Faults
from scripts.script_drafts import SCRIPT_DRAFTS
from scripts.script_file import LONGEST_SCRIPT, ScriptText
from scripts.script_trials import running_trial

blueprint = Blueprint("script_publishing", __name__)


class HasFaults(HaloError):
    """The script can't be in force as it is."""

    code = "script_faults"


class NotComparable(HaloError):
    """The version can't be compared with the one in force."""

    code = "script_not_comparable"


@blueprint.post("/api/scripts/<name>/publish")
@needs_role(*SUPERVISING_ROLES)
def publish(name: str) -> ResponseReturnValue:
    """Put a text in force, or with `percent` on a share of the calls; the answer is its number."""
    check_name(name)
    body = json_body()
    text, note, based_on, percent = _sound(body.fields, name), note_of(body), body.number("based_on"), body.number("percent")
    publisher, by = services().script_publisher, author_here()
    try:
        if percent:
            return jsonify(number=_on_trial(text, percent, by, note, based_on), percent=percent)
        number = publisher.publish([text], by, note, based_on)[name]
    except Faults as faults:
        raise HasFaults("The script has faults.", "Mend what is listed.") from faults
    with services().database.writing() as session:
        SCRIPT_DRAFTS.published(session, name, user_here().login, text.text, based_on, number)
        session.commit()
    return jsonify(number=number, percent=0)


@blueprint.post("/api/scripts/<name>/bring-back")
@needs_role(*SUPERVISING_ROLES)
def bring_back(name: str) -> ResponseReturnValue:
    """Put an earlier version in force again, with 0 what Halo ships; the answer is its number."""
    return _take_version(name, services().script_publisher.roll_back, "Publish it with changes.")


@blueprint.post("/api/scripts/<name>/choose")
@needs_role(*SUPERVISING_ROLES)
def choose(name: str) -> ResponseReturnValue:
    """End a trial: one of the two versions is for all calls that come."""
    return _take_version(name, services().script_publisher.end_trial, "Take the other one.")


@blueprint.get("/events/scripts/<name>")
@needs_role(*SUPERVISING_ROLES)
def stream(name: str) -> ResponseReturnValue:
    """Server-sent: what is in force, what is tried, and who else edits; now, and whenever one of these changes."""
    check_name(name)
    login = user_here().login

    def wanted(event: Event) -> bool:
        return event.kind is EventKind.SCRIPT_PUBLISHED and event.data.get("script") == name

    return status_stream("script", wanted, lambda: _status(name, login))


def _take_version(name: str, take: Callable[[str, int, str], int], instead: str) -> ResponseReturnValue:
    """Put a version that there is in force, by `take`; the answer is its number now. `instead`: what to do if it can't be."""
    check_name(name)
    try:
        return jsonify(number=take(name, json_body().number("number"), author_here()))
    except Faults as faults:
        raise HasFaults("The version does not go with what is around it now.", instead) from faults


def _sound(fields: dict[str, object], name: str) -> ScriptText:
    """The script of a text that a page sends. Raises HasFaults where it is none, or not this one."""
    found = read(text_of(fields, LONGEST_SCRIPT), name)
    if not isinstance(found, ScriptText) or any(problem.serious for problem in problems_of(found, name)):
        raise HasFaults("The script has faults.", "Mend what is listed.")
    return found


def _on_trial(text: ScriptText, percent: int, by: str, note: str, based_on: int) -> int:
    try:
        return services().script_publisher.begin_trial(text, percent, by, note, based_on)
    except Faults as faults:  # of its own it has none
        raise NotComparable("The two can't be compared.", "Let them open for the same calls.") from faults


def _status(name: str, login: str) -> dict[str, object]:
    now = services().clock.now()
    with services().database.reading() as session:
        current, trial = text_in_force(session, name), running_trial(session, name)
        others = SCRIPT_DRAFTS.of_others(session, name, login, now - OTHERS_SEEN_FOR)
    by, note = (current.publication.by, current.publication.note) if current.publication else ("", "")
    return {
        "in_force": {"number": current.number, "by": by, "note": note},
        "others": others_told(others),
        "trial": {"number": trial.tried, "percent": trial.percent} if trial else None,
    }  # fmt: skip
