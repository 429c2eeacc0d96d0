"""The process that solves rosters: one at a time, after everything else that this machine has to do."""

import os
from collections.abc import Callable
from typing import Any

import redis
from rq import Queue, Worker

from core.database import Database
from core.job_queue import ROSTER_JOB_QUEUE
from core.log import configure_logging
from core.settings import Settings, load_settings
from workforce.roster_jobs import killed, stop_with_the_best

_NICENESS = 10  # calls, pages and the other worker go first


class RosterWorker(Worker):
    """Whoever ends it gets the roster under way with the best that was found until then."""

    def __init__(self, settings: Settings, connection: "redis.Redis") -> None:
        self._settings = settings
        queue = Queue(ROSTER_JOB_QUEUE, connection=connection)
        super().__init__([queue], connection=connection, work_horse_killed_handler=self._solver_killed)

    def handle_warm_shutdown_request(self) -> None:
        """As rq calls it at SIGTERM, before it waits for the job."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        job = self.get_current_job()
        if job is not None:
            self._on_record(stop_with_the_best, job)

    def _solver_killed(self, job: Any, *_how: object) -> None:
        self._on_record(killed, job)

    def _on_record(self, act: Callable[[Database, Any], None], job: Any) -> None:
        database = Database(self._settings.database)  # the solver's process has its own
        try:
            act(database, job)
        finally:
            database.dispose()


def main() -> None:
    """Work until told to stop. A roster whose solver is killed is told as failed at once."""
    settings = load_settings()
    configure_logging("rosters")
    os.nice(_NICENESS)
    connection = redis.Redis.from_url(settings.redis_url)
    try:
        RosterWorker(settings, connection).work()
    finally:
        connection.close()


if __name__ == "__main__":
    main()
