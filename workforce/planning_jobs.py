"""Forecasts, searches and what-if days as jobs; days played otherwise have a job queue and a process of their own."""

from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import redis
from rq import Queue as JobQueue
from rq.exceptions import DuplicateJobError

from core.clock import SystemClock
from core.database import Database
from core.errors import Unavailable
from core.job_queue import PLANNING_JOB_QUEUE, WHAT_IF_JOB_QUEUE
from core.settings import load_settings
from workforce.planning_runs import Kind, begin_again, fail
from workforce.planning_sources import Sources
from workforce.planning_work import work_on
from workforce.what_if_work import play

_TIME_LIMIT_S = 3600
_WAITS_AT_MOST_S = 24 * 3600
_FAILURE_KEPT_S = 1  # its id stays taken as long as it is kept, and what was killed is asked for again
KILLED = {"code": "killed", "message": "It was stopped from outside.", "next_step": "Ask for it again."}


def enqueue_run(connection: "redis.Redis", kind: Kind, run_id: int) -> None:
    """Ask for this run, once. Raises Unavailable when Redis does not answer."""
    name = WHAT_IF_JOB_QUEUE if kind is Kind.WHAT_IF else PLANNING_JOB_QUEUE
    try:
        with suppress(DuplicateJobError):
            JobQueue(name, connection=connection).enqueue_call(
                run_job, args=(kind.value, run_id), timeout=_TIME_LIMIT_S, result_ttl=0, ttl=_WAITS_AT_MOST_S,
                failure_ttl=_FAILURE_KEPT_S, job_id=f"planning-{run_id}", unique=True,
            )  # fmt: skip
    except redis.RedisError as problem:
        raise Unavailable("The job queue (Redis) does not answer.", "Run ./halo doctor.") from problem


def run_job(kind: str, run_id: int) -> str:
    """Do one run, on this process's own installation; returns how it ended. Safe to repeat."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        sources = Sources(database, ZoneInfo(settings.time_zone), settings.country, SystemClock())
        return play(run_id, sources) if kind == Kind.WHAT_IF else work_on(run_id, Kind(kind), sources)
    finally:
        database.dispose()


def killed(database: Database, job: Any) -> None:
    """The process that computed it was killed: it has failed, and can be asked for again."""
    with database.writing() as session:
        fail(session, job.args[1], KILLED, SystemClock().now())
        session.commit()


def put_back(database: Database, job: Any) -> None:
    """Its process is asked to end: it waits again, and begins anew when the process is back and somebody looks."""
    with database.writing() as session:
        begin_again(session, job.args[1])
        session.commit()
