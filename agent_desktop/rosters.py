"""The planner's rosters: those that there are, how far each is, and making another from a plan of staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import today_here
from agent_desktop.planning_pages import tabs
from agent_desktop.roles import needs_role
from agent_desktop.roster_words import doing_words, gap_words, state_words, told_words
from agent_desktop.services import services
from workforce.roster_jobs import MOST_SECONDS, enqueue_roster, has_lost_its_solver
from workforce.roster_records import RosterState, RosterVersion, WorkContract
from workforce.roster_store import find_version
from workforce.staff_plans import plans

blueprint = Blueprint("rosters", __name__)
SHOWN = 60
LOST = "lost"
_FORGOTTEN_AFTER = timedelta(seconds=30)  # Redis may have lost its jobs; what was asked for stands in the database
_USUAL_SECONDS = 60


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A roster in the list. `state` is LOST where its solver gives no sign any more; `counts`: on some day from today on it is
    the one in force."""

    version: RosterVersion
    state: str
    last: date
    counts: bool
    told: Sequence[str]


@blueprint.get("/planner/rosters")
@needs_role(*PLANNING_ROLES)
def page() -> ResponseReturnValue:
    with services().database.reading() as session:
        lines, kept = roster_lines(session), plans(session)
        contracts = session.scalar(select(func.count()).select_from(WorkContract)) or 0
    return render_template(
        "rosters/list.html",
        tabs=tabs(), lines=lines, plans=kept, contracts=contracts, seconds=_USUAL_SECONDS, most_seconds=MOST_SECONDS,
        state_words=state_words, gap_words=gap_words,
    )  # fmt: skip


@blueprint.get("/planner/rosters/list")
@needs_role(*PLANNING_ROLES)
def listed() -> ResponseReturnValue:
    """The list alone, for a page that is open."""
    with services().database.reading() as session:
        lines = roster_lines(session)
    return render_template("rosters/lines.html", lines=lines, state_words=state_words, gap_words=gap_words)


@blueprint.get("/api/planner/rosters/<int:version_id>/status")
@needs_role(*PLANNING_ROLES)
def status(version_id: int) -> ResponseReturnValue:
    """How far its solver is, in words and numbers."""
    here, now = services(), services().clock.now()
    with here.database.reading() as session:
        version = find_version(session, version_id)
    state = LOST if has_lost_its_solver(version, now) else version.state
    if state == RosterState.WAITING and now - version.changed_at > _FORGOTTEN_AFTER:
        enqueue_roster(here.store.redis, version.id, version.limit_s)  # does nothing where the job still lies there
    return jsonify(
        state=state, cost=version.cost, bound=version.bound, gap=gap_words(version.cost, version.bound),
        doing=doing_words(version.doing), stopping=version.stop_asked, limit_s=version.limit_s,
    )  # fmt: skip


def roster_lines(session: Session) -> list[RosterLine]:
    """The newest first."""
    versions = list(session.scalars(select(RosterVersion).order_by(RosterVersion.id.desc()).limit(SHOWN)))
    counting, now = _counting(versions), services().clock.now()
    return [
        RosterLine(
            one, LOST if has_lost_its_solver(one, now) else one.state, one.first_day + timedelta(days=one.days - 1),
            one.id in counting, told_words(one),
        )
        for one in versions
    ]  # fmt: skip


def _counting(versions: Sequence[RosterVersion]) -> set[int]:
    """Of each day from today on, the newest that is published."""
    published = [one for one in versions if one.state == RosterState.PUBLISHED and one.published_at is not None]
    published.sort(key=lambda one: (one.published_at, one.id), reverse=True)
    found, taken = set[int](), set[date]()
    for one in published:
        own = {one.first_day + timedelta(days=day) for day in range(one.days)}
        if any(day >= today_here() for day in own - taken):
            found.add(one.id)
        taken |= own
    return found
