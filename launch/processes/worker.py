"""The worker process: does what can wait, job by job, from rq's job queue."""

import redis
from rq import Queue, Worker

from core.log import configure_logging
from core.settings import load_settings
from workforce.jobs import JOB_QUEUE


def main() -> None:
    """Work until told to stop. A job under way at SIGTERM is finished first."""
    settings = load_settings()
    configure_logging("worker")
    connection = redis.Redis.from_url(settings.redis_url)
    try:
        Worker([Queue(JOB_QUEUE, connection=connection)], connection=connection).work(with_scheduler=True)
    finally:
        connection.close()


if __name__ == "__main__":
    main()
