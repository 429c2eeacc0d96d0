"""The planner's page: today's intervals per queue, as a table, a picture and a file."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import day_asked, span_of, today_here, zone_here
from agent_desktop.interval_picture import Picture, draw
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import tabs
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from core.errors import BadInput
from routing.policy import Queue
from routing.service_level import service_level
from workforce.interval_row import IntervalRow
from workforce.intervals import HALF_HOUR, LENGTHS, interval_rows

blueprint = Blueprint("planner", __name__, url_prefix="/planner")
CSV_COLUMNS = (
    "queue", "interval_start", "minutes", "offered", "answered", "abandoned", "short_abandons", "answer_within_s",
    "service_level", "asa_s", "aht_s", "load_erlang", "agents_needed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayTotal:
    """One queue's day in one line; means are None while nothing was handled."""

    offered: int
    answered: int
    abandoned: int
    service_level: float | None
    asa_s: float | None
    aht_s: float | None
    most_needed: int | None


@blueprint.get("")
@needs_role(*PLANNING_ROLES)
def page() -> ResponseReturnValue:
    day, minutes, chosen = day_asked(), _minutes(), _queue()
    rows = [row for row in _rows(day, minutes) if row.queue == chosen.name]
    shown = _busy_span(rows)
    today = today_here()

    def address(**other: Any) -> str:
        """This page with something else chosen."""
        chosen_now: dict[str, Any] = {"day": day, "queue": chosen.name, "minutes": minutes}
        return url_for("planner.page", **(chosen_now | other))

    return render_template(
        "planner.html",
        tabs=tabs(), address=address, day=day, today=today, earlier=day - timedelta(days=1),
        later=day + timedelta(days=1) if day < today else None,
        minutes=minutes, lengths=LENGTHS, queues=services().policy().queues, chosen=chosen, language=language_here(),
        rows=shown, total=day_total(rows), picture=_picture(shown), zone=zone_here(),
    )  # fmt: skip


@blueprint.get("/intervals.csv")
@needs_role(*PLANNING_ROLES)
def download() -> ResponseReturnValue:
    day, minutes = day_asked(), _minutes()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    for row in _rows(day, minutes):
        start = row.starts_at.astimezone(zone_here()).isoformat()
        writer.writerow(
            [
                row.queue, start, row.minutes, row.offered, row.answered, row.abandoned, row.short_abandons, row.answer_within_s,
                _rounded(row.service_level, 4), _rounded(row.asa_s, 1), _rounded(row.aht_s, 1), _rounded(row.load_erlang, 3),
                "" if row.agents_needed is None else row.agents_needed,
            ]
        )  # fmt: skip
    name = f"halo-intervals-{day.isoformat()}.csv"
    return Response(text.getvalue(), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def day_total(rows: list[IntervalRow]) -> DayTotal:
    """The intervals added up: sums first, means of the sums after."""
    answered, handled = sum(row.answered for row in rows), sum(row.handled for row in rows)
    offered, short = sum(row.offered for row in rows), sum(row.short_abandons for row in rows)
    needed = [row.agents_needed for row in rows if row.agents_needed is not None]
    return DayTotal(
        offered=offered,
        answered=answered,
        abandoned=sum(row.abandoned for row in rows),
        service_level=service_level(sum(row.answered_within for row in rows), offered, short),
        asa_s=sum(row.wait_s for row in rows) / answered if answered else None,
        aht_s=sum(row.handle_s for row in rows) / handled if handled else None,
        most_needed=max(needed, default=None),
    )


def _rows(day: date, minutes: int) -> list[IntervalRow]:
    here = services()
    start, end = span_of(day)
    with here.database.reading() as session:
        return interval_rows(session, here.policy(), start, end, minutes)


def _busy_span(rows: list[IntervalRow]) -> list[IntervalRow]:
    """From the first interval with a caller to the last; office hours on a day without any."""
    busy = [number for number, row in enumerate(rows) if row.offered]
    per_hour = 60 // rows[0].minutes
    first = min([*busy, 8 * per_hour])
    last = max([*busy, 17 * per_hour - 1])
    return rows[first : last + 1]


def _picture(rows: list[IntervalRow]) -> Picture:
    return draw([row.offered for row in rows], [row.load_erlang for row in rows], [row.agents_needed for row in rows])


def _minutes() -> int:
    text = request.args.get("minutes", str(HALF_HOUR))
    if text not in {str(length) for length in LENGTHS}:
        raise BadInput("There is no such interval length.", "Use 15 or 30.")
    return int(text)


def _queue() -> Queue:
    policy = services().policy()
    return policy.queue(request.args.get("queue", policy.names[0]))


def _rounded(value: float | None, digits: int) -> str:
    return "" if value is None else str(round(value, digits))
