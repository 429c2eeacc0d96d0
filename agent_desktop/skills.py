"""The supervisors' page of skills: everybody's proficiencies in one table, changed by cell, for several agents, or by a file."""

from typing import Annotated

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import Field, TypeAdapter, ValidationError

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.json_body import Body, json_body
from agent_desktop.problems import WORDS
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.skill_file import COLUMNS, Fault, read_skills, write_skills
from agent_desktop.skill_file_words import fault_words
from agent_desktop.skill_matrix import SkillMatrix, agents_on_duty, gaps_json, matrix_json, reach_json, read_matrix
from core.errors import BadInput, NotFound
from core.log import get_log
from routing.agent_skills import SKILL_NAME, SkillChange, SkillsMoved, make_changes
from routing.needs import BEST
from routing.reach import skills_asked

blueprint = Blueprint("skills", __name__)
LARGEST_SKILLS_BYTES = 4 * 1024 * 1024  # all that 500 agents could have, and more
_MOST_CHANGES = 60_000
_log = get_log(__name__)

_Proficiency = Annotated[int, Field(ge=0, le=BEST, strict=True)]
_Text = Annotated[str, Field(min_length=1, max_length=40)]
_CHANGES = TypeAdapter(
    Annotated[list[tuple[_Text, _Text, _Proficiency, _Proficiency]], Field(min_length=1, max_length=_MOST_CHANGES)]
)


@blueprint.get("/skills")
@needs_role(*SUPERVISING_ROLES)
def page() -> ResponseReturnValue:
    position = services().bus.last_position()  # before the look, so that nothing is missed in between
    return render_template(
        "skills.html", table=_table(), position=position, skill_name=SKILL_NAME, best=BEST, header=",".join(COLUMNS)
    )


@blueprint.get("/api/skills")
@needs_role(*SUPERVISING_ROLES)
def table() -> ResponseReturnValue:
    """The table anew, when agents or the policy have changed."""
    return jsonify(_table())


@blueprint.post("/api/skills/changes")
@needs_role(*SUPERVISING_ROLES)
def change() -> ResponseReturnValue:
    """`changes` are [agent, skill, proficiency, what it was]; all are made or none. `agent`: whose reach is to be told.

    Answers 409 with what they are `now` when one of them is no longer what it was.
    """
    here, user, body = services(), user_here(), json_body()
    changes, shown = _changes(body), body.text("agent", most=36, default="")
    try:
        events = make_changes(here.database, here.clock, here.bus.publish, changes, f"{user.name} ({user.login})")
    except SkillsMoved as moved:
        status, what, next_step = WORDS[moved.code]
        now = [[agent_id, skill, proficiency] for (agent_id, skill), proficiency in moved.now.items()]
        error = {"code": moved.code, "message": str(what), "next_step": str(next_step), "retryable": False}
        return jsonify(error=error, now=now), status
    _log.info("skills_changed", agents=len(events), skills=len(changes))
    matrix, policy = _matrix(), here.policy()
    before = next((event.data["before"] for event in events if event.agent_id == shown), matrix.skills.get(shown, {}))
    return jsonify(
        keys=[event.key for event in events],
        gaps=gaps_json(policy, list(matrix.skills.values())),
        reach=reach_json(policy, shown, matrix.sites[shown], before, matrix.skills[shown]) if shown in matrix.skills else [],
    )


@blueprint.get("/api/skills/reach/<agent_id>")
@needs_role(*SUPERVISING_ROLES)
def reach(agent_id: str) -> ResponseReturnValue:
    """Which queues this agent serves now. Raises NotFound."""
    matrix = _matrix()
    skills = matrix.skills.get(agent_id)
    if skills is None:
        raise NotFound(f"There is no agent {agent_id}.", "Load the page again.")
    return jsonify(reach=reach_json(services().policy(), agent_id, matrix.sites[agent_id], skills, skills))


@blueprint.get("/skills/skills.csv")
@needs_role(*SUPERVISING_ROLES)
def download() -> ResponseReturnValue:
    name = f"halo-skills-{services().clock.now():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write_skills(_matrix().skills), mimetype="text/csv", headers=headers)


@blueprint.post("/api/skills/file")
@needs_role(*SUPERVISING_ROLES)
def check_file() -> ResponseReturnValue:
    """What the file in the body would change; nothing is changed by it."""
    matrix = _matrix()
    file = read_skills(request.get_data(), matrix.names, matrix.skills)
    known = {skill for skills in matrix.skills.values() for skill in skills}
    asked = set(skills_asked(services().policy()))
    return jsonify(
        lines=file.lines,
        faults=[_fault_json(fault) for fault in file.faults],
        changes=[[one.agent_id, one.skill, one.proficiency, one.before] for one in file.changes],
        fresh=sorted({one.skill for one in file.changes} - known - asked),
    )


def _changes(body: Body) -> list[SkillChange]:
    try:
        rows = _CHANGES.validate_python(body.fields.get("changes"))
    except ValidationError as problem:
        raise BadInput("The field changes is missing or wrong.", "Load the page again.") from problem
    if len({row[:2] for row in rows}) < len(rows):
        raise BadInput("A skill of an agent is to be changed twice at once.", "Load the page again.")
    return [SkillChange(*row) for row in rows]


def _fault_json(fault: Fault) -> dict[str, object]:
    what, instead = fault_words(fault)
    return {"line": fault.line, "what": what, "instead": instead}


def _matrix() -> SkillMatrix:
    with services().database.reading() as session:
        return read_matrix(session)


def _table() -> dict[str, object]:
    return matrix_json(_matrix(), services().policy(), agents_on_duty())
