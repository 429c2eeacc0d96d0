"""The process that solves rosters: one at a time, after everything else that this machine has to do."""

import os

import redis
from rq import Queue, Worker

from core.database import Database
from core.job_queue import ROSTER_JOB_QUEUE
from core.log import configure_logging
from core.settings import load_settings
from workforce.roster_jobs import killed

_NICENESS = 10  # calls, pages and the other worker go first


def main() -> None:
    """Work until told to stop. A roster whose solver is killed is told as failed at once."""
    settings = load_settings()
    configure_logging("rosters")
    os.nice(_NICENESS)
    connection = redis.Redis.from_url(settings.redis_url)

    def solver_killed(job: object, *_how: object) -> None:
        database = Database(settings.database)
        try:
            killed(database, job)
        finally:
            database.dispose()

    try:
        queue = Queue(ROSTER_JOB_QUEUE, connection=connection)
        Worker([queue], connection=connection, work_horse_killed_handler=solver_killed).work()
    finally:
        connection.close()


if __name__ == "__main__":
    main()
