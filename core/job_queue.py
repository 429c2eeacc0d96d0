"""The worker's job queue: how everything that can wait is handed to it."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis
from rq import Queue as JobQueue

from core.errors import Unavailable

JOB_QUEUE = "halo"
PLANNING_JOB_QUEUE = "halo-planning"
ROSTER_JOB_QUEUE = "halo-rosters"
"""Forecasts and searches, and rosters: minutes each, by a process of their own. What callers wait for is done meanwhile."""
WHAT_IF_JOB_QUEUE = "halo-what-if"
"""Days played otherwise: seconds each, and somebody looks at the page until it is there."""


@contextmanager
def job_queue(redis_url: str) -> Iterator[JobQueue]:
    """The job queue that the worker listens on, for as long as the block runs; its connection is closed afterwards.

    Raises Unavailable when Redis does not answer, then or within the block.
    """
    connection = redis.Redis.from_url(redis_url)
    try:
        yield JobQueue(JOB_QUEUE, connection=connection)
    except redis.RedisError as problem:
        raise Unavailable("The job queue (Redis) does not answer.", "Run ./halo doctor.") from problem
    finally:
        connection.close()
