"""The waits of one interaction apart: who was answered and stands in line again waits once more.

That is who was handed over to a queue or an agent, and whose agent was lost in the middle of the talk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.events import Event, EventKind
from routing.place import Place
from routing.wait_facts import end_of, place_of

_QUEUED, _ANSWERED = EventKind.INTERACTION_QUEUED, EventKind.INTERACTION_ANSWERED
_GIVEN_ON = frozenset({_ANSWERED, EventKind.INTERACTION_HANDED_OVER})


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait: its place, which begins with it, and the events of it, in the order of the log.

    `ahead_s`: their rings go by a first moment that is so much earlier, as of who had an agent and lost them.
    """

    place: Place
    events: tuple[Event, ...]
    ahead_s: float = 0.0

    @property
    def answered_by(self) -> str:
        """Whose answer ended it; "" while it lasts, and where nobody's did."""
        return next((event.agent_id for event in self.events if event.kind is _ANSWERED), "")

    def end(self, now: datetime) -> tuple[datetime, EventKind | None]:
        """When it ended and by what; `now` and None while it lasts."""
        return end_of(self.place, self.events, now)


def waits_apart(events: Iterable[Event]) -> list[Wait]:
    """The waits that the events of one interaction tell of, the first one first; none for who never stood in line."""
    parts: list[list[Event]] = [[]]
    had_an_agent = False
    for event in events:
        if event.kind is _QUEUED and had_an_agent:
            parts.append([])
            had_an_agent = False
        earlier = event.kind is _ANSWERED and len(parts) > 1 and event.at <= parts[-1][0].at
        if earlier:  # a promised call: that it was them is told only when the agent has said so
            parts[-2].append(event)
            continue
        had_an_agent = had_an_agent or event.kind in _GIVEN_ON
        parts[-1].append(event)
    waits = [_wait(part, first=number == 0) for number, part in enumerate(parts)]
    return [wait for wait in waits if wait is not None]


def _wait(events: Sequence[Event], first: bool) -> Wait | None:
    place = place_of(events)
    if place is None:
        return None
    begins = place.queued_at if first else max(place.queued_at, next(event.at for event in events if event.kind is _QUEUED))
    return Wait(replace(place, queued_at=begins), tuple(events), (begins - place.queued_at).total_seconds())
