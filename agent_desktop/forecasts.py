"""The planner's forecasts: those that are kept, a new one, and one of them looked at queue by queue and day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.brought_history import spans_here
from agent_desktop.days import today_here, zone_here
from agent_desktop.forecast_picture import ForecastPicture, draw_expected
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import sources_here, tabs, written
from agent_desktop.planning_words import aside_words, because_words, method_words, problem_words, short_day
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from core.errors import NotFound
from workforce.because import Amiss
from workforce.forecast import Forecast, ForecastDay, ForecastRow
from workforce.forecast_methods import METHODS, NAIVE
from workforce.intervals import LENGTHS
from workforce.overrulings import Kept, kept_overrulings
from workforce.plan_files import write_forecast
from workforce.planning_forms import ASKED, KeptForecast
from workforce.planning_runs import Kind, State, find, newest, queues_of, state_of
from workforce.planning_sources import Asked
from workforce.planning_tables import PlanningRun
from workforce.planning_work import kept_forecast, kept_forecasts
from workforce.special_days import special_day_records

blueprint = Blueprint("forecasts", __name__, url_prefix="/planner/forecasts")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RunLine:
    """A forecast in the list. `last`: the last day that it is of."""

    run: PlanningRun
    state: State
    asked: Asked
    last: date
    problem: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """A day or an interval in the grid; `computed` before anybody overruled it, `kept` what was overruled and by whom."""

    key: str
    label: str
    callers: float
    low: float
    high: float
    computed: float
    aht_s: float | None
    because: str
    kept: Kept | None


@dataclass(frozen=True, eq=False)
class Shown:
    """One queue of a forecast, with a day of it chosen."""

    run: PlanningRun
    asked: Asked
    queue: str
    queues: Sequence[str]
    kept: KeptForecast
    day: date


@blueprint.get("")
@needs_role(*PLANNING_ROLES)
def page() -> ResponseReturnValue:
    here = services()
    with here.database.reading() as session:
        days = special_day_records(session)
    tomorrow = today_here() + timedelta(days=1)
    return render_template(
        "planning/forecasts.html",
        tabs=tabs(), lines=run_lines(), queues=here.policy().queues, language=language_here(), methods=METHODS, lengths=LENGTHS,
        method_words=method_words, first=tomorrow, special=days, today=today_here(), naive=NAIVE, history=spans_here(),
    )  # fmt: skip


@blueprint.get("/list")
@needs_role(*PLANNING_ROLES)
def listed() -> ResponseReturnValue:
    """The list alone, for a page that is open."""
    return render_template("planning/forecast_list.html", lines=run_lines())


@blueprint.get("/<int:run_id>")
@needs_role(*PLANNING_ROLES)
def result(run_id: int) -> ResponseReturnValue:
    shown = shown_of(run_id)
    found = shown.kept.forecast
    return render_template(
        "planning/forecast.html",
        tabs=tabs(), shown=shown, found=found, language=language_here(), policy=services().policy(), method_words=method_words,
        naive=NAIVE, today=today_here(), address=_address(shown),
        aside=[(day, aside_words(why), why.why is Amiss.LEFT_OUT) for day, why in found.aside.items()] if found else [],
        **(_drawn(shown, found) if found else {}),
    )  # fmt: skip


@blueprint.get("/<int:run_id>/pictures")
@needs_role(*PLANNING_ROLES)
def pictures(run_id: int) -> ResponseReturnValue:
    """The pictures alone, after a number was overruled."""
    shown = shown_of(run_id)
    found = shown.kept.forecast
    if found is None:
        raise NotFound("There is no picture of this queue.", "Choose another queue.")
    return render_template("planning/forecast_pictures.html", shown=shown, address=_address(shown), **_drawn(shown, found))


@blueprint.get("/<int:run_id>/table")
@needs_role(*PLANNING_ROLES)
def download(run_id: int) -> ResponseReturnValue:
    """Every queue and interval, as the commands write and read it."""
    rows = [row for found, _kept in kept_forecasts(sources_here(), run_id).values() for row in found.rows]
    return written(f"halo-forecast-{run_id}", lambda file: write_forecast(file, rows, zone_here()))


def run_lines() -> list[RunLine]:
    """The newest forecasts."""
    here = services()
    with here.database.reading() as session:
        runs = newest(session, Kind.FORECAST, _SHOWN)
    now, found = here.clock.now(), []
    for run in runs:
        asked = ASKED.read_fields(run.asked)
        problem = problem_words(run.problem) if run.state == State.FAILED else ""
        found.append(RunLine(run, state_of(run, now), asked, asked.first + timedelta(days=asked.days - 1), problem))
    return found


def shown_of(run_id: int, queue: str = "", day: date | None = None) -> Shown:
    """What the address asks for; the first queue and day unless it says. Raises NotFound."""
    with services().database.reading() as session:
        run = find(session, run_id, Kind.FORECAST)
        there = queues_of(session, run_id)
    if not there:
        raise NotFound("Nothing came of this forecast yet.", "Look at the list of forecasts.")
    order = [name for name in services().policy().names if name in there]
    queues = [*order, *sorted(set(there) - set(order))]
    chosen = queue or request.args.get("queue", queues[0])
    kept = kept_forecast(sources_here(), run_id, chosen)
    if kept is None:
        raise NotFound("This forecast has no such queue.", "Choose one that it has.")
    asked = ASKED.read_fields(run.asked)
    return Shown(run, asked, chosen, queues, kept, day or _day(asked))


def day_lines(found: Forecast, overruled: Sequence[Kept]) -> list[GridLine]:
    """The grid's days."""
    by_day = {each.overruling.day: each for each in overruled if each.overruling.number is None}
    computed = _computed_days(found)
    return [
        GridLine(
            each.day.isoformat(), short_day(each.day), each.callers, each.low, each.high, computed[each.day], None,
            because_words(each.because), by_day.get(each.day),
        )
        for each in found.days
    ]  # fmt: skip


