"""The page on which supervisors and administrators edit a flow: the draft, what is wrong with it, and what callers will hear."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import SUPERVISING_ROLES, User
from agent_desktop.editor_styles import let_editor_in
from agent_desktop.flow_names import name_of_node, queue_name
from agent_desktop.flow_picture import draw_flow
from agent_desktop.flow_problem_words import what_is_wrong, what_to_do
from agent_desktop.flow_texts import check_flow, content_of, keep_text, number_of, problems_of, read
from agent_desktop.graph_picture import NODE_HEIGHT, NODE_WIDTH
from agent_desktop.json_body import json_body
from agent_desktop.roles import needs_role, user_here
from agent_desktop.sent_text import text_of, unwritable_line
from agent_desktop.services import services
from core.errors import BadInput, NotFound
from core.problem import Problem
from ivr.flow_difference import difference
from ivr.flow_drafts import FLOW_DRAFTS, FlowDraft
from ivr.flow_file import FlowText, shipped_flow, shipped_flow_names
from ivr.flow_form import LONGEST_FLOW
from ivr.flow_graph import flow_graph
from ivr.flow_part import menu_at, menu_heard, menu_places, sentence_of
from ivr.flow_traffic import FlowTraffic
from ivr.flow_versions import FlowVersionRecord, history, in_force, version_of
from ivr.line import Prompt
from ivr.spoken import LANGUAGES

OTHERS_SEEN_FOR = timedelta(hours=24)
_MOST_SHOWN = 100
_DRAFT = "draft"

blueprint = Blueprint("flow_editor", __name__)


@blueprint.get("/ivr/edit/<flow>")
@needs_role(*SUPERVISING_ROLES)
def page(flow: str) -> ResponseReturnValue:
    here, user = services(), user_here()
    check_flow(flow)
    with here.database.writing() as session:
        current = in_force(session, flow)
        draft = _draft_to_go_on(session, flow, user, current)
        session.commit()
    text = draft.content if draft else content_of(current, flow)
    based_on = draft.based_on if draft else number_of(current)
    return render_template(
        "flow_editor/page.html",
        flow=flow, flows=shipped_flow_names(), style_nonce=let_editor_in(), current=current, based_on=based_on,
        start={"text": text, "mark": draft.mark if draft else "", "published": content_of(current, flow)},
        versions=_history(flow), longest=LONGEST_FLOW,
    )  # fmt: skip


@blueprint.post("/api/flows/<flow>/draft")
@needs_role(*SUPERVISING_ROLES)
def keep(flow: str) -> ResponseReturnValue:
    """Keep what was typed, and say what is wrong with it and how it looks."""
    check_flow(flow)
    body = json_body()
    text, line = text_of(body.fields, LONGEST_FLOW), body.number("line")
    based_on, mark = body.number("based_on"), body.text("mark", most=36)
    writable = not unwritable_line(text)
    if writable:
        mark = keep_text(flow, text, based_on, mark)
    found = read(text, flow)
    problems = problems_of(text, flow)
    answer: dict[str, Any] = {
        "mark": mark,
        "kept": writable,
        "in_force": _number_in_force(flow),
        "problems": [_problem(problem) for problem in problems[:_MOST_SHOWN]],
        "serious": sum(problem.serious for problem in problems),
        "warnings": sum(not problem.serious for problem in problems),
    }
    if isinstance(found, FlowText):
        menu = menu_at(found, line)
        answer["menus"] = [{"name": place.menu, "first": place.first, "last": place.last} for place in menu_places(found)]
        answer["picture"] = _picture(found)
        answer["menu"] = {"name": menu, "html": _menu(found, menu)}
    return jsonify(answer)


@blueprint.post("/api/flows/<flow>/draft/drop")
@needs_role(*SUPERVISING_ROLES)
def drop(flow: str) -> ResponseReturnValue:
    """Throw the draft away; the answer is what is in force."""
    check_flow(flow)
    with services().database.writing() as session:
        FLOW_DRAFTS.drop(session, flow, user_here().login)
        current = in_force(session, flow)
        session.commit()
    return jsonify(text=content_of(current, flow), based_on=number_of(current), mark="")


@blueprint.get("/api/flows/<flow>/draft")
@needs_role(*SUPERVISING_ROLES)
def kept(flow: str) -> ResponseReturnValue:
    """The draft as it was kept last, from whichever window."""
    draft = _own_draft(flow)
    return jsonify(text=draft.content, based_on=draft.based_on, mark=draft.mark)


@blueprint.get("/api/flows/<flow>/menus/<name>")
@needs_role(*SUPERVISING_ROLES)
def menu(flow: str, name: str) -> ResponseReturnValue:
    """What callers hear at one menu of the draft."""
    return _menu(_draft_text(flow), name)


@blueprint.post("/api/flows/<flow>/sound")
@needs_role(*SUPERVISING_ROLES)
def sound(flow: str) -> ResponseReturnValue:
    """A sentence of the draft as sound: the very file that callers would hear."""
    body = json_body()
    name, key, language = (body.text(field, most=200) for field in ("menu", "key", "language"))
    found = _draft_text(flow)
    words = sentence_of(menu_heard(found, name), key, language) if name in found.flow.menus and language in LANGUAGES else None
    if words is None or any(sign in words for sign in "{}"):
        raise NotFound("There is no such sentence in the draft.", "Wait until it is kept, then try again.")
    return send_file(services().voice.file_for(Prompt(key, language, text=words)), mimetype="audio/wav", max_age=0)


@blueprint.get("/api/flows/<flow>/versions")
@needs_role(*SUPERVISING_ROLES)
def versions(flow: str) -> ResponseReturnValue:
    check_flow(flow)
    return render_template("flow_editor/versions.html", versions=_history(flow), flow=flow)


@blueprint.get("/api/flows/<flow>/difference")
@needs_role(*SUPERVISING_ROLES)
def compare(flow: str) -> ResponseReturnValue:
    """What makes one text of the other: two versions, or a version and the draft."""
    check_flow(flow)
    names = [request.args.get(side, "") for side in ("before", "after")]
    before, after = (_named_text(flow, name) for name in names)
    return render_template("flow_editor/difference.html", found=difference(before, after), before=names[0], after=names[1])


def others_here(session: Session, flow: str, user: User) -> list[FlowDraft]:
    """Who else has a draft of this flow."""
    return FLOW_DRAFTS.of_others(session, flow, user.login, services().clock.now() - OTHERS_SEEN_FOR)


def _draft_to_go_on(session: Session, flow: str, user: User, current: FlowVersionRecord | None) -> FlowDraft | None:
    """The draft, unless it says what is in force: then it was published, and is over."""
    draft = FLOW_DRAFTS.draft_of(session, flow, user.login)
    if draft is not None and draft.content == content_of(current, flow):
        FLOW_DRAFTS.drop(session, flow, user.login)
        return None
    return draft


def _own_draft(flow: str) -> FlowDraft:
    check_flow(flow)
    with services().database.reading() as session:
        draft = FLOW_DRAFTS.draft_of(session, flow, user_here().login)
        if draft is None:
            current = in_force(session, flow)
            return FlowDraft(flow=flow, content=content_of(current, flow), based_on=number_of(current), mark="")
        return draft


def _draft_text(flow: str) -> FlowText:
    found = read(_own_draft(flow).content, flow)
    if not isinstance(found, FlowText):
        raise NotFound("The draft is no flow just now.", "Mend what is listed first.")
    return found


def _named_text(flow: str, name: str) -> str:
    if name == _DRAFT:
        return _own_draft(flow).content
    if not (name.isascii() and name.isdigit() and len(name) < 9):
        raise BadInput("That is no version.", "Choose one on the page.")
    if int(name) == 0:
        return shipped_flow(flow).text
    with services().database.reading() as session:
        return version_of(session, flow, int(name)).content


def _number_in_force(flow: str) -> int:
    with services().database.reading() as session:
        return number_of(in_force(session, flow))


def _history(flow: str) -> list[Any]:
    with services().database.reading() as session:
        return list(history(session, flow))


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line, "what": what_is_wrong(problem), "step": what_to_do(problem), "serious": problem.serious,
    }  # fmt: skip


def _picture(found: FlowText) -> str:
    graph = flow_graph(found.flow)
    there = {node: found.lines.get(("menus", node.name), 0) for node in graph.nodes if node.kind == "menu"}
    return render_template(
        "flow_editor/picture.html",
        picture=draw_flow(graph, FlowTraffic()), node_width=NODE_WIDTH, node_height=NODE_HEIGHT, called=name_of_node, lines=there,
    )  # fmt: skip


def _menu(found: FlowText, name: str) -> str:
    if name not in found.flow.menus:
        raise NotFound("There is no such menu in the draft.", "Choose another one.")
    return render_template(
        "flow_editor/menu.html",
        heard=menu_heard(found, name), flow=found.flow, queue_name=queue_name, name_of_node=name_of_node,
    )  # fmt: skip
