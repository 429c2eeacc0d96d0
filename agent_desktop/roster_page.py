"""The page of one roster: its shifts as a grid, and of a day who is wanted against who is there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import today_here, zone_here
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import tabs
from agent_desktop.planning_words import short_day
from agent_desktop.roles import needs_role
from agent_desktop.roster_picture import draw_roster_day
from agent_desktop.roster_words import gap_words, state_words, told_words
from agent_desktop.services import services
from agent_desktop.shift_part_words import break_words, pattern_words
from agent_desktop.texts import _
from core.errors import BadInput, NotFound
from routing.agents import AgentRecord
from workforce.roster_hand import changes_of, last_change_id
from workforce.roster_held import HeldRoster
from workforce.roster_jobs import MOST_SECONDS
from workforce.roster_records import AskState, RosterState, RosterVersion, ShiftSwap, TimeOffRequest
from workforce.roster_since import changed_since
from workforce.roster_store import find_version
from workforce.rosters.roster_file import clock

blueprint = Blueprint("roster_page", __name__)


@blueprint.get("/planner/rosters/<int:version_id>")
@needs_role(*PLANNING_ROLES)
def page(version_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        version = find_made(session, version_id)
        held = held_roster(session, version)
        changes, stale, asks = changes_of(session, version_id), stale_days(session, version), waiting_asks(session, version)
    here = today_here()
    days = [held.problem.date_of(day) for day in range(held.problem.days)]
    queues = [queue for queue in services().policy().queues if queue.name in held.problem.needs]
    return render_template(
        "rosters/roster.html",
        tabs=tabs(), version=version, days=days, chosen=here if here in days else days[0], queues=queues, language=language_here(),
        changes=changes, stale=stale, asks=asks, shown=version.state, by="",
        told=told_words(version), gap=gap_words(version.cost, version.bound), state_words=state_words,
        may_change=version.state == RosterState.DRAFT, short_day=short_day, most_seconds=MOST_SECONDS,
    )  # fmt: skip


@blueprint.get("/api/planner/rosters/<int:version_id>/grid")
@needs_role(*PLANNING_ROLES)
def grid(version_id: int) -> ResponseReturnValue:
    """Everything that the grid shows: days, kinds of shifts, agents, and who works when."""
    with services().database.reading() as session:
        version = find_made(session, version_id)
        held, stamp = held_roster(session, version), stamp_of(session, version)
        people = {one.id: one for one in session.scalars(select(AgentRecord))}
    problem = held.problem
    kinds = {pattern.name: number for number, pattern in enumerate(problem.patterns)}
    shifts: dict[str, list[list[Any]]] = {}
    for (agent, day), placed in held.roster.items():
        shifts.setdefault(agent, []).append([day, kinds[placed.shift.pattern.name], placed.shift.start, list(placed.breaks)])
    agents = [_agent(one.agent, one.shown, sorted(one.queues), one.week_min, people) for one in problem.contracts]
    agents += [_agent(agent, agent, [], None, people) for agent in shifts if agent not in problem.by_agent]
    agents.sort(key=lambda one: (str(one["name"]), str(one["id"])))
    return jsonify(
        first=problem.first.isoformat(),
        days=[
            {"date": day.isoformat(), "label": short_day(day), "weekend": day.weekday() >= 5, "monday": day.weekday() == 0}
            for day in map(problem.date_of, range(problem.days))
        ],
        kinds=[
            {
                "name": pattern.name, "label": pattern_words(pattern),
                "starts": list(pattern.starts), "minutes": pattern.minutes, "paid_min": pattern.paid_min,
                "breaks": [[break_words(each.name), each.minutes] for each in pattern.breaks],
            }
            for pattern in problem.patterns
        ],
        agents=agents, shifts=shifts, off=[list(cell) for cell in sorted(problem.time_off)],
        training=[
            [agent, day, f"{clock(one.start)}–{clock(one.end)} {break_words(one.name)}"]
            for (agent, day), several in problem.training.items() for one in several
        ],
        may_change=version.state == RosterState.DRAFT, stamp=stamp,
    )  # fmt: skip


def stale_days(session: Session, version: RosterVersion) -> int:
    """How many agents' days of today and later a draft has otherwise than what came into force since."""
    return sum(each.day >= today_here() for each in changed_since(session, version))


def waiting_asks(session: Session, version: RosterVersion) -> int:
    """How many asks that touch these days a planner has to decide."""
    last = version.first_day + timedelta(days=version.days - 1)
    off = select(func.count()).where(
        TimeOffRequest.state == AskState.ASKED, TimeOffRequest.first_day <= last, TimeOffRequest.last_day >= version.first_day
    )
    swaps = select(func.count()).where(
        ShiftSwap.state == AskState.ACCEPTED, ShiftSwap.day >= version.first_day, ShiftSwap.day <= last
    )
    return (session.scalar(off) or 0) + (session.scalar(swaps) or 0)


def stamp_of(session: Session, version: RosterVersion) -> str:
    """Another one whenever the shifts may be others."""
    return f"{version.changed_at.isoformat()} {last_change_id(session, version.id)}"


def _agent(agent: str, name: str, queues: list[str], week_min: int | None, people: Mapping[str, AgentRecord]) -> dict[str, Any]:
    known = people.get(agent)
    return {
        "id": agent, "name": name, "queues": queues, "week_min": week_min, "team": known.team if known else "",
        "site": known.site if known else "",
    }  # fmt: skip


@blueprint.get("/planner/rosters/<int:version_id>/day")
@needs_role(*PLANNING_ROLES)
def day_picture(version_id: int) -> ResponseReturnValue:
    """One day as a picture, as a piece of the page: people wanted, people there, and who is missing."""
    with services().database.reading() as session:
        held = held_roster(session, find_made(session, version_id))
    text, queue = request.args.get("day", "0"), request.args.get("queue", "")
    if not text.isdecimal() or int(text) >= held.problem.days or (queue and queue not in held.problem.needs):
        raise NotFound("The roster has no such day or queue.", "Choose one that it has.")
    day = int(text)
    found = services().policy().find(queue) if queue else None
    return render_template(
        "rosters/day.html",
        drawn=draw_roster_day(held.problem, held.roster, day, queue), day=short_day(held.problem.date_of(day)),
        queue=found.label_in(language_here()) if found else _("all queues"), one=bool(queue),
    )  # fmt: skip


def find_made(session: Session, version_id: int, lock: bool = False) -> RosterVersion:
    """A roster that is made. Raises NotFound, and BadInput for one that is not."""
    version = session.get(RosterVersion, version_id, with_for_update=True) if lock else find_version(session, version_id)
    if version is None:
        raise NotFound(f"There is no roster {version_id}.", "Choose one of the list.")
    if version.state not in (RosterState.DRAFT, RosterState.PUBLISHED):
        raise BadInput(f"Roster {version_id} is {version.state}.", "Wait until it is made.")
    return version


def held_roster(session: Session, version: RosterVersion) -> HeldRoster:
    """The roster and what it is for, as they are in this session."""
    here = services()
    return here.rosters.find(session, version, here.policy(), zone_here(), here.clock.now())
