import threading
from collections.abc import Sequence
from pathlib import Path

import redis
from rq import Queue

from core.job_queue import JOB_QUEUE
from core.settings import Settings
from crm.payment.jobs import settle_job
from launch.processes.sweep import Sweep, SweepJob, enqueue_sweep, sweep_jobs


def settings(gateway: str = "") -> Settings:
    return Settings(home=Path("/nowhere"), session_key="k" * 32, redis_password="p", ami_password="a", payment_gateway=gateway)  # type: ignore[arg-type]


def test_each_job_waits_once_however_often_it_is_asked_for(redis_url: str) -> None:
    jobs = sweep_jobs(settings("sandbox"))
    assert enqueue_sweep(redis_url, jobs) == [job.id for job in jobs]
    assert enqueue_sweep(redis_url, jobs) == []

    connection = redis.Redis.from_url(redis_url)
    waiting = {job.id: job for job in Queue(JOB_QUEUE, connection=connection).jobs}
    assert {name: (job.func, job.args) for name, job in waiting.items()} == {job.id: (job.function, job.args) for job in jobs}
    connection.close()


def test_one_that_waits_already_holds_up_no_other(redis_url: str) -> None:
    jobs = sweep_jobs(settings())
    assert enqueue_sweep(redis_url, jobs[:1]) == [jobs[0].id]
    assert enqueue_sweep(redis_url, jobs) == [job.id for job in jobs[1:]]


def test_payments_are_looked_after_only_where_cards_are_taken() -> None:
    assert settle_job not in [job.function for job in sweep_jobs(settings())]
    assert SweepJob("settle-payments", settle_job, ("sandbox",)) in sweep_jobs(settings("sandbox"))


def test_a_redis_that_is_away_ends_nothing() -> None:
    assert enqueue_sweep("redis://127.0.0.1:1/0", sweep_jobs(settings())) == []


def test_it_asks_at_once_and_again_and_again_until_it_is_stopped() -> None:
    asked: list[tuple[str, Sequence[SweepJob]]] = []
    third = threading.Event()
    jobs = sweep_jobs(settings())

    def enqueue(url: str, some: Sequence[SweepJob]) -> None:
        asked.append((url, some))
        if len(asked) == 3:
            third.set()

    sweep = Sweep("redis://…", jobs, enqueue, every_s=0.001)
    sweep.start()
    assert third.wait(10)
    sweep.stop()
    assert asked[0] == asked[-1] == ("redis://…", jobs)
    assert not any(thread.name == "sweep" for thread in threading.enumerate())
