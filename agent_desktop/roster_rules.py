"""The page of the rules by which rosters are made: the text, checked line by line, put in force, and brought back."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.change_note import author_here, note_of
from agent_desktop.editor_styles import let_editor_in
from agent_desktop.json_body import json_body
from agent_desktop.policy_texts import number_asked
from agent_desktop.roles import needs_role
from agent_desktop.roster_rule_words import what_is_wrong, what_to_do
from agent_desktop.sent_text import text_of, unwritable_line
from agent_desktop.services import services
from core.errors import HaloError
from core.problem import Faults, Problem
from ivr.flow_difference import difference
from workforce.roster_records import RULES, RosterRulesPublication
from workforce.rosters.rules_file import RulesText, read_rules, shipped_rules

blueprint = Blueprint("roster_rules", __name__)
LONGEST_RULES = 60_000
_MOST_SHOWN = 100


class RulesOvertaken(HaloError):
    """Others came into force since this text was begun."""

    code = "rules_overtaken"


class HasFaults(HaloError):
    """The rules can't be in force as they are."""

    code = "rules_faults"


@dataclass(frozen=True, slots=True)
class NumberedRules:
    """Rules by their number; 0 and no `publication` are those that Halo ships."""

    number: int
    text: str
    publication: RosterRulesPublication | None


@blueprint.get("/planner/rosters/rules")
@needs_role(*PLANNING_ROLES)
def page() -> ResponseReturnValue:
    """The text in force, to be changed; what was typed and not published is kept by the browser."""
    with services().database.reading() as session:
        current, versions = _in_force(session), RULES.history(session)
    return render_template(
        "rosters/rules.html",
        style_nonce=let_editor_in(), current=current, versions=versions, start={"text": current.text, "based_on": current.number},
    )  # fmt: skip


@blueprint.post("/api/planner/roster-rules/check")
@needs_role(*PLANNING_ROLES)
def check() -> ResponseReturnValue:
    """What is wrong with a text, what it changes, and what it makes of the shifts."""
    text = text_of(json_body().fields, LONGEST_RULES)
    with services().database.reading() as session:
        current = _in_force(session)
    found = _read(text)
    problems = [] if isinstance(found, RulesText) else list(found)
    answer: dict[str, Any] = {
        "in_force": current.number, "problems": [_told(problem) for problem in problems[:_MOST_SHOWN]],
        "serious": len(problems), "warnings": 0,
    }  # fmt: skip
    if isinstance(found, RulesText):
        answer["difference"] = _difference(current.text, text)
        answer["picture"] = render_template("rosters/rules_picture.html", rules=found, clock=_clock)
    return jsonify(answer)


@blueprint.get("/api/planner/roster-rules/text")
@needs_role(*PLANNING_ROLES)
def text_now() -> ResponseReturnValue:
    """The text in force."""
    with services().database.reading() as session:
        current = _in_force(session)
    return jsonify(text=current.text, based_on=current.number)


@blueprint.get("/api/planner/roster-rules/versions")
@needs_role(*PLANNING_ROLES)
def versions() -> ResponseReturnValue:
    """The list of versions."""
    with services().database.reading() as session:
        current, lines = _in_force(session), RULES.history(session)
    return render_template("rosters/rules_versions.html", current=current, versions=lines)


@blueprint.get("/api/planner/roster-rules/difference")
@needs_role(*PLANNING_ROLES)
def compare() -> ResponseReturnValue:
    """What makes one version of another, line by line."""
    numbers = [number_asked(request.args.get(side, "")) for side in ("before", "after")]
    with services().database.reading() as session:
        before, after = (_numbered(session, number) for number in numbers)
    return _difference(before, after)


@blueprint.post("/api/planner/roster-rules/publish")
@needs_role(*PLANNING_ROLES)
def publish() -> ResponseReturnValue:
    """Put a text in force for rosters to come; the answer is its number."""
    body, here = json_body(), services()
    text, note, based_on = text_of(body.fields, LONGEST_RULES), note_of(body), body.number("based_on")
    if not isinstance(_read(text), RulesText):
        raise HasFaults("The rules have faults.", "Mend what is listed.")
    with here.database.writing() as session:
        _not_overtaken(session, based_on)
        number = RULES.put_in_force(session, text, here.clock.now(), author_here(), note).number
        session.commit()
    return jsonify(number=number)


@blueprint.post("/api/planner/roster-rules/bring-back")
@needs_role(*PLANNING_ROLES)
def bring_back() -> ResponseReturnValue:
    """Put earlier rules in force again, with 0 those that Halo ships; the answer is their number."""
    body, here = json_body(), services()
    number, based_on = body.number("number"), body.number("based_on")
    with here.database.writing() as session:
        _not_overtaken(session, based_on)
        if number:
            RULES.bring_back(session, number, here.clock.now(), author_here())
        else:
            RULES.end(session, here.clock.now(), author_here())
        session.commit()
    return jsonify(number=number)


def _in_force(session: Session) -> NumberedRules:
    found = RULES.in_force(session)
    if found is None or not found.number:
        return NumberedRules(0, shipped_rules().text, None)
    return NumberedRules(found.number, found.content, found)


def _numbered(session: Session, number: int) -> str:
    return RULES.text_of(session, number).content if number else shipped_rules().text


def _not_overtaken(session: Session, based_on: int) -> None:
    found = RULES.in_force(session, lock=True)
    if (found.number if found else 0) != based_on:
        raise RulesOvertaken("Other rules came into force.", "Look at what they change.")


def _read(text: str) -> RulesText | tuple[Problem, ...]:
    line = unwritable_line(text)
    if line:
        step = "Take it out, or type the line again."
        return (Problem(f"rules, line {line}", "There is a sign here that no text may hold.", step),)
    try:
        return read_rules(text, "rules")
    except Faults as faults:
        return faults.problems


def _told(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "what": what_is_wrong(problem), "step": what_to_do(problem), "serious": problem.serious}


def _difference(before: str, after: str) -> str:
    return render_template("rosters/rules_difference.html", found=difference(before, after))


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
