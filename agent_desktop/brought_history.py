"""History from elsewhere, brought by planners: forecasts learn from it for the days before Halo's first contact."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel.numbers import format_decimal
from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import zone_here
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import actor_here, brought, wrong_fields
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from agent_desktop.table_fault_words import table_fault_words
from workforce.brought_history import brought_spans, drop_history, keep_history
from workforce.interval_row import IntervalRow
from workforce.planner_files import history_minutes, read_history
from workforce.table_file import TableFault

blueprint = Blueprint("brought_history", __name__, url_prefix="/api/planner/history")


@blueprint.post("/file")
@needs_role(*PLANNING_ROLES)
def bring() -> ResponseReturnValue:
    """A history, all of it or nothing; what it has of a queue takes the place of what was brought of those days before."""
    here = services()
    names = here.policy().names

    def read(file: Path) -> list[IntervalRow]:
        return read_history(file, names, history_minutes(file), zone_here())

    try:
        rows = brought(read)
    except TableFault as fault:
        return wrong_fields({"file": table_fault_words(fault)})
    with here.database.writing() as session:
        count = keep_history(session, rows, zone_here(), actor_here(), here.clock.now())
        session.commit()
    return jsonify(count=count, html=history_html())


@blueprint.post("/<queue>/drop")
@needs_role(*PLANNING_ROLES)
def drop(queue: str) -> ResponseReturnValue:
    """Nothing is brought of this queue any more."""
    with services().database.writing() as session:
        drop_history(session, queue)
        session.commit()
    return jsonify(html=history_html())


@dataclass(frozen=True, slots=True)
class SpanLine:
    """What is brought of a queue, as the page has it: first and last day here."""

    queue: str
    label: str
    first: date
    last: date
    callers: str


def spans_here() -> list[SpanLine]:
    """What is brought, by queue."""
    policy = services().policy()
    with services().database.reading() as session:
        found = brought_spans(session)
    labels = {queue.name: queue.label_in(language_here()) for queue in policy.queues}
    zone, language = zone_here(), language_here()
    return [
        SpanLine(
            each.queue, labels.get(each.queue, each.queue), each.first.astimezone(zone).date(), each.last.astimezone(zone).date(),
            format_decimal(each.callers, locale=language),
        )
        for each in found
    ]  # fmt: skip


def history_html() -> str:
    """The list of it."""
    return render_template("planning/brought_history.html", history=spans_here())
