import threading

import redis
from rq import Queue

from crm.payment.jobs import settle_job
from launch.processes.payment_sweep import JOB_ID, PaymentSweep, enqueue_settling
from workforce.jobs import JOB_QUEUE


def test_the_job_waits_once_however_often_it_is_asked_for(redis_url: str) -> None:
    assert enqueue_settling(redis_url, "sandbox")
    assert not enqueue_settling(redis_url, "sandbox")

    connection = redis.Redis.from_url(redis_url)
    (job,) = Queue(JOB_QUEUE, connection=connection).jobs
    assert (job.id, job.func, job.args) == (JOB_ID, settle_job, ("sandbox",))
    connection.close()


def test_a_redis_that_is_away_ends_nothing() -> None:
    assert not enqueue_settling("redis://127.0.0.1:1/0", "sandbox")


def test_it_asks_at_once_and_again_and_again_until_it_is_stopped() -> None:
    asked: list[str] = []
    third = threading.Event()

    def enqueue(url: str, gateway: str) -> None:
        asked.append(f"{url} {gateway}")
        if len(asked) == 3:
            third.set()

    sweep = PaymentSweep("redis://…", "sandbox", enqueue, every_s=0.001)
    sweep.start()
    assert third.wait(10)
    sweep.stop()
    before = len(asked)
    assert set(asked) == {"redis://… sandbox"}
    assert not any(thread.name == "payment-sweep" for thread in threading.enumerate())
    assert len(asked) == before
