"""The page on which supervisors and administrators edit the policy: what is wrong with the text, and what it would change."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.days import FURTHEST_BACK, today_here
from agent_desktop.editor_styles import let_editor_in
from agent_desktop.json_body import json_body
from agent_desktop.policies import draw, draw_difference
from agent_desktop.policy_problem_words import what_is_wrong, what_to_do
from agent_desktop.policy_texts import problems_of, read, text_in_force
from agent_desktop.roles import needs_role
from agent_desktop.sent_text import text_of
from agent_desktop.services import services
from core.problem import Problem
from routing.policy_file import LONGEST_POLICY, PolicyText

_MOST_SHOWN = 100

blueprint = Blueprint("policy_editor", __name__)


@blueprint.get("/policy/edit")
@needs_role(*SUPERVISING_ROLES)
def page() -> ResponseReturnValue:
    """The text in force, to be changed; what was typed and not published is kept by the browser."""
    with services().database.reading() as session:
        current = text_in_force(session)
    today = today_here()
    return render_template(
        "policy/editor.html",
        style_nonce=let_editor_in(), current=current, start={"text": current.text, "based_on": current.number},
        yesterday=today - timedelta(days=1), today=today, furthest=today - FURTHEST_BACK,
    )  # fmt: skip


@blueprint.post("/api/policy/check")
@needs_role(*SUPERVISING_ROLES)
def check() -> ResponseReturnValue:
    """What is wrong with a text, what it changes, and how it looks."""
    text = text_of(json_body().fields, LONGEST_POLICY)
    with services().database.reading() as session:
        current = text_in_force(session)
    found = read(text)
    problems = problems_of(found)
    answer: dict[str, Any] = {
        "in_force": current.number,
        "problems": [_problem(problem) for problem in problems[:_MOST_SHOWN]],
        "serious": sum(problem.serious for problem in problems),
        "warnings": sum(not problem.serious for problem in problems),
    }
    if isinstance(found, PolicyText):
        answer |= {"difference": draw_difference(current, text), "picture": draw(found.policy)}
    return jsonify(answer)


@blueprint.get("/api/policy/text")
@needs_role(*SUPERVISING_ROLES)
def text_now() -> ResponseReturnValue:
    """The text in force."""
    with services().database.reading() as session:
        current = text_in_force(session)
    return jsonify(text=current.text, based_on=current.number)


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line, "what": what_is_wrong(problem), "step": what_to_do(problem), "serious": problem.serious,
    }  # fmt: skip
