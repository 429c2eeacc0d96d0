"""Publishing flows from the page: the desk writes an order down and asks the worker, who has the time for it."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from rq.exceptions import DuplicateJobError

from core.bus import EventBus
from core.clock import SystemClock
from core.database import Database
from core.job_queue import job_queue
from core.problem import Problem
from core.settings import Settings, load_settings
from ivr.flow_check import flow_problems
from ivr.flow_file import FlowText
from ivr.flow_orders import orders_left
from ivr.flow_press import work_on
from launch.ivr_conversations import stories_of
from launch.publishing import premises, publisher
from routing.policy_in_force import PolicyInForce

_LIMIT_S = 600
_WAITS_AT_MOST_S = 3600


class InstalledPress:
    """The press of this installation, as the pages use it."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._policies = settings, PolicyInForce(Database(settings.database))

    def problems(self, text: FlowText) -> Sequence[Problem]:
        """As ivr.flow_press.Press."""
        queues = self._policies.current().names
        return flow_problems(text, premises(self._settings.home, queues, self._settings.control_number))

    def begin(self, order_id: str) -> None:
        """As ivr.flow_press.Press. Somebody waits at the page: before what can wait longer."""
        with job_queue(self._settings.redis_url) as queue, suppress(DuplicateJobError):
            queue.enqueue_call(
                work_on_job, args=(order_id,), timeout=_LIMIT_S, result_ttl=0, ttl=_WAITS_AT_MOST_S, failure_ttl=60,
                job_id=f"flow-order-{order_id}", unique=True, at_front=True,
            )  # fmt: skip


def work_on_job(order_id: str) -> bool:
    """Work on one order, on this process's own installation."""
    settings = load_settings()
    database, bus = Database(settings.database), EventBus(settings.redis_url)
    try:
        stories = partial(stories_of, settings.home)
        return work_on(order_id, database, SystemClock(), publisher(settings, database), stories, bus.publish)
    finally:
        bus.close()
        database.dispose()


def take_up_left_job() -> int:
    """Work on orders whose job or worker was lost; returns how many there were."""
    database = Database(load_settings().database)
    try:
        with database.reading() as session:
            left = orders_left(session, SystemClock().now())
    finally:
        database.dispose()
    return sum(work_on_job(order_id) for order_id in left)
