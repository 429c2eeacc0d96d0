"""Looks which queues overflow, has their callers helped, and tells it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from core.clock import Clock
from core.events import Event, EventKind
from cti.dispatcher import Dispatcher
from routing.expectations import Expectation
from routing.expected_live import OverflowLive
from routing.outlook import FloorNow, newcomer_of
from routing.overflow import Overflowing, Overflows, QueueNow

ClosesAt = Callable[[str, datetime], datetime | None]  # when a queue closes that is open at this moment; None: it does not


class OverflowWatch:
    """Only of queues whose policy has rules for it. Raises Unavailable when Redis does not answer."""

    def __init__(
        self, clock: Clock, dispatcher: Dispatcher, live: OverflowLive, closes_at: ClosesAt, term: Callable[[], str]
    ) -> None:
        self._clock, self._dispatcher, self._live, self._closes_at, self._term = clock, dispatcher, live, closes_at, term
        self._overflows = Overflows()
        self._done: dict[str, Overflowing] = {}
        self._next: datetime | None = None

    def begin(self) -> None:
        """Go on from what is noted: all of it is looked at anew."""
        self._done = self._live.all()
        self._overflows.begin(self._done)

    def look(self, floor: FloorNow, expected: Mapping[str, Expectation]) -> None:
        """See what is so now, and act on what has changed."""
        rules = {queue.name: queue.overflow for queue in self._dispatcher.policy.queues if queue.overflow}
        self._next = None
        queues = {name: self._queue_now(name, floor, expected) for name in rules}
        for name, own in rules.items():
            for rule in own:
                if rule.closes_within_s is not None and (closes_in_s := queues[name].closes_in_s) is not None:
                    self._look_in(closes_in_s - rule.closes_within_s)
        changed = self._overflows.look(rules, queues)
        if not changed:
            return
        told = [_event(queue, each, self._clock.now()) for queue, each in changed.items()]
        if not self._live.write(self._term(), changed, told):
            self._overflows.begin(changed)
            return  # another leads
        self._done = {queue: each for queue, each in (self._done | changed).items() if each}
        self._dispatcher.help({queue: each.also for queue, each in self._done.items() if each.also})

    def next_due_s(self) -> float | None:
        """Seconds until it must be looked at again though nothing happens; None: never."""
        return None if self._next is None else max(0.0, (self._next - self._clock.now()).total_seconds())

    def _queue_now(self, name: str, floor: FloorNow, expected: Mapping[str, Expectation]) -> QueueNow:
        now, newcomer = self._clock.now(), expected.get(newcomer_of(name))
        closes_at = self._closes_at(name, now)
        return QueueNow(
            waiting=sum(standing.place.queue == name for standing in floor.line),
            expected_s=newcomer.due_s if newcomer else None,
            staffed=self._dispatcher.assignments.is_staffed(name),
            closes_in_s=(closes_at - now).total_seconds() if closes_at else None,
        )

    def _look_in(self, seconds: float) -> None:
        if seconds > 0:
            at = self._clock.now() + timedelta(seconds=seconds)
            self._next = at if self._next is None else min(self._next, at)


def _event(queue: str, done: Overflowing, now: datetime) -> Event:
    data = {"queue": queue, "also": list(done.also), "offer_callback": done.offer_callback, "why": list(done.why)}
    return Event(EventKind.QUEUE_OVERFLOWS, now, data=data)
