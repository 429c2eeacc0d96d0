"""What a planner has done about forecasts: computed, cancelled, and days told that are special."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import today_here
from agent_desktop.json_body import json_body
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import actor_here, brought, day_field, number_field, wrong_fields
from agent_desktop.planning_words import problem_words
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from agent_desktop.table_fault_words import table_fault_words
from agent_desktop.texts import _
from core.errors import BadInput
from workforce.day_calendar import SpecialDay
from workforce.forecast import MOST_DAYS
from workforce.forecast_methods import METHODS
from workforce.intervals import LENGTHS
from workforce.planner_files import read_special_days
from workforce.planning_forms import ASKED
from workforce.planning_jobs import enqueue_run
from workforce.planning_runs import LONGEST_NAME, Kind, State, cancel, find, place, replace_older, state_of
from workforce.planning_sources import Asked
from workforce.planning_tables import PlanningRun
from workforce.special_days import (
    MOST_TIMES,
    SpecialDayWrong,
    drop_special_day,
    keep_special_days,
    special_day_records,
)
from workforce.table_file import TableFault

blueprint = Blueprint("forecast_orders", __name__, url_prefix="/api/planner")
_MOST_DAYS_OF_A_FILE = 2000
_FORGOTTEN_AFTER = timedelta(seconds=30)  # Redis may have lost its jobs; what was asked for stands in the database


@blueprint.post("/forecasts")
@needs_role(*PLANNING_ROLES)
def begin() -> ResponseReturnValue:
    """Have a forecast computed; the answer says where to look how far it is."""
    fields = json_body().fields
    faults: dict[str, str] = {}
    name = str(fields.get("name", "")).strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        faults["name"] = _("Give it a name of 1 to 80 characters.")
    first = None
    try:
        first = day_field(str(fields.get("first", "")))
    except BadInput:
        faults["first"] = _("Choose the first day.")
    days = fields.get("days")
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= MOST_DAYS:
        faults["days"] = _("Write 1 to %(most)s days.", most=MOST_DAYS)
    share = number_field(fields, "share")
    if share is None or not 0.5 <= share <= 0.99:
        faults["share"] = _("Write 50 to 99 percent.")
    queues, names = fields.get("queues"), services().policy().names
    if not isinstance(queues, list) or not all(each in names for each in queues):
        faults["queues"] = _("A queue of it is not there any more. Load the page again.")
    minutes, method = fields.get("minutes"), fields.get("method", "")
    if not isinstance(minutes, int) or not isinstance(method, str) or minutes not in LENGTHS or (method and method not in METHODS):
        raise BadInput("The interval or the method is not one of the page.", "Load the page again.")
    if first is not None and abs((first - today_here()).days) > 2 * MOST_DAYS:
        faults["first"] = _("That day is too far away.")
    if faults or first is None or share is None or not isinstance(days, int) or not isinstance(queues, list):
        return wrong_fields(faults)
    run = begin_run(Kind.FORECAST, name, ASKED.fields(Asked(tuple(queues), first, days, minutes, method, share)))
    return jsonify(run=run.id), 202


@blueprint.get("/runs/<kind>/<int:run_id>")
@needs_role(*PLANNING_ROLES)
def status(kind: str, run_id: int) -> ResponseReturnValue:
    """How far a run is."""
    with services().database.reading() as session:
        run = find(session, run_id, _kind(kind))
    now = services().clock.now()
    state = state_of(run, now)
    if state is State.WAITING and now - run.at > _FORGOTTEN_AFTER:
        enqueue_run(services().store.redis, _kind(kind), run.id)  # does nothing where the job still lies there
    problem = problem_words(run.problem) if state is State.FAILED else ""
    queue = services().policy().find(run.queue)
    label = queue.label_in(language_here()) if queue else run.queue
    return jsonify(state=state, done=run.done, of=run.of, doing=run.doing, queue=label, problem=problem)


@blueprint.post("/runs/<kind>/<int:run_id>/cancel")
@needs_role(*PLANNING_ROLES)
def stop(kind: str, run_id: int) -> ResponseReturnValue:
    """Nobody wants it any more; one that has ended stays as it is."""
    here = services()
    with here.database.writing() as session:
        find(session, run_id, _kind(kind))
        cancelled = cancel(session, run_id, here.clock.now())
        session.commit()
    return jsonify(cancelled=cancelled)


@blueprint.post("/special-days")
@needs_role(*PLANNING_ROLES)
def keep_day() -> ResponseReturnValue:
    """Tell what a day is; what it was comes back, for undoing."""
    fields, faults = json_body().fields, dict[str, str]()
    name, factor = str(fields.get("name", "")).strip(), number_field(fields, "factor")
    try:
        day = day_field(str(fields.get("day", "")))
    except BadInput:
        return wrong_fields({"day": _("Choose the day.")})
    if factor is not None and not 0 <= factor <= MOST_TIMES:
        faults["factor"] = _("Write 0 to 100, or nothing.")
    if faults:
        return wrong_fields(faults)
    try:
        before = _keep([SpecialDay(day, name, factor, fields.get("leave_out") is True)])
    except SpecialDayWrong:
        return wrong_fields({"name": _("Give it a name that is no kind of day of Halo's, of 1 to 80 characters.")})
    return jsonify(before=[_day_json(each) for each in before], html=_days_html())


@blueprint.post("/special-days/<day>/drop")
@needs_role(*PLANNING_ROLES)
def drop_day(day: str) -> ResponseReturnValue:
    """It is a day like any other; what it was comes back, for undoing."""
    with services().database.writing() as session:
        before = drop_special_day(session, day_field(day))
        session.commit()
    return jsonify(before=[_day_json(before)], html=_days_html())


@blueprint.post("/special-days/file")
@needs_role(*PLANNING_ROLES)
def bring_days() -> ResponseReturnValue:
    """Special days from a table, all or none of them."""
    try:
        days = brought(read_special_days)
        if len(days) > _MOST_DAYS_OF_A_FILE:
            return wrong_fields({"file": _("The table has too many days.")})
        _keep(days)
    except TableFault as fault:
        return wrong_fields({"file": table_fault_words(fault)})
    except SpecialDayWrong:
        return wrong_fields({"file": _("A name in the table is longer than 80 characters.")})
    return jsonify(count=len(days), html=_days_html())


def begin_run(kind: Kind, name: str, asked: Any, replaces: bool = False) -> PlanningRun:
    """Write a run down and hand it to its process; `replaces`: older ones of the name are not wanted any more.
    Raises Unavailable, with the run cancelled, when the worker can't be told."""
    here = services()
    for attempt in (1, 2):
        try:
            with here.database.writing() as session:
                if replaces:
                    replace_older(session, kind, name, here.clock.now())
                run = place(session, kind, name, asked, actor_here(), here.clock.now())
                session.commit()
            break
        except IntegrityError:  # somebody took the same version of the name in the same moment
            if attempt == 2:
                raise
    try:
        enqueue_run(here.store.redis, kind, run.id)
    except Exception:
        with here.database.writing() as session:
            cancel(session, run.id, here.clock.now())
            session.commit()
        raise
    return run


def _keep(days: list[SpecialDay]) -> list[SpecialDay]:
    here = services()
    with here.database.writing() as session:
        before = keep_special_days(session, days, actor_here(), here.clock.now())
        session.commit()
    return before


def _days_html() -> str:
    with services().database.reading() as session:
        return render_template("planning/special_days.html", special=special_day_records(session), today=today_here())


def _day_json(day: SpecialDay) -> dict[str, Any]:
    return {"day": day.day.isoformat(), "name": day.name, "factor": day.factor, "leave_out": day.leave_out}


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise BadInput("There is no such kind of work.", "Load the page again.") from None
