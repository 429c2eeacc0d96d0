"""Shifts changed by hand: what that would break is said while a shift is dragged, done in one step, and undone."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import zone_here
from agent_desktop.json_body import json_body
from agent_desktop.planning_pages import actor_here
from agent_desktop.roles import needs_role
from agent_desktop.roster_news import tell_roster
from agent_desktop.roster_page import find_made, held_roster
from agent_desktop.roster_words import broken_words, points_words
from agent_desktop.services import services
from agent_desktop.texts import _
from core.errors import BadInput
from workforce.roster_check.change import Judged, judge
from workforce.roster_check.check import changed
from workforce.roster_hand import BreaksHardRules, ChangeKind, Key, change_cells, change_of, undo_last
from workforce.roster_held import HeldRoster
from workforce.rosters.problem import Cell, RosterProblem

blueprint = Blueprint("roster_changing", __name__, url_prefix="/api/planner/rosters")
_MOST_CELLS = 200
_SHOWN = 6


@blueprint.post("/<int:version_id>/check")
@needs_role(*PLANNING_ROLES)
def check(version_id: int) -> ResponseReturnValue:
    """What a change would break and mend, in words; nothing is done."""
    wanted, _seen = _cells(json_body().fields)
    with services().database.reading() as session:
        held = held_roster(session, find_made(session, version_id))
    return jsonify(_verdict(held.problem, judge(held.problem, held.roster, change_of(held.problem, held.roster, wanted))))


@blueprint.post("/<int:version_id>/change")
@needs_role(*PLANNING_ROLES)
def change(version_id: int) -> ResponseReturnValue:
    """Do it: refused where a cell is another by now, and where a hard rule breaks unless that is wanted (`anyway`)."""
    body, here = json_body(), services()
    wanted, seen = _cells(body.fields)
    now = here.clock.now()
    with here.database.writing() as session:
        version = find_made(session, version_id, lock=True)
        held = held_roster(session, version)
        try:
            done, judged = change_cells(
                session, version, held.problem, held.roster, wanted, seen, body.yes_or_no("anyway", False), zone_here(), now,
                actor_here(),
            )  # fmt: skip
        except BreaksHardRules as broken:
            return _refused(held.problem, broken.judged)
        session.commit()
        after = HeldRoster(held.problem, changed(held.roster, change_of(held.problem, held.roster, wanted)))
        here.rosters.changed(session, version, after, now)
    tell_roster(version_id, ChangeKind.CHANGED, len(done.cells))
    return jsonify(cells=_shown(done.cells), cost=version.cost, **_verdict(held.problem, judged))


@blueprint.post("/<int:version_id>/undo")
@needs_role(*PLANNING_ROLES)
def undo(version_id: int) -> ResponseReturnValue:
    """Take back the last change of who asks."""
    here = services()
    with here.database.writing() as session:
        version = find_made(session, version_id, lock=True)
        held = held_roster(session, version)
        now = here.clock.now()
        done, back = undo_last(session, version, held.problem, held.roster, zone_here(), now, actor_here())
        session.commit()
        here.rosters.changed(session, version, HeldRoster(held.problem, changed(held.roster, back)), now)
    tell_roster(version_id, ChangeKind.UNDONE, len(done.cells))
    return jsonify(cells=_shown(done.cells), cost=version.cost)


def _verdict(problem: RosterProblem, judged: Judged) -> dict[str, Any]:
    return {
        "hard": [broken_words(problem, each) for each in judged.hard[:_SHOWN]],
        "soft": [f"{broken_words(problem, each)} ({points_words(each.points)})" for each in judged.soft[:_SHOWN]],
        "more": max(0, len(judged.hard) - _SHOWN) + max(0, len(judged.soft) - _SHOWN),
        "mended": judged.mended,
        "points": points_words(judged.points),
        "worse": judged.points > 0,
    }


def _refused(problem: RosterProblem, judged: Judged) -> ResponseReturnValue:
    error = {
        "code": "roster_breaks_rules", "message": _("That breaks a rule that must not be broken."),
        "next_step": _("Choose another shift, or keep it all the same."), "retryable": False,
    }  # fmt: skip
    return jsonify(error=error, **_verdict(problem, judged)), 409


def _shown(cells: list[Any]) -> list[Any]:
    """Agent, day and the shift that stands there now: pattern, start and breaks."""
    return [[agent, day, after] for agent, day, _before, after in cells]


def _cells(fields: dict[str, Any]) -> tuple[dict[Cell, Key | None], dict[Cell, Key | None]]:
    """What is wanted in which cells, and what the page shows there now. Raises BadInput."""
    rows = fields.get("cells")
    if not isinstance(rows, list) or not 1 <= len(rows) <= _MOST_CELLS:
        raise BadInput("The cells are missing.", "Load the page again.")
    wanted: dict[Cell, Key | None] = {}
    seen: dict[Cell, Key | None] = {}
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("agent"), str) or type(row.get("day")) is not int:
            raise BadInput("A cell is wrong.", "Load the page again.")
        cell = (row["agent"], row["day"])
        wanted[cell], seen[cell] = _key(row.get("to")), _key(row.get("was"))
    return wanted, seen


def _key(value: Any) -> Key | None:
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and type(value[1]) is int:
        return value[0], value[1]
    raise BadInput("A shift is wrong.", "Load the page again.")
