"""The process that plays days otherwise: seconds each, for somebody who moves sliders; behind no search and no roster."""

import os
from importlib import import_module

import redis
from rq import Queue, Worker

from core.job_queue import WHAT_IF_JOB_QUEUE
from core.log import configure_logging
from core.settings import load_settings

_NICENESS = 5  # calls and pages go first


def main() -> None:
    """Work until told to stop. What a job needs is loaded before, once, so that none waits for it."""
    settings = load_settings()
    configure_logging("what-if")
    os.nice(_NICENESS)
    connection = redis.Redis.from_url(settings.redis_url)
    try:
        import_module("workforce.planning_jobs")
        Worker([Queue(WHAT_IF_JOB_QUEUE, connection=connection)], connection=connection).work()
    finally:
        connection.close()


if __name__ == "__main__":
    main()
