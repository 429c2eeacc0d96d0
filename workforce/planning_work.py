"""What the worker does for planners: forecasts of all queues, and searches over skills; progress is told, a cancel is heeded."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core.errors import BadInput, HaloError
from core.log import get_log
from workforce.back_test import TooShort
from workforce.forecast import Forecast, overruled
from workforce.mean_patience import MeanPatience
from workforce.overruling import Overruling
from workforce.planning_forms import ASKED, FORECAST, SEARCH, SEARCH_ASKED, KeptForecast, KeptSearch, SearchAsked
from workforce.planning_runs import Cancelled, Kind, Progress, State, find, results
from workforce.planning_sources import Asked, Brought, Sources
from workforce.skill_groups import skill_groups
from workforce.staff_search import search
from workforce.staffing import PATIENCE_DAYS, demands, staffed

_PARTS = 100
_USUAL_TRIALS = 60
_log = get_log(__name__)


def work_on(run_id: int, kind: Kind, sources: Sources, brought: Brought | None = None) -> State:
    """Do a forecast or a search to its end; as `carry_out`."""

    def contents(asked: Any, progress: Progress) -> Mapping[str, str]:
        if kind is Kind.FORECAST:
            return _forecasts(ASKED.read_fields(asked), sources, brought or Brought(), progress)
        return _search(SEARCH_ASKED.read_fields(asked), sources, progress)

    return carry_out(run_id, kind, sources, contents)


def carry_out(run_id: int, kind: Kind, sources: Sources, contents: Callable[[Any, Progress], Mapping[str, str]]) -> State:
    """Do one run to its end and keep what came of it; returns how it ended. Does nothing with one that is not waiting."""
    with sources.database.reading() as session:
        run = find(session, run_id, kind)
        state, asked = State(run.state), run.asked
    progress = Progress(sources.database, run_id)
    if not progress.begin(sources.clock.now()):
        return state
    try:
        found = contents(asked, progress)
    except Cancelled:
        return State.CANCELLED
    except HaloError as problem:
        _log.warning("planning_failed", kind=kind, why=problem.code)
        fields = {"code": problem.code, "message": problem.message, "next_step": problem.next_step}
        progress.end(sources.clock.now(), State.FAILED, {}, fields)
        return State.FAILED
    except Exception as problem:
        _log.exception("planning_failed", kind=kind)
        progress.end(sources.clock.now(), State.FAILED, {}, {"code": "server", "message": type(problem).__name__, "next_step": ""})
        return State.FAILED
    progress.end(sources.clock.now(), State.DONE, found, {})
    return State.DONE


def kept_forecast(sources: Sources, run_id: int, queue: str) -> KeptForecast | None:
    """A queue of a forecast as it is now: overruled by what is kept. None: the forecast has not this queue."""
    with sources.database.reading() as session:
        content = results(session, run_id, [queue]).get(queue)
        asked = ASKED.read_fields(find(session, run_id, Kind.FORECAST).asked)
    if content is None:
        return None
    kept = FORECAST.read(content)
    if kept.forecast is None:
        return kept
    return KeptForecast(overruled(kept.forecast, sources.overrulings(asked.minutes)), kept.patience)


def kept_forecasts(
    sources: Sources, run_id: int, brought: Sequence[Overruling] = ()
) -> dict[str, tuple[Forecast, KeptForecast]]:  # fmt: skip
    """All queues of a forecast that have one, each overruled by what is kept and brought, and as it was kept."""
    with sources.database.reading() as session:
        contents = results(session, run_id)
        asked = ASKED.read_fields(find(session, run_id, Kind.FORECAST).asked)
    known, found = sources.overrulings(asked.minutes, brought), {}
    for queue, content in contents.items():
        kept = FORECAST.read(content)
        if kept.forecast is not None:
            found[queue] = overruled(kept.forecast, known), kept
    order = {name: number for number, name in enumerate(sources.policy.names)}
    return dict(sorted(found.items(), key=lambda one: order.get(one[0], len(order))))


def _forecasts(asked: Asked, sources: Sources, brought: Brought, progress: Progress) -> dict[str, str]:
    now = sources.clock.now
    progress.tell(now(), 0, _PARTS, "reading", at_once=True)
    histories = sources.histories(asked, brought, lambda done, of: progress.tell(now(), 0, _PARTS, "reading"))
    calendar, of = sources.calendar(asked.country, brought.special_days), _PARTS * (len(histories) + 1)
    contents = {}
    for number, (queue, history) in enumerate(histories.items(), 1):
        begins = number * _PARTS
        progress.tell(now(), begins, of, "testing", queue, at_once=True)

        def tell(done: int, steps: int, begins: int = begins, queue: str = queue) -> None:
            progress.tell(now(), begins + done * (_PARTS - 10) // steps, of, "testing", queue)

        try:
            computed = sources.computed(asked, history, calendar, tell)
        except TooShort as problem:
            contents[queue] = FORECAST.write(KeptForecast(None, None, problem.days, problem.needed))
            continue
        progress.tell(now(), begins + _PARTS - 10, of, "patience", queue)
        patience = None
        if queue in sources.policy.names:
            patience = sources.patience(queue, _no_later(sources, asked.first), PATIENCE_DAYS)
        contents[queue] = FORECAST.write(KeptForecast(computed, patience))
    return contents


def _no_later(sources: Sources, day: date) -> date:
    """Patience is of the days before the forecast, and of no day that has not been."""
    return min(day, sources.clock.now().astimezone(sources.zone).date())


def _search(asked: SearchAsked, sources: Sources, progress: Progress) -> dict[str, str]:
    now = sources.clock.now
    progress.tell(now(), 0, _USUAL_TRIALS, "reading", at_once=True)
    forecasts = kept_forecasts(sources, asked.forecast)
    moment = datetime.fromisoformat(asked.starts_at)
    rows = [row for found, _ in forecasts.values() for row in found.rows if row.starts_at == moment]
    if not rows:
        raise BadInput(f"No interval of the forecast begins at {asked.starts_at}.", "Choose one that it has.")

    def tell(tried: int, _what: str) -> None:
        progress.tell(now(), min(tried, _USUAL_TRIALS - 1), _USUAL_TRIALS, "trying")

    def patience_of(queue: str) -> MeanPatience | None:
        return forecasts[queue][1].patience

    needed = [row for each in staffed(sources.policy, rows, asked.wishes, patience_of).values() for row in each]
    alone = {row.queue: row.agents for row in needed}
    comes = demands(sources.policy, needed, asked.wishes, patience_of)
    found = search(sources.policy, comes, skill_groups(sources.agents()), alone, tell=tell)
    return {"": SEARCH.write(KeptSearch(found, alone))}
