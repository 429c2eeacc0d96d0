"""When customers may be called: in the opening hours of the queue that calls them."""

from datetime import datetime, timedelta

from ivr.hours import OpenState
from ivr.hours_now import Hours
from ivr.published_flows import PublishedFlows
from ivr.queue_hours import queue_state
from ivr.reception import HOTLINE

_ASK_AGAIN_AFTER = timedelta(hours=1)  # closed, and nobody knows until when


class CallTimes:
    """The hours in force, as somebody who wants to call sees them."""

    def __init__(self, hours: Hours, flows: PublishedFlows) -> None:
        self._hours, self._flows = hours, flows

    def earliest(self, queue: str, at: datetime) -> datetime:
        """The first moment from `at` (aware) on at which the queue is open; where nobody can say it, an hour later."""
        state = self._state(queue, at)
        if state is None or state.open:
            return at
        return state.opens_next or at + _ASK_AGAIN_AFTER

    def closes_at(self, queue: str, at: datetime) -> datetime | None:
        """When the queue closes that is open `at` this moment (aware); None: it is closed, or never closes as far as is known."""
        state = self._state(queue, at)
        return None if state is None else state.until

    def _state(self, queue: str, at: datetime) -> OpenState | None:
        schedule = self._flows.current(HOTLINE).flow.hours
        line = self._hours.state(schedule, at) if schedule else None
        return queue_state(self._hours.queue_state(queue, at), line)
