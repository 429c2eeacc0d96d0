"""Weeks of callers by a rule that tests know, kept as the roll-up keeps them; and a worker that works at once."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import insert

from core.clock import Clock
from core.database import Database
from workforce.interval_stats import IntervalStat
from workforce.planning_runs import Kind, State, newest
from workforce.planning_sources import Sources
from workforce.planning_work import work_on
from workforce.what_if_work import play

JAKARTA = ZoneInfo("Asia/Jakarta")
WEEK = (1.2, 1.1, 1.0, 1.0, 1.0, 0.6, 0.4)
DAY = np.array([0.0] * 16 + [2, 4, 6, 6, 5, 4, 4, 5, 5, 4, 3, 3, 2, 2, 1, 1] + [0.0] * 16)
AHT_S = 240.0


def fill_history(
    database: Database, last: date, days: int = 84, means: Mapping[str, float] | None = None, amiss: date | None = None,
    shape: "np.ndarray[tuple[int], np.dtype[np.float64]]" = DAY,
) -> None:  # fmt: skip
    """Half hours of the days up to `last`, spread as `shape` has them; on `amiss` five times as many came."""
    chance, rows = np.random.default_rng(4), []
    for queue, mean in (means or {"sales": 400.0, "billing": 250.0}).items():
        for back in range(days):
            day = last - timedelta(days=back)
            expected = mean * WEEK[day.weekday()] * shape / shape.sum() * (5 if day == amiss else 1)
            for number, offered in enumerate(chance.poisson(expected).tolist()):
                starts_at = datetime.combine(day, time(number // 2, number % 2 * 30), JAKARTA)
                rows.append({
                    "queue": queue, "starts_at": starts_at, "minutes": 30, "offered": offered, "answered": offered, "abandoned": 0,
                    "short_abandons": 0, "answered_within": offered, "answer_within_s": 20.0, "wait_s": 5.0 * offered,
                    "handled": offered, "handle_s": AHT_S * offered,
                })  # fmt: skip
    with database.writing() as session:
        session.execute(insert(IntervalStat), rows)
        session.commit()


def expected_on(day: date, mean: float = 400.0) -> float:
    """What such a day has on average."""
    return mean * WEEK[day.weekday()]


def work(database: Database, clock: Clock, kind: Kind = Kind.FORECAST) -> list[State]:
    """Do what waits, as the processes do; the oldest first."""
    sources = Sources(database, JAKARTA, "", clock)
    with database.reading() as session:
        waiting = [run.id for run in reversed(newest(session, kind)) if run.state == State.WAITING]
    return [play(run_id, sources) if kind is Kind.WHAT_IF else work_on(run_id, kind, sources) for run_id in waiting]
