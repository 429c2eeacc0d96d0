"""What planners and supervisors do on the day's page: excuse a stretch, take that back, do a suggestion, undo it."""

from datetime import datetime, time, timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.day_rows import teams_seen
from agent_desktop.days import day_of, zone_here
from agent_desktop.json_body import Body, json_body
from agent_desktop.planning_pages import actor_here, wrong_fields
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.shift_news import ShiftChange, tell_shifts
from agent_desktop.texts import _
from agent_desktop.the_day import CHANGING_ROLES
from core.errors import BadInput, NotFound
from core.events import Event, EventKind
from routing.agents import find_agent
from workforce.adherence_excuses import LONGEST_REASON, AdherenceExcuse, excuse, take_back
from workforce.changed_shifts import ChangedShift, ShiftTimes, undo_change
from workforce.day_changes import Wanted, do
from workforce.day_suggestions import Kind

blueprint = Blueprint("the_day_orders", __name__, url_prefix="/api/the-day")
_LONGEST_MIN = 24 * 60


@blueprint.post("/excuses")
@needs_role(*PLANNING_ROLES)
def add_excuse() -> ResponseReturnValue:
    """`agent`, `day`, `from` and `to` (wall clock; `to` at or before `from` is of the next day), `reason`."""
    body, here = json_body(), services()
    day, agent = day_of(body.text("day", 10)), body.text("agent", 36)
    reason = body.text("reason", LONGEST_REASON).strip()
    times = {name: _time(body.text(name, 8)) for name in ("from", "to")}
    faults = {name: _("Write a time like 13:00.") for name, found in times.items() if found is None}
    if not reason:
        faults["reason"] = _("Say why, such as: meeting.")
    starts, ends = times["from"], times["to"]
    if faults or starts is None or ends is None:
        return wrong_fields(faults)
    start = datetime.combine(day, starts, zone_here())
    end = datetime.combine(day if ends > starts else day + timedelta(days=1), ends, zone_here())
    with here.database.writing() as session:
        _may_see(session, agent)
        made = excuse(session, agent, start, end, reason, here.clock.now(), actor_here())
        session.commit()
    _tell_excuse(made)
    return jsonify(excuse=made.id)


@blueprint.post("/excuses/<int:excuse_id>/take-back")
@needs_role(*PLANNING_ROLES)
def take_excuse_back(excuse_id: int) -> ResponseReturnValue:
    here = services()
    with here.database.writing() as session:
        made = take_back(session, excuse_id, here.clock.now(), actor_here())
        _may_see(session, made.agent_id)
        session.commit()
    _tell_excuse(made)
    return jsonify(excuse=made.id)


@blueprint.post("/changes")
@needs_role(*CHANGING_ROLES)
def change() -> ResponseReturnValue:
    """Do a suggestion: `day`, `kind`, `agent`, `minutes`, `number`, and the shift as it was `seen`."""
    body, here = json_body(), services()
    day = day_of(body.text("day", 10))
    if body.text("kind", 10) not in {kind.value for kind in Kind}:
        raise BadInput("There is no such change.", "Load the page again.")
    wanted = Wanted(
        Kind(body.text("kind", 10)), body.text("agent", 36), min(body.number("minutes"), _LONGEST_MIN), body.number("number")
    )
    with here.database.writing() as session:
        made = do(session, wanted, day, _seen(body), here.policy(), zone_here(), here.clock.now(), actor_here(), _why(wanted))
        session.commit()
    _tell_change(made)
    return jsonify(change=made.id)


@blueprint.post("/changes/<int:change_id>/undo")
@needs_role(*CHANGING_ROLES)
def undo(change_id: int) -> ResponseReturnValue:
    """The shift has the hours again that it had before."""
    here = services()
    with here.database.writing() as session:
        made = undo_change(session, change_id, here.clock.now(), actor_here())
        session.commit()
    _tell_change(made)
    return jsonify(change=made.id)


def _may_see(session: Session, agent_id: str) -> None:
    seen, record = teams_seen(user_here()), find_agent(session, agent_id)
    if record is None or (seen and record.team not in seen):
        raise NotFound(f"There is no agent {agent_id} for you.", "Choose one of the list.")


def _why(wanted: Wanted) -> str:
    """As it is kept; pages say it in their own words."""
    return f"{wanted.kind.value} {wanted.minutes}"


def _seen(body: Body) -> ShiftTimes:
    """The shift's times as the page got them. Raises BadInput."""
    seen = body.fields.get("seen")
    try:
        assert isinstance(seen, dict)
        activities = [
            [str(kind), *(datetime.fromisoformat(each).isoformat() for each in both)] for kind, *both in seen["activities"]
        ]
        assert all(len(each) == 3 for each in activities)
        times = {name: datetime.fromisoformat(seen[name]).isoformat() for name in ("starts_at", "ends_at")}
    except (AssertionError, KeyError, TypeError, ValueError):
        raise BadInput("The field seen is no shift.", "Load the page again.") from None
    return {**times, "activities": activities}


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def _tell_excuse(made: AdherenceExcuse) -> None:
    data = {
        "excuse": made.id, "starts_at": made.starts_at.isoformat(), "ends_at": made.ends_at.isoformat(),
        "by": made.undone_by or made.by, "undone": made.undone_at is not None,
    }  # fmt: skip
    services().today.changed()
    services().bus.publish(Event(EventKind.ADHERENCE_EXCUSED, services().clock.now(), agent_id=made.agent_id, data=data))


def _tell_change(made: ChangedShift) -> None:
    services().today.changed()
    tell_shifts(ShiftChange.HOURS, made.day, [made.agent_id])
