"""What a planner asks of the solver: a roster, some cells of one anew, once more, an end with the best so far; and drafts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import zone_here
from agent_desktop.json_body import json_body
from agent_desktop.planning_pages import actor_here, day_field, read_brought, wrong_fields
from agent_desktop.roles import needs_role
from agent_desktop.roster_news import DROPPED, tell_roster
from agent_desktop.services import services
from agent_desktop.table_fault_words import table_fault_words
from agent_desktop.texts import _
from core.errors import BadInput
from workforce.roster_brought import BroughtAlong, as_record
from workforce.roster_jobs import MOST_SECONDS, enqueue_roster, has_lost_its_solver
from workforce.roster_records import RosterState, RosterVersion
from workforce.roster_store import contracts_on_record, copy_version, find_version, new_version, rules_in_force
from workforce.rosters.contract_file import read_time_off, read_training, read_wishes
from workforce.rosters.plan_need import needs_of
from workforce.rosters.problem import RosterProblem
from workforce.staff_plans import plan_rows
from workforce.table_file import TableFault

blueprint = Blueprint("roster_orders", __name__, url_prefix="/api/planner/rosters")
_MOST_DAYS = 92
_DROPPED = (RosterState.DRAFT, RosterState.FAILED, RosterState.STOPPED)
_LONGEST_NAME = 80
_MOST_CELLS = 60_000
T = TypeVar("T")


@blueprint.post("")
@needs_role(*PLANNING_ROLES)
def make() -> ResponseReturnValue:
    """Have a roster made from a plan of staff, with what is brought along; the answer is its number."""
    fields, faults = request.form, dict[str, str]()
    name = fields.get("name", "").strip()
    if not 1 <= len(name) <= _LONGEST_NAME:
        faults["name"] = _("Give it a name of 1 to 80 characters.")
    days, seconds = _whole(fields, "days", _MOST_DAYS, faults), _whole(fields, "seconds", MOST_SECONDS, faults)
    first: date | None = None
    try:
        first = day_field(fields.get("first", ""))
    except BadInput:
        faults["first"] = _("Choose the first day.")
    if not fields.get("plan", "").isdecimal():
        faults["plan"] = _("Choose a plan of staff.")
    if faults or first is None or not days or not seconds:
        return wrong_fields(faults)
    here, zone = services(), zone_here()
    with here.database.writing() as session:
        last = first + timedelta(days=days - 1)
        rows = plan_rows(session, int(fields["plan"]), first, last, zone)
        try:
            needs = needs_of(rows, first, days, zone, paid=fields.get("column") != "agents")
        except BadInput:
            return wrong_fields({"first": _("The plan needs nobody on these days. Choose days that it has.")})
        rules = rules_in_force(session)
        contracts = contracts_on_record(session, here.policy(), tuple(needs.by_queue))
        if not contracts:
            return wrong_fields({"plan": _("No agent has a contract. Bring the contracts first.")})
        agents = {one.agent for one in contracts}
        brought = BroughtAlong(
            tuple(_brought("wishes", lambda file: read_wishes(file, agents, rules.patterns, first, days), faults) or ()),
            _brought("time_off", lambda file: read_time_off(file, agents, first, days), faults) or frozenset(),
            _brought("training", lambda file: read_training(file, agents, first, days), faults) or {},
        )
        if faults:
            return wrong_fields(faults)
        problem = RosterProblem(first, days, needs.minutes, rules.patterns, tuple(contracts), rules.rules, needs.by_queue)
        version = new_version(session, problem, rules.text, here.clock.now(), actor_here(), RosterState.WAITING, name)
        version.limit_s, version.brought = float(seconds), as_record(brought)
        session.commit()
    _enqueue(version)
    return jsonify(roster=version.id), 202


@blueprint.post("/<int:version_id>/stop")
@needs_role(*PLANNING_ROLES)
def stop(version_id: int) -> ResponseReturnValue:
    """End it with the best so far."""
    with services().database.writing() as session:
        version = find_version(session, version_id)
        version.stop_asked = True
        session.commit()
    return jsonify(stopping=True)


@blueprint.post("/<int:version_id>/again")
@needs_role(*PLANNING_ROLES)
def again(version_id: int) -> ResponseReturnValue:
    """Have one that failed or was stopped too early, or whose solver is gone, made once more."""
    here, now = services(), services().clock.now()
    with here.database.writing() as session:
        version = find_version(session, version_id)
        if version.state not in (RosterState.FAILED, RosterState.STOPPED) and not has_lost_its_solver(version, now):
            raise BadInput(f"Roster {version_id} is {version.state}.", "Only one that failed is made again.")
        _wait_again(version, now)
        session.commit()
    _enqueue(version)
    return jsonify(roster=version.id), 202


@blueprint.post("/<int:version_id>/anew")
@needs_role(*PLANNING_ROLES)
def anew(version_id: int) -> ResponseReturnValue:
    """Have these cells chosen anew while all others stay, in a roster of its own; this one stays as it is."""
    body, here = json_body(), services()
    cells, seconds = body.fields.get("cells"), body.number("seconds")
    if not isinstance(cells, list) or not 1 <= len(cells) <= _MOST_CELLS or not all(map(_is_cell, cells)):
        raise BadInput("The cells are missing or wrong.", "Load the page again.")
    if not 1 <= seconds <= MOST_SECONDS:
        return wrong_fields({"seconds": _("Write 1 to %(most)s.", most=MOST_SECONDS)})
    with here.database.writing() as session:
        version = find_version(session, version_id)
        if version.state not in (RosterState.DRAFT, RosterState.PUBLISHED):
            raise BadInput(f"Roster {version_id} is {version.state}.", "Wait until it is made.")
        made = copy_version(session, version, here.clock.now(), actor_here(), RosterState.WAITING)
        made.anew, made.limit_s = {"cells": cells}, float(seconds)
        session.commit()
    _enqueue(made)
    return jsonify(roster=made.id), 202


@blueprint.post("/<int:version_id>/copy")
@needs_role(*PLANNING_ROLES)
def copy(version_id: int) -> ResponseReturnValue:
    """A draft like it, to be changed by hand; the answer says where it is."""
    here = services()
    with here.database.writing() as session:
        version = find_version(session, version_id)
        if version.state not in (RosterState.DRAFT, RosterState.PUBLISHED):
            raise BadInput(f"Roster {version_id} is {version.state}.", "Wait until it is made.")
        made = copy_version(session, version, here.clock.now(), actor_here(), RosterState.DRAFT)
        session.commit()
    return jsonify(roster=made.id, address=url_for("roster_page.page", version_id=made.id))


@blueprint.post("/<int:version_id>/drop")
@needs_role(*PLANNING_ROLES)
def drop(version_id: int) -> ResponseReturnValue:
    """Throw a draft, or one that there is not, away."""
    here, now = services(), services().clock.now()
    with here.database.writing() as session:
        version = find_version(session, version_id)
        if version.state not in _DROPPED and not has_lost_its_solver(version, now):
            raise BadInput(f"Roster {version_id} is {version.state}.", "Stop it, or take it back first.")
        session.delete(version)
        session.commit()
    tell_roster(version_id, DROPPED)
    return jsonify(dropped=version_id)


def _enqueue(version: RosterVersion) -> None:
    """Raises Unavailable, with the roster failed, when nobody can be told."""
    here = services()
    try:
        enqueue_roster(here.store.redis, version.id, version.limit_s)
    except Exception:
        with here.database.writing() as session:
            find_version(session, version.id).state = RosterState.FAILED
            session.commit()
        raise


def _wait_again(version: RosterVersion, now: datetime) -> None:
    version.state, version.told, version.doing, version.changed_at = RosterState.WAITING, "", "", now
    version.cost, version.bound, version.stop_asked = None, None, False


def _whole(fields: Mapping[str, str], name: str, most: int, faults: dict[str, str]) -> int:
    text = fields.get(name, "").strip()
    if text.isdecimal() and len(text) < 6 and 1 <= int(text) <= most:
        return int(text)
    faults[name] = _("Write 1 to %(most)s.", most=most)
    return 0


def _brought(name: str, read: Callable[[Path], T], faults: dict[str, str]) -> T | None:
    """What the file of this field holds; None where none was chosen."""
    file = request.files.get(name)
    content = file.read() if file else b""
    if not content:
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("table.xlsx" if content[:2] == b"PK" else "table.csv")
        path.write_bytes(content)
        try:
            return read_brought(path, read)
        except TableFault as fault:
            faults[name] = table_fault_words(fault)
    return None


def _is_cell(cell: Any) -> bool:
    return isinstance(cell, list) and len(cell) == 2 and isinstance(cell[0], str) and type(cell[1]) is int
