"""Waits for what happens in the event log: for the demo call, live tests and benchmarks."""

from collections.abc import Callable

from core.bus import EventBus
from core.clock import stopwatch_s
from core.errors import Unavailable
from core.events import Event, EventKind

TIMEOUT_S = 20.0


class EventWatch:
    """Remembers every event after a position of the log; by default, from the moment it is made."""

    def __init__(self, bus: EventBus, after: str = "") -> None:
        self._bus = bus
        self._position = after or bus.last_position()
        self.events: list[Event] = []
        self._told: set[str] = set()

    def next(self, kind: EventKind, timeout_s: float = TIMEOUT_S) -> Event:
        """The first event of this kind that was not returned by `next` before, in the order of the log."""
        event = self.wait(lambda event: event.kind is kind and event.key not in self._told, kind.value, timeout_s)
        self._told |= {seen.key for seen in self.events[: self.events.index(event) + 1]}
        return event

    def wait(self, where: Callable[[Event], bool], what: str, timeout_s: float = TIMEOUT_S) -> Event:
        """The first remembered event that fits, now or later. Raises Unavailable, naming `what`, when none comes."""
        seen, end_s = 0, stopwatch_s() + timeout_s
        while True:
            while seen < len(self.events):
                seen += 1
                if where(self.events[seen - 1]):
                    return self.events[seen - 1]
            if stopwatch_s() > end_s:
                raise Unavailable(f"Waited {timeout_s:.0f} s in vain for {what}.", "Run ./halo doctor.")
            self.catch_up(wait_s=0.5)

    def catch_up(self, wait_s: float = 0) -> list[Event]:
        """Read all that has come, waiting up to `wait_s` for the first; returns everything remembered."""
        while fresh := self._bus.read(self._position, wait_s):
            self._position, wait_s = fresh[-1].position, 0
            self.events += fresh
        return self.events
