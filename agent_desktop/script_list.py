"""The page of scripts: which are in force, what opens when, which are tried or being changed; and the beginning of a new one."""

import re
from dataclasses import dataclass

from flask import Blueprint, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES, Role
from agent_desktop.flow_names import queue_name
from agent_desktop.json_body import json_body
from agent_desktop.languages import language_here
from agent_desktop.roles import needs_role, user_here
from agent_desktop.script_texts import own_draft, text_in_force
from agent_desktop.script_words import opens_words, queues_words
from agent_desktop.services import services
from core.errors import HaloError, NotFound
from core.text_drafts import Author
from ivr.reasons import Reason
from scripts import dispositions
from scripts.condition_words import condition_words
from scripts.library import ScriptVersion
from scripts.model import SLUG
from scripts.script_drafts import SCRIPT_DRAFTS, ScriptDraft
from scripts.script_file import read_script
from scripts.script_template import copied_script, new_script
from scripts.script_trials import ScriptTrial, running_trials

WATCHING_ROLES = (Role.PLANNER, Role.SUPERVISOR, Role.ADMIN)

blueprint = Blueprint("script_list", __name__)


class NoName(HaloError):
    """What was typed in can be no name of a script."""

    code = "script_name"


class ScriptThere(HaloError):
    """There is a script of this name already."""

    code = "script_there"


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A script in force. `draft`: who is here is changing it."""

    name: str
    title: str
    number: int
    queues: str
    opens: str
    priority: int
    pages: int
    trial: ScriptTrial | None
    draft: bool


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue with the scripts that may open in it, in the order in which they are looked at, and the one that opens else."""

    label: str
    fitting: tuple[ScriptVersion, ...]
    otherwise: ScriptVersion | None


@blueprint.get("/scripts")
@needs_role(*WATCHING_ROLES)
def page() -> ResponseReturnValue:
    """Every script in force; begun ones that are not, for who began them."""
    here, may_edit = services(), user_here().role in SUPERVISING_ROLES
    library = here.scripts.current()
    with here.database.reading() as session:
        trials = {trial.script: trial for trial in running_trials(session)}
        drafts = {draft.script: draft for draft in SCRIPT_DRAFTS.of_person(session, user_here().login)} if may_edit else {}
    lines = [_line(version, trials, drafts) for version in sorted(library.versions, key=lambda one: one.script.name)]
    begun = [name for name in drafts if library.find(name) is None]
    return render_template(
        "scripts/list.html",
        lines=lines, queues=[_queue(name) for name in here.policy().names], begun=begun, may_edit=may_edit,
        condition_words=condition_words,
    )  # fmt: skip


@blueprint.post("/api/scripts")
@needs_role(*SUPERVISING_ROLES)
def begin() -> ResponseReturnValue:
    """Begin a new script from a template ("" for the small one, else a script in force); the answer is where it is edited."""
    here, body, user = services(), json_body(), user_here()
    name, template = body.text("name", most=60).strip(), body.text("from", most=40, default="")
    if not re.fullmatch(SLUG, name):
        raise NoName("That can be no name of a script.", "Use small letters, digits and _.")
    text = _copied(name, template) if template else _small(name)
    with here.database.writing() as session:
        if text_in_force(session, name).is_there or own_draft(session, name) is not None:
            raise ScriptThere("There is a script of that name already.", "Choose another name.")
        SCRIPT_DRAFTS.keep(session, name, Author(user.login, user.name), text, 0, "", here.clock.now())
        session.commit()
    return jsonify(address=url_for("script_editor.page", name=name)), 201


def _small(name: str) -> str:
    queue = services().policy().names[0]
    return new_script(name, queue, Reason.BILL.value, dispositions.for_queue(queue)[0].code)


def _copied(name: str, template: str) -> str:
    with services().database.reading() as session:
        text = text_in_force(session, template)
    if not text.is_there:
        raise NotFound("There is no script to copy.", "Choose another one.")
    return copied_script(read_script(text.text, template), name)


def _line(version: ScriptVersion, trials: dict[str, ScriptTrial], drafts: dict[str, ScriptDraft]) -> ScriptLine:
    script = version.script
    return ScriptLine(
        script.name, script.title.in_language(language_here()), version.number, queues_words(script), opens_words(script),
        script.priority, len(script.pages), trials.get(script.name), script.name in drafts,
    )  # fmt: skip


def _queue(name: str) -> QueueLine:
    library = services().scripts.current()
    return QueueLine(queue_name(name), tuple(library.candidates(name)), next(iter(library.fallbacks(name)), None))
