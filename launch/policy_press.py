"""The policy's pages on this installation: what a policy must go with, and days played under it by the worker."""

from contextlib import suppress
from zoneinfo import ZoneInfo

from rq.exceptions import DuplicateJobError

from core.clock import SystemClock
from core.database import Database
from core.job_queue import job_queue
from core.settings import Settings, load_settings
from launch.policies import surroundings
from routing.live import LiveStore
from routing.policy_check import Surroundings
from routing.policy_press import play
from routing.previews import Previews

_LIMIT_S = 600
_WAITS_AT_MOST_S = 600


class InstalledPolicyPress:
    """The press of this installation, as the pages use it."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._database = settings, Database(settings.database)

    def surroundings(self) -> Surroundings:
        """As routing.policy_press.PolicyPress."""
        return surroundings(self._settings, self._database)

    def begin(self, preview_id: str) -> None:
        """As routing.policy_press.PolicyPress. Somebody waits at the page: before what can wait longer."""
        with job_queue(self._settings.redis_url) as queue, suppress(DuplicateJobError):
            queue.enqueue_call(
                play_job, args=(preview_id,), timeout=_LIMIT_S, result_ttl=0, ttl=_WAITS_AT_MOST_S, failure_ttl=60,
                job_id=f"preview-{preview_id}", unique=True, at_front=True,
            )  # fmt: skip


def play_job(preview_id: str) -> str:
    """Play one preview, on this process's own installation; returns how it ended."""
    settings = load_settings()
    database, store = Database(settings.database), LiveStore(settings.redis_url)
    try:
        return play(preview_id, Previews(store.redis), database, SystemClock(), ZoneInfo(settings.time_zone))
    finally:
        store.close()
        database.dispose()
