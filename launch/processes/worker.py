"""The worker process: does what can wait, job by job, from rq's job queue."""

import redis
from rq import Queue, Worker

from core.clock import SystemClock
from core.job_queue import JOB_QUEUE
from core.log import configure_logging
from core.settings import load_settings
from core.twilio_settings import load_twilio
from cti.twilio.jobs import wake_sender
from launch.processes.sweep import Sweep, sweep_jobs


def main() -> None:
    """Work until told to stop. A job under way at SIGTERM is finished first."""
    settings = load_settings()
    configure_logging("worker")
    connection = redis.Redis.from_url(settings.redis_url)
    Sweep(settings.redis_url, sweep_jobs(settings)).start()
    try:
        if load_twilio(settings.home) is not None:
            wake_sender(settings.redis_url, SystemClock().now())  # what waited while no worker ran
        Worker([Queue(JOB_QUEUE, connection=connection)], connection=connection).work(with_scheduler=True)
    finally:
        connection.close()


if __name__ == "__main__":
    main()