def interval_lines(found: Forecast, day: date, overruled: Sequence[Kept]) -> list[GridLine]:
    """The grid's intervals of one day."""
    own = {each.overruling.number: each for each in overruled if each.overruling.day == day and each.overruling.number is not None}
    return [
        GridLine(
            f"{day.isoformat()}/{number}", _at(row.starts_at), row.callers, row.low, row.high, row.computed, row.aht_s, "",
            own.get(number),
        )
        for number, row in enumerate(rows_of(found, day))
    ]  # fmt: skip


def rows_of(found: Forecast, day: date) -> list[ForecastRow]:
    """The intervals of a day. Raises NotFound for a day that the forecast has not."""
    a_day = len(found.rows) // len(found.days)
    at = next((number for number, each in enumerate(found.days) if each.day == day), None)
    if at is None:
        raise NotFound("This forecast has no such day.", "Choose one that it has.")
    return list(found.rows[at * a_day : (at + 1) * a_day])


def overruled_of(shown: Shown) -> list[Kept]:
    """What planners overruled in the days of the queue that is shown."""
    days = [shown.asked.first, shown.asked.first + timedelta(days=shown.asked.days - 1)]
    with services().database.reading() as session:
        return kept_overrulings(session, shown.asked.minutes, shown.queue, days)


def _drawn(shown: Shown, found: Forecast) -> dict[str, Any]:
    overruled, rows = overruled_of(shown), rows_of(found, shown.day)
    return {
        "days": day_lines(found, overruled),
        "rows": interval_lines(found, shown.day, overruled),
        "day_picture": _days_picture(found.days),
        "picture": draw_expected([row.callers for row in rows], [row.low for row in rows], [row.high for row in rows]),
        "chosen": next(each for each in found.days if each.day == shown.day),
    }


def _days_picture(days: Sequence[ForecastDay]) -> ForecastPicture:
    return draw_expected([each.callers for each in days], [each.low for each in days], [each.high for each in days])


def _computed_days(found: Forecast) -> dict[date, float]:
    a_day = len(found.rows) // len(found.days)
    return {each.day: sum(row.computed for row in found.rows[at * a_day : (at + 1) * a_day]) for at, each in enumerate(found.days)}


def _day(asked: Asked) -> date:
    text = request.args.get("day", "")
    try:
        return date.fromisoformat(text) if text else asked.first
    except ValueError:
        raise NotFound("This forecast has no such day.", "Choose one that it has.") from None


def _at(moment: datetime) -> str:
    return moment.astimezone(zone_here()).strftime("%H:%M")


def _address(shown: Shown) -> Any:
    def address(**other: Any) -> str:
        """This page with something else chosen."""
        chosen_now: dict[str, Any] = {"run_id": shown.run.id, "queue": shown.queue, "day": shown.day}
        return url_for("forecasts.result", **(chosen_now | other))

    return address
