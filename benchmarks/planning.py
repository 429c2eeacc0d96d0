"""A large center planned: forecasts of all queues as the worker makes them, staffing, one interval over skills by simulation."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import insert

from benchmarks.report import Report
from core.clock import VirtualClock, stopwatch_s
from core.database import Database
from core.ids import new_id
from crm.contact_history import Interaction, Outcome
from launch.schema import upgrade
from routing.agents import AgentRecord, AgentSkill
from routing.policy import Policy
from workforce.interval_stats import IntervalStat
from workforce.planning_forms import ASKED, SEARCH, SEARCH_ASKED, SearchAsked
from workforce.planning_runs import Kind, State, place, results
from workforce.planning_sources import Asked, Sources
from workforce.planning_work import kept_forecasts, work_on
from workforce.staff_plans import keep_plan
from workforce.staffing import Wishes, staffed

_ZONE = ZoneInfo("Asia/Jakarta")
_FIRST = date(2026, 3, 2)
_WEEK = (1.2, 1.1, 1.0, 1.0, 1.0, 0.6, 0.4)
_DAY = np.array([0.2] * 14 + [3, 5, 7, 8, 8, 7, 6, 6, 7, 7, 6, 5, 4, 3, 3, 2] + [0.5] * 18)
_AHT_S, _PATIENCE_S, _WAIT_S = 300.0, 120.0, 12.0
_PEAK_SHARE = 0.55  # of the agents are busy in the busiest half hour


def measure(report: Report, agents: int, queues: int, days: int, history_days: int, waits_days: int) -> None:
    """Fill the report."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'halo.db'}"
        upgrade(url)
        database = Database(url)
        try:
            _measure(report, database, agents, queues, days, history_days, waits_days)
        finally:
            database.dispose()


def _measure(
    report: Report, database: Database, agents: int, queues: int, days: int, history_days: int, waits_days: int
) -> None:  # fmt: skip
    names = [f"queue{number}" for number in range(queues)]
    a_day = _PEAK_SHARE * agents / queues / _AHT_S * 1800 * _DAY.sum() / _DAY.max() / max(_WEEK)
    _fill(database, names, a_day, history_days, waits_days, agents)
    clock = VirtualClock(datetime.combine(_FIRST, time(), _ZONE))
    sources = Sources(database, _ZONE, "ID", clock)
    sources.policy = _policy(names)
    table = report.table(f"{agents} agents, {queues} queues, {days} days by half hours", "what", "s")

    began_s = stopwatch_s()
    run = _run(database, clock, Kind.FORECAST, ASKED.fields(Asked((), _FIRST, days, 30)))
    ended = work_on(run, Kind.FORECAST, sources)
    forecast_s = stopwatch_s() - began_s
    table.add(f"forecast of all queues from {history_days} days, with the back-test, patience and keeping it", f"{forecast_s:.1f}")

    began_s = stopwatch_s()
    kept = kept_forecasts(sources, run)
    rows = [row for found, _kept in kept.values() for row in found.rows]
    wishes = Wishes(shrinkage=0.3)
    need = staffed(sources.policy, rows, wishes, lambda queue: kept[queue][1].patience)
    with database.writing() as session:
        keep_plan(session, "plan", need, wishes, _ZONE, "benchmark", clock.now())
        session.commit()
    staff_s = stopwatch_s() - began_s
    table.add(f"staffing of {len(rows)} intervals by Erlang A, and keeping the plan", f"{staff_s:.1f}")

    busiest = max(rows, key=lambda row: row.callers).starts_at
    began_s = stopwatch_s()
    search = _run(database, clock, Kind.SEARCH, SEARCH_ASKED.fields(SearchAsked(run, busiest.isoformat(), wishes)))
    searched = work_on(search, Kind.SEARCH, sources)
    search_s = stopwatch_s() - began_s
    table.add("the busiest interval over skills, by simulation", f"{search_s:.1f}")
    if (ended, searched) != (State.DONE, State.DONE):
        raise RuntimeError(f"forecast {ended}, search {searched}")
    with database.reading() as session:
        found = SEARCH.read(results(session, search)[""]).found
    report.remarks += [
        f"simulation: {sum(found.agents.values())} agents, each queue for itself {found.alone}; {found.tried} staffings tried",
        f"callers: {a_day:.0f} a day in each queue; patience from {waits_days} days of single calls; SQLite",
    ]
    report.figures |= {"forecast_s": forecast_s, "staff_s": staff_s, "search_s": search_s, "tried": found.tried}


def _run(database: Database, clock: VirtualClock, kind: Kind, asked: Mapping[str, Any]) -> int:
    with database.writing() as session:
        run = place(session, kind, "benchmark", asked, "benchmark", clock.now())
        session.commit()
    return run.id


def _policy(names: list[str]) -> Policy:
    return Policy.model_validate({
        "queues": [
            {
                "name": name, "label": {"id": name, "en": name}, "needs": [{"skill": f"skill{number}"}], "answer_within_s": 20,
                "service_target": 0.8, "short_abandon_s": 5,
            }
            for number, name in enumerate(names)
        ],
        "fallback": names[0],
    })  # fmt: skip


def _fill(database: Database, names: list[str], a_day: float, history_days: int, waits_days: int, agents: int) -> None:
    """History by half hours; single calls for patience; agents with two skills each, neighbours' queues."""
    chance = np.random.default_rng(9)
    with database.writing() as session:
        session.add_all(
            AgentRecord(
                id=f"{number:05}", name=f"Agent {number}", phone_secret="s",
                skills=[AgentSkill(skill=f"skill{each}", proficiency=3)
                        for each in {number % len(names), (number + 1) % len(names)}],
            )
            for number in range(agents)
        )  # fmt: skip
        session.commit()
    for back in range(1, history_days + 1):
        day = _FIRST - timedelta(days=back)
        stats, calls = [], []
        for name in names:
            counts = chance.poisson(a_day * _WEEK[day.weekday()] * _DAY / _DAY.sum()).tolist()
            for number, offered in enumerate(counts):
                at = datetime.combine(day, time(number // 2, number % 2 * 30), _ZONE)
                stats.append({
                    "queue": name, "starts_at": at, "minutes": 30, "offered": offered, "answered": offered, "abandoned": 0,
                    "short_abandons": 0, "answered_within": offered, "answer_within_s": 20.0, "wait_s": 5.0 * offered,
                    "handled": offered, "handle_s": _AHT_S * offered,
                })  # fmt: skip
                if back <= waits_days:
                    waits, patience = (chance.exponential(mean_s, offered).tolist() for mean_s in (_WAIT_S, _PATIENCE_S))
                    calls += [_call(name, at, *pair) for pair in zip(waits, patience, strict=True)]
        with database.writing() as session:
            session.execute(insert(IntervalStat), stats)
            if calls:
                session.execute(insert(Interaction), calls)
            session.commit()


def _call(queue: str, at: datetime, wait_s: float, patience_s: float) -> dict[str, object]:
    gone = patience_s < wait_s
    over = at + timedelta(seconds=min(wait_s, patience_s))
    return {
        "id": new_id(), "queue": queue, "started_at": at, "offered_at": at, "answered_at": None if gone else over,
        "ended_at": over if gone else over + timedelta(seconds=_AHT_S),
        "outcome": Outcome.ABANDONED if gone else Outcome.ANSWERED,
    }  # fmt: skip
