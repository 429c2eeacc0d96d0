"""The page on which supervisors and administrators edit a script: the draft, what is wrong with it, its map, what it changes."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.change_groups import ChangeGroup
from agent_desktop.editor_styles import let_editor_in
from agent_desktop.graph_picture import NODE_HEIGHT, NODE_WIDTH
from agent_desktop.json_body import json_body
from agent_desktop.languages import language_here
from agent_desktop.roles import needs_role, user_here
from agent_desktop.script_difference_words import difference_words
from agent_desktop.script_picture import draw_script
from agent_desktop.script_problem_words import what_is_wrong, what_to_do
from agent_desktop.script_texts import (
    NumberedText,
    check_name,
    keep_text,
    number_asked,
    own_draft,
    problems_of,
    read,
    text_in_force,
    text_numbered,
)
from agent_desktop.script_words import ACTIONS, SAMPLES
from agent_desktop.sent_text import text_of, unwritable_line
from agent_desktop.services import services
from core.errors import NotFound
from core.problem import Problem
from core.yaml_places import line_of
from ivr.flow_difference import difference
from scripts.script_drafts import SCRIPT_DRAFTS
from scripts.script_file import LONGEST_SCRIPT, ScriptText
from scripts.script_map import script_map
from scripts.script_trials import MOST_PERCENT, ScriptTrial, running_trial
from scripts.script_versions import publications_of

_MOST_SHOWN = 100
_DRAFT = "draft"

blueprint = Blueprint("script_editor", __name__)


@blueprint.get("/scripts/edit/<name>")
@needs_role(*SUPERVISING_ROLES)
def page(name: str) -> ResponseReturnValue:
    """The text in force or the draft of who is here, to be changed."""
    check_name(name)
    with services().database.writing() as session:
        current = text_in_force(session, name)
        draft = own_draft(session, name)
        if draft is not None and current.is_there and draft.content == current.text:  # it was published, and is over
            SCRIPT_DRAFTS.drop(session, name, user_here().login)
            draft = None
        trial, versions = running_trial(session, name), publications_of(name).history(session)
        session.commit()
    if draft is None and not current.is_there:
        raise NotFound(f"There is no script {name}.", "Begin one on the page of scripts.")
    text, based_on = (draft.content, draft.based_on) if draft else (current.text, current.number)
    return render_template(
        "scripts/editor.html",
        name=name, style_nonce=let_editor_in(), current=current, based_on=based_on, longest=LONGEST_SCRIPT, samples=SAMPLES,
        start={"text": text, "mark": draft.mark if draft else "", "published": current.text}, most_percent=MOST_PERCENT,
        **_versions(name, current, versions, trial),
    )  # fmt: skip


@blueprint.post("/api/scripts/<name>/draft")
@needs_role(*SUPERVISING_ROLES)
def keep(name: str) -> ResponseReturnValue:
    """Keep what was typed, and say what is wrong with it, what it changes and how it looks."""
    check_name(name)
    body = json_body()
    text, based_on, mark = text_of(body.fields, LONGEST_SCRIPT), body.number("based_on"), body.text("mark", most=36)
    writable = not unwritable_line(text)
    if writable:
        mark = keep_text(name, text, based_on, mark)
    with services().database.reading() as session:
        current = text_in_force(session, name)
    found = read(text, name)
    problems = problems_of(found, name)
    answer: dict[str, Any] = {
        "mark": mark, "kept": writable, "in_force": current.number,
        "problems": [_problem(problem) for problem in problems[:_MOST_SHOWN]],
        "serious": sum(problem.serious for problem in problems), "warnings": sum(not problem.serious for problem in problems),
    }  # fmt: skip
    if isinstance(found, ScriptText):
        places = page_places(found)
        answer["pages"] = [{"name": page, "first": first, "last": last} for page, first, last in places]
        answer["picture"] = _picture(found, places, problems)
        answer["difference"] = draw_difference(current.text, text, name)
    return jsonify(answer)


@blueprint.post("/api/scripts/<name>/draft/drop")
@needs_role(*SUPERVISING_ROLES)
def drop(name: str) -> ResponseReturnValue:
    """Throw the draft away; the answer is what is in force."""
    check_name(name)
    with services().database.writing() as session:
        SCRIPT_DRAFTS.drop(session, name, user_here().login)
        current = text_in_force(session, name)
        session.commit()
    return jsonify(text=current.text, based_on=current.number, mark="")


@blueprint.get("/api/scripts/<name>/draft")
@needs_role(*SUPERVISING_ROLES)
def kept(name: str) -> ResponseReturnValue:
    """The draft as it was kept last, from whichever window; what is in force where there is none."""
    check_name(name)
    with services().database.reading() as session:
        draft, current = own_draft(session, name), text_in_force(session, name)
    text, based_on, mark = (draft.content, draft.based_on, draft.mark) if draft else (current.text, current.number, "")
    return jsonify(text=text, based_on=based_on, mark=mark)


@blueprint.get("/api/scripts/<name>/versions")
@needs_role(*SUPERVISING_ROLES)
def versions(name: str) -> ResponseReturnValue:
    """The list of versions."""
    check_name(name)
    with services().database.reading() as session:
        current, lines = text_in_force(session, name), publications_of(name).history(session)
        trial = running_trial(session, name)
    return render_template("scripts/versions.html", name=name, current=current, **_versions(name, current, lines, trial))


@blueprint.get("/api/scripts/<name>/difference")
@needs_role(*SUPERVISING_ROLES)
def compare(name: str) -> ResponseReturnValue:
    """What makes one text of the other, in words and line by line: two versions, or a version and the draft."""
    check_name(name)
    with services().database.reading() as session:
        before, after = (_named_text(session, name, request.args.get(side, "")) for side in ("before", "after"))
    return draw_difference(before, after, name)


def page_places(found: ScriptText) -> list[tuple[str, int, int]]:
    """Every page with its first and its last line."""
    first = [line_of(found.lines, ("pages", number)) for number in range(len(found.script.pages))]
    last = [*(line - 1 for line in first[1:]), found.text.count("\n") + 1]
    return list(zip([page.name for page in found.script.pages], first, last, strict=True))


def draw_difference(before: str, after: str, name: str) -> str:
    """What makes the second text of the first: page by page where both can be read, and line by line."""
    return render_template("policy/difference.html", groups=_groups(before, after, name), found=difference(before, after))


def _groups(before: str, after: str, name: str) -> tuple[ChangeGroup, ...] | None:
    was, will_be = read(before, name), read(after, name)
    if not isinstance(was, ScriptText) or not isinstance(will_be, ScriptText):
        return None
    return difference_words(was.script, will_be.script)


def _named_text(session: Session, name: str, wanted: str) -> str:
    if wanted == _DRAFT:
        draft = own_draft(session, name)
        return draft.content if draft else text_in_force(session, name).text
    return text_numbered(session, name, number_asked(wanted)).text


def _versions(name: str, current: NumberedText, lines: Sequence[Any], trial: ScriptTrial | None) -> dict[str, Any]:
    in_force = current.publication.id if current.publication else 0
    return {"versions": lines, "in_force_id": in_force, "trial": trial, "ships": bool(text_shipped(name))}


def text_shipped(name: str) -> str:
    """What Halo ships of this name, "" for nothing."""
    with services().database.reading() as session:
        return text_numbered(session, name, 0).text


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line, "what": what_is_wrong(problem), "step": what_to_do(problem), "serious": problem.serious,
    }  # fmt: skip


def _picture(found: ScriptText, places: list[tuple[str, int, int]], problems: Sequence[Problem]) -> str:
    serious = [problem.line for problem in problems if problem.serious]
    faults = Counter(name for name, first, last in places for line in serious if first <= line <= last)
    picture = draw_script(script_map(found.script), {name: first for name, first, _last in places}, faults, {})
    return render_template(
        "scripts/picture.html",
        picture=picture, node_width=NODE_WIDTH, node_height=NODE_HEIGHT, language=language_here(), actions=ACTIONS,
    )  # fmt: skip
