"""What the planner knows better, typed into the grid of a forecast: kept at once, undone at once, heeded by every forecast."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.forecasts import GridLine, Shown, day_lines, interval_lines, overruled_of, shown_of
from agent_desktop.json_body import json_body
from agent_desktop.planning_pages import actor_here, brought, day_field, number_field, written, wrong_fields
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from agent_desktop.table_fault_words import table_fault_words
from agent_desktop.texts import _
from core.errors import BadInput, NotFound
from workforce.overruling import Overruling
from workforce.overrulings import LONGEST_WHY, OverrulingWrong, kept_overrulings, overrule, undo
from workforce.plan_files import write_overrulings
from workforce.planner_files import read_overrulings
from workforce.table_file import TableFault

blueprint = Blueprint("forecast_overruling", __name__)
_MOST_AT_ONCE = 5000


@blueprint.post("/api/planner/forecasts/<int:run_id>/overrule")
@needs_role(*PLANNING_ROLES)
def keep(run_id: int) -> ResponseReturnValue:
    """Overrule one day or interval of the queue that is shown; all empty: as computed again."""
    body = json_body()
    fields = body.fields
    day, number = day_field(body.text("day", most=10)), fields.get("number")
    shown = shown_of(run_id, body.text("queue", most=40), day)
    a_day = 24 * 60 // shown.asked.minutes
    if number is not None and (not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < a_day):
        raise BadInput("There is no such interval.", "Load the page again.")
    _lines(shown, [day])  # NotFound for a day that the forecast has not
    wanted = Overruling(
        shown.queue, day, number, number_field(fields, "callers"), number_field(fields, "times"), number_field(fields, "aht_s"),
        body.text("why", most=LONGEST_WHY, default="").strip(),
    )  # fmt: skip
    try:
        ids = _keep([wanted], shown.asked.minutes)
    except OverrulingWrong:
        if wanted.callers is not None and wanted.times is not None:
            return wrong_fields({"times": _("Give callers or times, not both. Empty the one first.")})
        return wrong_fields({"callers": _("Callers 0 to 1,000,000, times 0 to 100, handling time 1 to 86,400 seconds.")})
    return jsonify(ids=ids, lines=_lines(shown_of(run_id, shown.queue, day), [day]))


@blueprint.post("/api/planner/forecasts/<int:run_id>/undo")
@needs_role(*PLANNING_ROLES)
def take_back(run_id: int) -> ResponseReturnValue:
    """Take changes back that nobody has changed since."""
    body = json_body()
    ids = body.fields.get("ids")
    if not isinstance(ids, list) or not ids or len(ids) > _MOST_AT_ONCE or not all(type(each) is int for each in ids):
        raise BadInput("The field ids is missing or wrong.", "Load the page again.")
    with services().database.writing() as session:
        changed = undo(session, ids)
        session.commit()
    shown = shown_of(run_id, body.text("queue", most=40))
    return jsonify(lines=_lines(shown, [day for queue, day in changed if queue == shown.queue]))


@blueprint.post("/api/planner/forecasts/<int:run_id>/overrule/file")
@needs_role(*PLANNING_ROLES)
def bring(run_id: int) -> ResponseReturnValue:
    """Overrulings from a table, all or none of them."""
    shown, names = shown_of(run_id), services().policy().names
    try:
        wanted = brought(lambda file: read_overrulings(file, names, shown.asked.minutes))
        if len(wanted) > _MOST_AT_ONCE:
            return wrong_fields({"file": _("The table has too many rows.")})
        ids = _keep(wanted, shown.asked.minutes)
    except TableFault as fault:
        return wrong_fields({"file": table_fault_words(fault)})
    return jsonify(ids=ids, count=len(ids))


@blueprint.get("/planner/forecasts/<int:run_id>/overrulings")
@needs_role(*PLANNING_ROLES)
def download(run_id: int) -> ResponseReturnValue:
    """Everything overruled that counts for this forecast's intervals, as the commands read it."""
    shown = shown_of(run_id)
    with services().database.reading() as session:
        kept = [each.overruling for each in kept_overrulings(session, shown.asked.minutes)]
    return written("halo-overruled", lambda file: write_overrulings(file, kept, shown.asked.minutes))


def _keep(wanted: Sequence[Overruling], minutes: int) -> list[int]:
    here = services()
    with here.database.writing() as session:
        ids = overrule(session, wanted, minutes, actor_here(), here.clock.now())
        session.commit()
    return ids


def _lines(shown: Shown, days: Sequence[date]) -> list[dict[str, Any]]:
    found = shown.kept.forecast
    if found is None:
        raise NotFound("This queue has no forecast.", "Choose another queue.")
    kept = overruled_of(shown)
    wanted = {day.isoformat() for day in days}
    lines = [each for each in day_lines(found, kept) if each.key in wanted]
    for day in dict.fromkeys(days):
        lines += interval_lines(found, day, kept)
    return [_json(each) for each in lines]


def _json(line: GridLine) -> dict[str, Any]:
    own = line.kept.overruling if line.kept else None
    return {
        "key": line.key, "expected": round(line.callers, 1), "low": line.low, "high": line.high,
        "handling": None if line.aht_s is None else round(line.aht_s), "callers": own.callers if own else None,
        "times": own.times if own else None, "aht_s": own.aht_s if own else None, "why": own.why if own else "",
        "by": line.kept.by if line.kept else "",
    }  # fmt: skip
