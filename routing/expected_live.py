"""What may be expected and what overflows, as noted in Redis: written by the leader alone, read by whoever tells it."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from core.events import Event
from routing.expectations import Expectation
from routing.live import LiveStore
from routing.live_notes import LiveNotes
from routing.overflow import Overflowing

EXPECTED, OVERFLOWING = "halo:expected", "halo:overflowing"


class ExpectedLive:
    """What may be expected, by interaction, and by `newcomer_of` a queue. Raises Unavailable when Redis does not answer."""

    def __init__(self, store: LiveStore) -> None:
        self._notes = LiveNotes(store, EXPECTED)

    def of(self, name: str) -> Expectation | None:
        """What this one may expect; None when nothing is known."""
        return _expectation(self._notes.of(name))

    def all(self) -> dict[str, Expectation]:
        """Everything that is known."""
        found = {name: _expectation(text) for name, text in self._notes.all().items()}
        return {name: expectation for name, expectation in found.items() if expectation is not None}

    def write(self, term: str, new: Mapping[str, Expectation], gone: Collection[str], told: Sequence[Event]) -> bool:
        """Note what has changed and tell the events, in one step; False, and nothing done, when this leader leads no more."""
        return self._notes.write(term, {name: each.to_json() for name, each in new.items()}, gone, told)


class OverflowLive:
    """What is done for queues that overflow, by queue. Raises Unavailable when Redis does not answer."""

    def __init__(self, store: LiveStore) -> None:
        self._notes = LiveNotes(store, OVERFLOWING)

    def of(self, queue: str) -> Overflowing:
        """What is done for this queue now."""
        return _overflowing(self._notes.of(queue))

    def all(self) -> dict[str, Overflowing]:
        """Of all queues that overflow."""
        return {queue: _overflowing(text) for queue, text in self._notes.all().items()}

    def write(self, term: str, changed: Mapping[str, Overflowing], told: Sequence[Event]) -> bool:
        """Note what has changed and tell the events, in one step; False, and nothing done, when this leader leads no more."""
        new = {queue: each.to_json() for queue, each in changed.items() if each}
        return self._notes.write(term, new, [queue for queue, each in changed.items() if not each], told)


# What another release of Halo wrote counts as nothing.
def _expectation(text: str | None) -> Expectation | None:
    with suppress(ValueError):
        return Expectation.from_json(text) if text else None
    return None


def _overflowing(text: str | None) -> Overflowing:
    with suppress(ValueError):
        return Overflowing.from_json(text) if text else Overflowing()
    return Overflowing()
