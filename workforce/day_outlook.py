"""A day as it is seen by now: the forecast of each queue, what came so far, and the agents that what is to come needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from workforce.day_adherence import bounds
from workforce.forecast import Forecast, ForecastRow
from workforce.intervals import interval_rows
from workforce.mean_patience import MeanPatience
from workforce.planning_forms import ASKED
from workforce.planning_runs import Kind, State, newest, queues_of
from workforce.planning_sources import Sources
from workforce.planning_tables import PlanningRun
from workforce.planning_work import kept_forecasts
from workforce.reforecast import Reforecast, reforecast
from workforce.staff_need import StaffRow
from workforce.staffing import Wishes, learned, queue_plan, staffed


@dataclass(frozen=True, eq=False)
class QueueOutlook:
    """A queue's day. `rows`: as it was forecast, with a handling time in each; `came` in the intervals that are over; `needed` by
    what is expected by now. `patience_s` infinite: nobody gives up."""

    queue: str
    rows: Sequence[ForecastRow]
    came: Sequence[int]
    seen: Reforecast
    needed: Sequence[StaffRow]
    patience_s: float
    target: float


def runs_for(session: Session, day: date, day_begins: datetime) -> dict[str, PlanningRun]:
    """By queue the newest forecast of this day that was made before it; else the first that was made of it later."""
    found: dict[str, list[PlanningRun]] = {}
    for run in newest(session, Kind.FORECAST):
        asked = ASKED.read_fields(run.asked)
        if run.state == State.DONE and asked.first <= day < asked.first + timedelta(days=asked.days):
            for queue in queues_of(session, run.id):
                found.setdefault(queue, []).append(run)
    return {
        queue: next((run for run in runs if run.at < day_begins), runs[-1]) for queue, runs in found.items()
    }  # fmt: skip


def outlook(sources: Sources, day: date, now: datetime) -> dict[str, QueueOutlook]:
    """By queue, in the policy's order; all by intervals of one length. Left out are queues without a forecast of the day, and those
    of whose handling nothing is known."""
    start, end = bounds(day, sources.zone)
    with sources.database.reading() as session:
        runs = runs_for(session, day, start)
    kept = {run.id: kept_forecasts(sources, run.id) for run in runs.values()}
    days = {queue: kept[run.id][queue] for queue, run in runs.items() if queue in kept[run.id] and queue in sources.policy.names}
    rows = {queue: with_aht(day_rows(found, day, start, end)) for queue, (found, _kept) in days.items()}
    minutes = max((own[0].minutes for own in rows.values() if own), default=30)
    with sources.database.reading() as session:
        there = interval_rows(session, sources.policy, start, end, minutes)
    offered = {(row.queue, row.starts_at): row.offered for row in there}
    found: dict[str, QueueOutlook] = {}
    for queue in sources.policy.names:
        if not rows.get(queue):
            continue
        own = coarser(rows[queue], minutes)
        over = sum(row.starts_at + timedelta(minutes=minutes) <= now for row in own)
        came = [offered.get((queue, row.starts_at), 0) for row in own[:over]]
        forecast, as_kept = days[queue]
        found[queue] = seen_by_now(sources, queue, own, came, forecast.tested.goes_on, as_kept.patience)
    return found


def seen_by_now(
    sources: Sources, queue: str, rows: Sequence[ForecastRow], came: Sequence[int], goes_on: Sequence[float],
    patience: MeanPatience | None,
) -> QueueOutlook:  # fmt: skip
    """What is expected by now, and what that needs by the policy's target."""
    shares = goes_on if len(goes_on) == len(rows) + 1 else ()
    seen = reforecast([row.callers for row in rows], list(came), shares)
    now_rows = [replace(row, callers=callers) for row, callers in zip(rows, seen.callers, strict=True)]
    wishes = Wishes()
    needed = staffed(sources.policy, now_rows, wishes, lambda _queue: patience)[queue]
    plan = queue_plan(sources.policy, queue, wishes, learned(wishes, patience))
    return QueueOutlook(queue, rows, came, seen, needed, plan.patience_s, sources.policy.queue(queue).service_target)


def day_rows(found: Forecast, day: date, start: datetime, end: datetime) -> list[ForecastRow]:
    """The intervals of a day; none for one that the forecast has not."""
    return [row for row in found.rows if start <= row.starts_at < end] if any(each.day == day for each in found.days) else []


def with_aht(rows: Sequence[ForecastRow]) -> list[ForecastRow]:
    """Where nothing is known of an interval's handling, the day's mean counts; no row where nothing is known of any."""
    known = [(row.callers, row.aht_s) for row in rows if row.aht_s is not None]
    weight = sum(callers for callers, _aht_s in known)
    if not weight:
        return []
    mean_s = sum(callers * aht_s for callers, aht_s in known) / weight
    return [row if row.aht_s is not None else replace(row, aht_s=mean_s) for row in rows]


def coarser(rows: Sequence[ForecastRow], minutes: int) -> list[ForecastRow]:
    """The same by longer intervals, of a multiple of their length."""
    each = minutes // rows[0].minutes
    found = []
    for at in range(0, len(rows), each):
        part = rows[at : at + each]
        callers = sum(row.callers for row in part)
        load_s = sum(row.callers * (row.aht_s or 0) for row in part)
        found.append(replace(
            part[0], minutes=minutes, callers=callers, low=sum(row.low for row in part), high=sum(row.high for row in part),
            computed=sum(row.computed for row in part), aht_s=load_s / callers if callers else part[0].aht_s,
        ))  # fmt: skip
    return found


def intervals_of(found: Mapping[str, QueueOutlook]) -> tuple[list[datetime], int]:
    """When the intervals of the day begin, and how many minutes each is long; ([], 30) without a queue."""
    rows = next((each.rows for each in found.values()), ())
    return [row.starts_at for row in rows], rows[0].minutes if rows else 30
