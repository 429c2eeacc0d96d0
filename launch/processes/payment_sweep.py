"""Asks the worker every minute to settle card payments whose result never came: a look-up when there are none."""

import threading
from collections.abc import Callable

import redis
from rq import Queue
from rq.exceptions import DuplicateJobError

from core.log import get_log
from crm.payment.jobs import settle_job
from workforce.jobs import JOB_QUEUE

JOB_ID = "settle-payments"
EVERY_S = 60.0
_TIME_LIMIT_S = 300
_FAILURE_KEPT_S = 60  # a job's id stays taken as long as it is kept

log = get_log(__name__)


def enqueue_settling(redis_url: str, gateway: str) -> bool:
    """Put the job into the job queue; False when it waits or runs already, or Redis does not answer."""
    connection = redis.Redis.from_url(redis_url)
    try:
        Queue(JOB_QUEUE, connection=connection).enqueue_call(
            settle_job,
            args=(gateway,),
            timeout=_TIME_LIMIT_S,
            result_ttl=0,
            ttl=int(EVERY_S),
            failure_ttl=_FAILURE_KEPT_S,
            job_id=JOB_ID,
            unique=True,
        )
    except DuplicateJobError:
        return False
    except redis.RedisError as problem:
        log.warning("payments_not_swept", why=type(problem).__name__)
        return False
    finally:
        connection.close()
    return True


class PaymentSweep:
    """Asks again and again, on a thread that ends with the process. It holds no connection while the worker forks."""

    def __init__(
        self, redis_url: str, gateway: str, enqueue: Callable[[str, str], object] = enqueue_settling, every_s: float = EVERY_S
    ) -> None:
        self._redis_url, self._gateway, self._enqueue, self._every_s = redis_url, gateway, enqueue, every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="payment-sweep", daemon=True)

    def start(self) -> None:
        """Begin at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the end."""
        self._stopped.set()
        self._thread.join(10)

    def _run(self) -> None:
        while True:
            self._enqueue(self._redis_url, self._gateway)
            if self._stopped.wait(self._every_s):
                return
