"""The process that computes forecasts, searches and rosters: one at a time, after everything else that this machine has to do."""

import os
from collections.abc import Callable, Sequence
from typing import Any

import redis
from rq import Queue, Worker

from core.database import Database
from core.job_queue import PLANNING_JOB_QUEUE, ROSTER_JOB_QUEUE
from core.log import configure_logging
from core.settings import Settings, load_settings
from workforce import planning_jobs, roster_jobs

_NICENESS = 10  # calls, pages and the other processes go first


class PlanningWorker(Worker):
    """Whoever ends it gets the roster under way with the best that was found until then; a forecast or a search begins anew when
    it runs again. What is killed is told as failed at once."""

    def __init__(self, settings: Settings, connection: "redis.Redis", names: Sequence[str]) -> None:
        """`names`: the job queues, what goes first at first."""
        self._settings = settings
        queues = [Queue(name, connection=connection) for name in names]
        super().__init__(queues, connection=connection, work_horse_killed_handler=self._horse_killed)

    def handle_warm_shutdown_request(self) -> None:
        """As rq calls it at SIGTERM, before it waits for the job."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        job = self.get_current_job()
        if job is not None:
            self._on_record(roster_jobs.stop_with_the_best if _is_roster(job) else planning_jobs.put_back, job)

    def _horse_killed(self, job: Any, *_how: object) -> None:
        self._on_record(roster_jobs.killed if _is_roster(job) else planning_jobs.killed, job)

    def _on_record(self, act: Callable[[Database, Any], None], job: Any) -> None:
        database = Database(self._settings.database)  # the process that computes has its own
        try:
            act(database, job)
        finally:
            database.dispose()


def work(name: str, niceness: int, job_queues: Sequence[str]) -> None:
    """Work until told to stop, as the process of this name."""
    settings = load_settings()
    configure_logging(name)
    os.nice(niceness)
    connection = redis.Redis.from_url(settings.redis_url)
    try:
        PlanningWorker(settings, connection, job_queues).work()
    finally:
        connection.close()


def main() -> None:
    """Forecasts and searches go before rosters that wait."""
    work("planning", _NICENESS, (PLANNING_JOB_QUEUE, ROSTER_JOB_QUEUE))


def _is_roster(job: Any) -> bool:
    return str(job.func_name).endswith(roster_jobs.roster_job.__name__)


if __name__ == "__main__":
    main()
