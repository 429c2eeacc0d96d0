"""One thread reads the event log and hands every event to whoever listens in this process."""

import queue
import threading
from collections.abc import Callable

from core.bus import EventBus
from core.errors import Unavailable
from core.events import Event
from core.log import get_log

MOST_UNREAD = 1000
_READ_WAIT_S = 1.0
_PAUSE_S = 0.5
_log = get_log(__name__)


class Subscription:
    """One listener's unread events. `reached` is the position up to which everything wanted has been put in."""

    def __init__(self, owner: str, wants: Callable[[Event], bool], reached: str) -> None:
        self.owner = owner
        self.wants = wants
        self.reached = reached
        self.overflowed = False
        self._unread: queue.Queue[Event | None] = queue.Queue(MOST_UNREAD)

    def put(self, event: Event | None) -> None:
        """Add an event, or None to wake the reader. A reader too slow for this is marked as overflowed."""
        try:
            self._unread.put_nowait(event)
        except queue.Full:
            self.overflowed = True

    def take(self, wait_s: float) -> list[Event]:
        """Everything unread, oldest first; waits up to `wait_s` for the first. [] when nothing came or it was woken."""
        found: list[Event] = []
        try:
            first = self._unread.get(timeout=wait_s)
            while True:
                if first is not None:
                    found.append(first)
                first = self._unread.get_nowait()
        except queue.Empty:
            return found


class EventFanout:
    """Starts its thread with the first listener. `stop()` ends it."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._lock = threading.Lock()
        self._subscriptions: set[Subscription] = set()
        self._listeners: list[Callable[[list[Event]], None]] = []
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._position = ""

    def subscribe(self, wants: Callable[[Event], bool], owner: str = "") -> Subscription:
        """Listen from now on: every wanted event later than the returned `reached` will be put in. Raises Unavailable."""
        with self._lock:
            self._start()
            subscription = Subscription(owner, wants, self._position)
            self._subscriptions.add(subscription)
            return subscription

    def listen(self, takes: Callable[[list[Event]], None]) -> None:
        """Have `takes` called, in the fan-out's own thread, with every batch of events from now on. Raises Unavailable."""
        with self._lock:
            self._start()
            self._listeners.append(takes)

    def unsubscribe(self, subscription: Subscription) -> None:
        """Stop listening."""
        with self._lock:
            self._subscriptions.discard(subscription)

    def wake(self, owner: str) -> None:
        """Have this owner's readers look around at once."""
        with self._lock:
            for subscription in self._subscriptions:
                if subscription.owner == owner:
                    subscription.put(None)

    def listeners(self) -> int:
        """How many listen now."""
        return len(self._subscriptions)

    def stop(self) -> None:
        """End the thread; for tests and a clean end."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(_READ_WAIT_S * 3)

    def _start(self) -> None:
        if self._thread is None:
            self._position = self._bus.last_position()
            self._thread = threading.Thread(target=self._run, name="event-fanout", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                events = self._bus.read(self._position, wait_s=_READ_WAIT_S)
            except Unavailable:
                _log.warning("event_log_unavailable")
                self._stopped.wait(_PAUSE_S)
                continue
            except ValueError:  # an event that this version can't read: say so, keep the thread alive
                _log.exception("event_unreadable", after=self._position)
                self._stopped.wait(_PAUSE_S)
                continue
            if events:
                self._hand_out(events)

    def _hand_out(self, events: list[Event]) -> None:
        with self._lock:
            self._position = events[-1].position
            for subscription in self._subscriptions:
                for event in events:
                    if subscription.wants(event):
                        subscription.put(event)
                subscription.reached = self._position
            listeners = list(self._listeners)
        for takes in listeners:
            try:
                takes(events)
            except Exception:  # one listener's fault must not silence every page
                _log.exception("event_listener_failed")
