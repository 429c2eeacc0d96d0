"""Asks the worker every minute to look for work that was lost or left: each look is cheap when there is none."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rq.exceptions import DuplicateJobError

from core.errors import Unavailable
from core.job_queue import job_queue
from core.log import get_log
from core.settings import Settings
from crm.merge_jobs import late_rows_job
from crm.offers.fitting import fit_offers_job
from crm.payment.jobs import settle_job
from cti.talks.jobs import bring_in_talks_job, forget_talks_job
from ivr.message_jobs import bring_in_job, forget_job, transcribe_job
from ivr.retention import forget_by_age_job
from ivr.speech_set_jobs import forget_speech_sets_job
from launch.due_follow_ups import remind_job
from launch.flow_press import take_up_left_job
from launch.left_callbacks import give_back_left_job

EVERY_S = 60.0
_FAILURE_KEPT_S = 60  # a job's id stays taken as long as it is kept

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class SweepJob:
    """A look for work, safe to repeat: `function(*args)`, at most one at a time."""

    id: str
    function: Callable[..., object]
    args: tuple[str, ...] = ()
    limit_s: int = 300


def sweep_jobs(settings: Settings) -> tuple[SweepJob, ...]:
    """All that this installation looks for every minute."""
    payments = (SweepJob("settle-payments", settle_job, (settings.payment_gateway,)),) if settings.payment_gateway else ()
    return (
        *payments,
        SweepJob("bring-in-messages", bring_in_job),
        SweepJob("give-back-callbacks", give_back_left_job),
        SweepJob("remind-of-follow-ups", remind_job),
        SweepJob("transcribe-recordings", transcribe_job, limit_s=600),
        SweepJob("forget-recordings", forget_job),
        SweepJob("bring-in-talks", bring_in_talks_job, limit_s=600),
        SweepJob("forget-talks", forget_talks_job),
        SweepJob("forget-by-age", forget_by_age_job),
        SweepJob("forget-speech-sets", forget_speech_sets_job),
        SweepJob("fit-offers", fit_offers_job, limit_s=600),
        SweepJob("move-late-rows", late_rows_job),
        SweepJob("publish-flows", take_up_left_job, limit_s=600),
    )


def enqueue_sweep(redis_url: str, jobs: Sequence[SweepJob]) -> list[str]:
    """Put the jobs into the job queue; returns the ids of those that were not waiting or running already.

    A Redis that does not answer is logged, and asked again at the next time.
    """
    put: list[str] = []
    try:
        with job_queue(redis_url) as queue:
            for job in jobs:
                try:
                    queue.enqueue_call(
                        job.function, args=job.args, timeout=job.limit_s, result_ttl=0, ttl=int(EVERY_S),
                        failure_ttl=_FAILURE_KEPT_S, job_id=job.id, unique=True,
                    )  # fmt: skip
                    put.append(job.id)
                except DuplicateJobError:
                    continue
    except Unavailable as problem:
        log.warning("nothing_swept", why=type(problem.__cause__).__name__)
    return put


class Sweep:
    """Asks again and again, on a thread that ends with the process. It holds no connection while the worker forks."""

    def __init__(
        self, redis_url: str, jobs: Sequence[SweepJob],
        enqueue: Callable[[str, Sequence[SweepJob]], object] = enqueue_sweep, every_s: float = EVERY_S,
    ) -> None:  # fmt: skip
        self._redis_url, self._jobs, self._enqueue, self._every_s = redis_url, jobs, enqueue, every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the end."""
        self._stopped.set()
        self._thread.join(10)

    def _run(self) -> None:
        while True:
            self._enqueue(self._redis_url, self._jobs)
            if self._stopped.wait(self._every_s):
                return
