"""The contracts of agents, which rosters keep to: listed, changed one by one, brought as a table and taken away as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.json_body import json_body
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import actor_here, brought, tabs, written, wrong_fields
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from agent_desktop.table_fault_words import table_fault_words
from agent_desktop.texts import _
from core.errors import NotFound
from workforce.roster_records import WorkContract
from workforce.roster_store import contracts_on_record, keep_contracts, on_record, rules_in_force
from workforce.rosters.contract import Contract
from workforce.rosters.contract_file import available_words, contract_of, contracts_and_faults, write_contracts
from workforce.table_file import TableFault, TableRow

blueprint = Blueprint("contracts", __name__)
_FIELDS = ("hours_a_week", "days_a_week", "patterns", "available", "overtime", "protected", "most_in_a_row", "most_weekends")
_MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class ContractLine:
    """An agent on record, with the contract if there is one, and what stands in its fields."""

    agent: str
    name: str
    queues: Sequence[str]
    contract: Contract | None
    fields: Mapping[str, str]


@blueprint.get("/planner/contracts")
@needs_role(*PLANNING_ROLES)
def page() -> ResponseReturnValue:
    with services().database.reading() as session:
        patterns = rules_in_force(session).patterns
        lines = _lines(session)
    return render_template(
        "rosters/contracts.html", tabs=tabs(), patterns=patterns, policy=services().policy(), lines=lines, language=language_here()
    )


@blueprint.get("/planner/contracts/table")
@needs_role(*PLANNING_ROLES)
def download() -> ResponseReturnValue:
    """All of them, as they can be brought again."""
    with services().database.reading() as session:
        found = _contracts(session)
    return written("halo-contracts", lambda file: write_contracts(file, found))


@blueprint.post("/api/planner/contracts/<agent>")
@needs_role(*PLANNING_ROLES)
def save(agent: str) -> ResponseReturnValue:
    """Keep one; what is wrong is told by field."""
    fields, here = json_body().fields, services()
    cells = {name: str(fields.get(name, ""))[:500].strip() for name in _FIELDS} | {"agent": agent}
    with here.database.writing() as session:
        people = on_record(session, here.policy(), here.policy().names)
        if agent not in people:
            raise NotFound(f"There is no agent {agent}.", "Load the page again.")
        names = {pattern.name for pattern in rules_in_force(session).patterns}
        try:
            one = contract_of(TableRow("", 0, cells), here.policy().names, names, people)
        except TableFault as fault:
            return wrong_fields({fault.column: table_fault_words(fault)})
        keep_contracts(session, [one], here.clock.now(), actor_here())
        session.commit()
    return jsonify(html=_table())


@blueprint.post("/api/planner/contracts/<agent>/drop")
@needs_role(*PLANNING_ROLES)
def drop(agent: str) -> ResponseReturnValue:
    """This agent has no contract any more, and is in no roster to come."""
    with services().database.writing() as session:
        session.execute(delete(WorkContract).where(WorkContract.agent_id == agent))
        session.commit()
    return jsonify(html=_table())


@blueprint.post("/api/planner/contracts/file")
@needs_role(*PLANNING_ROLES)
def bring() -> ResponseReturnValue:
    """Contracts from a table, all or none of them; every row that can't be is told."""
    here = services()
    with here.database.writing() as session:
        people, patterns = on_record(session, here.policy(), here.policy().names), rules_in_force(session).patterns
        try:
            found, faults = brought(lambda file: contracts_and_faults(file, here.policy().names, patterns, people))
        except TableFault as fault:
            return _faults([table_fault_words(fault)])
        unknown = [one.agent for one in found if one.agent not in people]
        told = [table_fault_words(fault) for fault in faults]
        told += [_("%(agent)s is not on record. Add the agent first, or take the row out.", agent=agent) for agent in unknown]
        if told:
            return _faults(told)
        count = keep_contracts(session, found, here.clock.now(), actor_here())
        session.commit()
    return jsonify(count=count, html=_table())


def _faults(told: list[str]) -> ResponseReturnValue:
    error = {"code": "table_fault", "message": told[0], "next_step": "", "retryable": False}
    return jsonify(error=error, rows=told[:_MOST_FAULTS], more=max(0, len(told) - _MOST_FAULTS)), 400


def _table() -> str:
    with services().database.reading() as session:
        lines = _lines(session)
    return render_template("rosters/contract_lines.html", lines=lines, policy=services().policy(), language=language_here())


def _contracts(session: Session) -> list[Contract]:
    return contracts_on_record(session, services().policy(), services().policy().names)


def _lines(session: Session) -> list[ContractLine]:
    by_agent = {one.agent: one for one in _contracts(session)}
    people = on_record(session, services().policy(), services().policy().names)
    kept = set(session.scalars(select(WorkContract.agent_id)))
    lines = [
        ContractLine(agent, name, sorted(queues), by_agent.get(agent), _fields(by_agent.get(agent)))
        for agent, (name, queues) in people.items()
    ]
    return sorted(lines, key=lambda line: (line.agent in kept, line.name, line.agent))


def _fields(one: Contract | None) -> dict[str, Any]:
    if one is None:
        return {"hours_a_week": "40", "days_a_week": "5"}
    return {
        "hours_a_week": f"{one.week_min / 60:g}", "days_a_week": str(one.days_a_week), "patterns": " ".join(sorted(one.patterns)),
        "available": available_words(one.available), "overtime": "yes" if one.overtime else "",
        "protected": "yes" if one.protected else "",
        "most_in_a_row": "" if one.most_in_a_row is None else str(one.most_in_a_row),
        "most_weekends": "" if one.most_weekends is None else str(one.most_weekends),
    }  # fmt: skip
