"""How many agents a forecast needs: targets, patience and shrinkage as chosen, seen interval by interval, kept as a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import zone_here
from agent_desktop.forecast_orders import begin_run
from agent_desktop.forecast_picture import draw_staff
from agent_desktop.json_body import json_body
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import actor_here, sources_here, tabs, written, wrong_fields
from agent_desktop.planning_words import problem_words
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from agent_desktop.staffing_wishes import WishForm, read_wishes
from agent_desktop.texts import _
from core.errors import BadInput, NotFound
from workforce.plan_files import write_staff
from workforce.planning_forms import SEARCH, SEARCH_ASKED, KeptForecast, KeptSearch, SearchAsked
from workforce.planning_runs import Kind, State, find, newest, queues_of, results, state_of
from workforce.planning_tables import PlanningRun
from workforce.planning_work import kept_forecast, kept_forecasts
from workforce.staff_need import StaffRow
from workforce.staff_plans import LONGEST_NAME, keep_plan, plan_rows, plans
from workforce.staffing import Learned, Wishes, learned, staffed

blueprint = Blueprint("staffing", __name__)
_SHOWN_PLANS = 20


@dataclass(frozen=True, eq=False)
class StaffedDay:
    """One queue's day, staffed: its intervals from the first that has callers to the last."""

    rows: Sequence[StaffRow]
    patience: Learned
    agent_hours: float
    paid_hours: float
    most_agents: int
    most_heads: int
    callers: float


@blueprint.get("/planner/staff")
@needs_role(*PLANNING_ROLES)
def page() -> ResponseReturnValue:
    here, policy = services(), services().policy()
    form = read_wishes(request.args, policy.names)
    with here.database.reading() as session:
        runs = [run for run in newest(session, Kind.FORECAST) if run.state == State.DONE]
        kept = plans(session)[:_SHOWN_PLANS]
        search = _newest_search(session)
    chosen = _chosen_run(runs)
    content: dict[str, Any] = {}
    if chosen is not None:
        content = _content(chosen, form)
    return render_template(
        "planning/staff.html",
        tabs=tabs(), runs=runs, chosen=chosen, form=form, plans=kept, search=search, policy=policy, language=language_here(),
        zone=zone_here(), **content,
    )  # fmt: skip


@blueprint.get("/planner/staff/table")
@needs_role(*PLANNING_ROLES)
def download() -> ResponseReturnValue:
    """Every queue of the forecast, staffed as the address says."""
    found, _wishes = _all_staffed(request.args)
    rows = [row for own in found.values() for row in own]
    return written("halo-staff", lambda file: write_staff(file, rows, zone_here()))


@blueprint.get("/planner/plans/<int:plan_id>/table")
@needs_role(*PLANNING_ROLES)
def download_plan(plan_id: int) -> ResponseReturnValue:
    """A plan as it was kept."""
    with services().database.reading() as session:
        rows = plan_rows(session, plan_id)

    def write(file: Path) -> None:
        write_staff(file, rows, zone_here())

    return written(f"halo-plan-{plan_id}", write)


@blueprint.post("/api/planner/plans")
@needs_role(*PLANNING_ROLES)
def keep() -> ResponseReturnValue:
    """Keep the staffing of every queue under a name."""
    fields, here = json_body().fields, services()
    name = str(fields.get("name", "")).strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        return wrong_fields({"name": _("Give it a name of 1 to 80 characters.")})
    found, wishes = _all_staffed(fields)
    with here.database.writing() as session:
        plan = keep_plan(session, name, found, wishes, zone_here(), actor_here(), here.clock.now())
        session.commit()
        html = render_template("planning/plans.html", plans=plans(session)[:_SHOWN_PLANS])
    return jsonify(id=plan.id, name=plan.name, version=plan.version, html=html)


@blueprint.post("/api/planner/searches")
@needs_role(*PLANNING_ROLES)
def begin_search() -> ResponseReturnValue:
    """Have the simulator search for the agents of one interval; the answer says where to look how far it is."""
    fields = json_body().fields
    run = _run_of(fields)
    try:
        starts_at = datetime.fromisoformat(str(fields.get("starts_at", "")))
    except ValueError:
        raise BadInput("That is no moment.", "Load the page again.") from None
    if starts_at.tzinfo is None:
        raise BadInput("That moment has no zone.", "Load the page again.")
    form = read_wishes(fields, services().policy().names)
    if form.wishes is None:
        return wrong_fields(form.faults)
    asked = SEARCH_ASKED.fields(SearchAsked(run.id, starts_at.isoformat(), form.wishes))
    return jsonify(run=begin_run(Kind.SEARCH, f"{run.name} {starts_at:%Y-%m-%d %H:%M}"[-80:], asked).id), 202


