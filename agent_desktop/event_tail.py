"""The event log from any position on, without gap and without duplicate: first what was missed, then what happens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent_desktop.fanout import EventFanout, Subscription
from core.bus import EventBus
from core.errors import BadInput
from core.events import Event
from routing.board import position_order

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Tail:
    """Some events, oldest first ([] for a heartbeat); everything wanted up to `position` has now been given."""

    events: list[Event]
    position: str


def check_position(text: str) -> str:
    """The position as it is. Raises BadInput when it is none."""
    try:
        position_order(text)
    except ValueError:
        raise BadInput("That is not a position in the event log.", "Load the page again.") from None
    return text


def tail(
    bus: EventBus, fanout: EventFanout, after: str, wants: Callable[[Event], bool], beat_s: float, owner: str = ""
) -> Iterator[Tail]:
    """Wanted events later than `after`, each once; an empty Tail at least every `beat_s`.

    Ends when the reader is too slow to be served from memory: it comes back with the last position it saw.
    """
    subscription = fanout.subscribe(wants, owner)
    try:
        last = after
        for missed in _missed(bus, after, wants):
            last = missed.position
            yield missed
        yield from _live(subscription, last, beat_s)
    finally:
        fanout.unsubscribe(subscription)


def _missed(bus: EventBus, after: str, wants: Callable[[Event], bool]) -> Iterator[Tail]:
    position = after
    while events := bus.read(position, most=_BATCH):
        position = events[-1].position
        yield Tail([event for event in events if wants(event)], position)


def _live(subscription: Subscription, last: str, beat_s: float) -> Iterator[Tail]:
    while not subscription.overflowed:
        reached = subscription.reached  # read before taking: what lies behind it has been put in already
        events = [event for event in subscription.take(beat_s) if position_order(event.position) > position_order(last)]
        last = max([last, reached, *(event.position for event in events)], key=position_order)
        yield Tail(events, last)
