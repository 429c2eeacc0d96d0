"""A forecast held against what came: of days past, and of today with what is still to come seen from what came so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import day_asked, span_of, today_here, zone_here
from agent_desktop.forecast_picture import draw_held
from agent_desktop.forecasts import rows_of
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import sources_here, tabs
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from routing.policy import Queue
from workforce.day_outlook import runs_for
from workforce.forecast import Forecast, ForecastRow
from workforce.interval_row import IntervalRow
from workforce.intervals import interval_rows
from workforce.planning_tables import PlanningRun
from workforce.planning_work import kept_forecast
from workforce.reforecast import Reforecast, reforecast

blueprint = Blueprint("forecast_held", __name__)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """An interval: what was expected, what came (None: not over), and what is expected by now (None: over)."""

    expected: ForecastRow
    came: int | None
    by_now: float | None

    @property
    def outside(self) -> bool:
        """Whether what came lies outside the band."""
        return self.came is not None and not self.expected.low <= self.came <= self.expected.high


@dataclass(frozen=True, eq=False)
class Held:
    """A day of a queue held against what came. `wape` is of the intervals that are over; None: nobody came in them."""

    run: PlanningRun
    lines: Sequence[HeldLine]
    seen: Reforecast
    over: int
    expected: float
    expected_so_far: float
    came: int
    wape: float | None

    @property
    def by_now(self) -> float:
        """What the day is expected to end with, seen from now."""
        return sum(self.seen.callers)


@blueprint.get("/planner/held")
@needs_role(*PLANNING_ROLES)
def page() -> ResponseReturnValue:
    day, queue, today = day_asked(), _queue(), today_here()
    run = _run_for(day, queue.name)
    kept = kept_forecast(sources_here(), run.id, queue.name) if run else None
    content: dict[str, Any] = {"held": None}
    if run is not None and kept is not None and kept.forecast is not None:
        held = held_against(run, kept.forecast, day)
        lines = held.lines
        content = {"held": held, "picture": draw_held(
            [line.came or 0 for line in lines[: held.over]], [line.expected.callers for line in lines],
            [line.expected.low for line in lines], [line.expected.high for line in lines],
            [line.by_now or 0.0 for line in lines[held.over :]] if held.over else [],
        )}  # fmt: skip

    def address(**other: Any) -> str:
        """This page with something else chosen."""
        chosen_now: dict[str, Any] = {"day": day, "queue": queue.name}
        return url_for("forecast_held.page", **(chosen_now | other))

    return render_template(
        "planning/held.html",
        tabs=tabs(), address=address, day=day, today=today, earlier=day - timedelta(days=1),
        later=day + timedelta(days=1) if day < today else None, queues=services().policy().queues, chosen=queue,
        language=language_here(), zone=zone_here(), **content,
    )  # fmt: skip


def held_against(run: PlanningRun, found: Forecast, day: date) -> Held:
    """The day as it came so far, interval by interval."""
    here, rows = services(), rows_of(found, day)
    start, end = span_of(day)
    with here.database.reading() as session:
        there = interval_rows(session, here.policy(), start, end, rows[0].minutes)
    came = came_of([row for row in there if row.queue == found.queue], rows, here.clock.now())
    expected = [row.callers for row in rows]
    seen = reforecast(expected, came, found.tested.goes_on)
    lines = [
        HeldLine(row, came[at] if at < len(came) else None, None if at < len(came) else seen.callers[at])
        for at, row in enumerate(rows)
    ]
    total = sum(came)
    missed = sum(abs(row.callers - each) for row, each in zip(rows, came, strict=False))
    return Held(
        run, lines, seen, len(came), sum(expected), sum(expected[: len(came)]), total, missed / total if total else None
    )  # fmt: skip


def came_of(there: Sequence[IntervalRow], rows: Sequence[ForecastRow], now: datetime) -> list[int]:
    """What came in each interval that is over."""
    offered = {row.starts_at: row.offered for row in there}
    return [offered.get(row.starts_at, 0) for row in rows if row.starts_at + timedelta(minutes=row.minutes) <= now]


def _run_for(day: date, queue: str) -> PlanningRun | None:
    """The newest forecast of this day that was made before it; else the first that was made of it later."""
    start, _end = span_of(day)
    with services().database.reading() as session:
        return runs_for(session, day, start).get(queue)


def _queue() -> Queue:
    policy = services().policy()
    return policy.queue(request.args.get("queue", policy.names[0]))