@blueprint.get("/planner/searches/<int:run_id>")
@needs_role(*PLANNING_ROLES)
def search_result(run_id: int) -> ResponseReturnValue:
    """What a search found, as a piece of the page."""
    with services().database.reading() as session:
        search = _search_of(session, find(session, run_id, Kind.SEARCH))
    return render_template(
        "planning/search.html", search=search, policy=services().policy(), language=language_here(), zone=zone_here()
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class SearchLine:
    """A search, how far it is and what came of it."""

    run: PlanningRun
    state: State
    starts_at: datetime
    kept: KeptSearch | None
    problem: str


def _newest_search(session: Session) -> SearchLine | None:
    runs = newest(session, Kind.SEARCH, 1)
    return _search_of(session, runs[0]) if runs else None


def _search_of(session: Session, run: PlanningRun) -> SearchLine:
    asked, state = SEARCH_ASKED.read_fields(run.asked), state_of(run, services().clock.now())
    content = results(session, run.id).get("")
    problem = problem_words(run.problem) if state is State.FAILED else ""
    return SearchLine(run, state, datetime.fromisoformat(asked.starts_at), SEARCH.read(content) if content else None, problem)


def _chosen_run(runs: Sequence[PlanningRun]) -> PlanningRun | None:
    text = request.args.get("forecast", "")
    if text:
        found = next((run for run in runs if str(run.id) == text), None)
        if found is None:
            raise NotFound("There is no such forecast.", "Choose one that is kept.")
        return found
    return runs[0] if runs else None


def _content(run: PlanningRun, form: WishForm) -> dict[str, Any]:
    kept, queue, queues = _queue_of(run)
    found = kept.forecast
    if found is None:
        return {"queue": queue, "queues": queues, "found": None}
    text = request.args.get("day", "")
    day = next((each.day for each in found.days if each.day.isoformat() == text), found.days[0].day)
    content: dict[str, Any] = {"queue": queue, "queues": queues, "found": found, "day": day, "staffed": None}

    def address(**other: Any) -> str:
        """This page with something else chosen; the fields stay."""
        fields = {name: text for name, text in form.values.items() if text}
        chosen_now: dict[str, Any] = {"forecast": run.id, "queue": queue, "day": day}
        return url_for("staffing.page", **(chosen_now | fields | other))

    content["address"] = address
    content["fields"] = {"forecast": run.id, **{name: text for name, text in form.values.items() if text}}
    if form.wishes is None:
        return content
    try:
        own = _staffed_day(kept, queue, day, form.wishes)
    except BadInput:
        content["fault"] = _("Nothing is known of handling times in this queue. Give one above.")
        return content
    content["staffed"] = own
    rows = own.rows
    content["picture"] = draw_staff([row.callers for row in rows], [row.agents for row in rows], [row.heads for row in rows])
    return content


def _queue_of(run: PlanningRun) -> tuple[KeptForecast, str, Sequence[str]]:
    with services().database.reading() as session:
        there = queues_of(session, run.id)
    queues = [name for name in services().policy().names if name in there]
    if not queues:
        raise NotFound("No queue of this forecast is there any more.", "Compute a forecast.")
    queue = request.args.get("queue", queues[0])
    kept = kept_forecast(sources_here(), run.id, queue) if queue in queues else None
    if kept is None:
        raise NotFound("This forecast has no such queue.", "Choose one that it has.")
    return kept, queue, queues


def _staffed_day(kept: KeptForecast, queue: str, day: date, wishes: Wishes) -> StaffedDay:
    policy, zone = services().policy(), zone_here()
    rows = [row for row in (kept.forecast.rows if kept.forecast else ()) if row.starts_at.astimezone(zone).date() == day]
    found = staffed(policy, rows, wishes, lambda _queue: kept.patience)[queue]
    busy = [number for number, row in enumerate(found) if row.agents]
    shown = found[min(busy) : max(busy) + 1] if busy else found
    return StaffedDay(
        shown, learned(wishes, kept.patience), sum(row.agents * row.minutes for row in found) / 60,
        sum(row.heads * row.minutes for row in found) / 60, max(row.agents for row in found), max(row.heads for row in found),
        sum(row.callers for row in found),
    )  # fmt: skip


def _run_of(fields: Mapping[str, Any]) -> PlanningRun:
    text = str(fields.get("forecast", ""))
    if not text.isdecimal():
        raise BadInput("Which forecast is meant, the request does not say.", "Load the page again.")
    with services().database.reading() as session:
        return find(session, int(text), Kind.FORECAST)


def _all_staffed(fields: Mapping[str, Any]) -> tuple[dict[str, list[StaffRow]], Wishes]:
    run, policy = _run_of(fields), services().policy()
    form = read_wishes(fields, policy.names)
    if form.wishes is None:
        raise BadInput("A field of the staffing is wrong.", "Correct it on the page.")
    kept = {queue: each for queue, each in kept_forecasts(sources_here(), run.id).items() if queue in policy.names}
    rows = [row for found, _kept in kept.values() for row in found.rows]
    return staffed(policy, rows, form.wishes, lambda queue: kept[queue][1].patience), form.wishes
