"""A roster to be taken along: a table, calendars for phones, and sheets of paper, one for each week."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Mapping

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import zone_here
from agent_desktop.planning_pages import written
from agent_desktop.planning_words import short_day
from agent_desktop.roles import needs_role
from agent_desktop.roster_page import find_made, held_roster
from agent_desktop.services import services
from core.errors import NotFound
from workforce.roster_held import HeldRoster
from workforce.rosters.calendar_file import calendar_of
from workforce.rosters.roster_file import clock, write_roster
from workforce.rosters.shift_pattern import Placed

blueprint = Blueprint("roster_files", __name__, url_prefix="/planner/rosters")


@blueprint.get("/<int:version_id>/table")
@needs_role(*PLANNING_ROLES)
def table(version_id: int) -> ResponseReturnValue:
    """The same file as `./halo workforce roster --out`."""
    held = _held(version_id)
    names = {one.agent: one.name for one in held.problem.contracts}
    return written(f"halo-roster-{version_id}", lambda file: write_roster(file, held.roster, held.problem.first, names))


@blueprint.get("/<int:version_id>/calendars.zip")
@needs_role(*PLANNING_ROLES)
def calendars(version_id: int) -> ResponseReturnValue:
    """An iCalendar file for each agent."""
    held, packed = _held(version_id), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for agent, shifts in sorted(_by_agent(held).items()):
            files.writestr(f"{agent}.ics", _calendar(held, agent, shifts))
    headers = {"Content-Disposition": f'attachment; filename="halo-roster-{version_id}.zip"'}
    return Response(packed.getvalue(), mimetype="application/zip", headers=headers)


@blueprint.get("/<int:version_id>/calendar/<agent>.ics")
@needs_role(*PLANNING_ROLES)
def calendar(version_id: int, agent: str) -> ResponseReturnValue:
    """One agent's."""
    held = _held(version_id)
    shifts = _by_agent(held).get(agent)
    if shifts is None:
        raise NotFound("This agent has no shift in the roster.", "Choose another.")
    return Response(_calendar(held, agent, shifts), mimetype="text/calendar")


@blueprint.get("/<int:version_id>/print")
@needs_role(*PLANNING_ROLES)
def sheets(version_id: int) -> ResponseReturnValue:
    """A sheet for each week, for paper."""
    with services().database.reading() as session:
        version = find_made(session, version_id)
        held = held_roster(session, version)
    weeks = [range(max(0, week.start), week.stop) for week in held.problem.weeks() if week.stop > 0]
    kinds = {pattern.name: number for number, pattern in enumerate(held.problem.patterns)}
    people = sorted({one.agent: one.shown for one in held.problem.contracts}.items(), key=lambda one: one[1])
    return render_template(
        "rosters/print.html",
        version=version, held=held, weeks=weeks, people=people, clock=clock, short_day=short_day, kinds=kinds,
    )  # fmt: skip


def _held(version_id: int) -> HeldRoster:
    with services().database.reading() as session:
        return held_roster(session, find_made(session, version_id))


def _by_agent(held: HeldRoster) -> Mapping[str, dict[int, Placed]]:
    found: dict[str, dict[int, Placed]] = defaultdict(dict)
    for (agent, day), placed in held.roster.items():
        found[agent][day] = placed
    return found


def _calendar(held: HeldRoster, agent: str, shifts: dict[int, Placed]) -> bytes:
    return calendar_of(agent, shifts, held.problem.first, zone_here(), services().clock.now())
