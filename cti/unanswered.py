"""Whom an agent has dialled and who has not answered: why, and that it is told once, whichever leg ends first."""

import asyncio
from datetime import datetime

from core.events import Event, EventKind
from core.ids import derived_id
from routing.place import Place

FAILED = "failed"  # a number was called, and nothing came of it that anybody could name
_OTHER_LEG_S = 0.5  # of two legs that end together, how much later Asterisk may tell of the second


class WhyUnanswered:
    """Lets the end of an agent's leg wait a moment for the end of the other one, which says why. By the reservation's token."""

    def __init__(self) -> None:
        self._awaited: dict[int, asyncio.Event] = {}

    async def known(self, token: int) -> bool:
        """Wait for it; False when nothing was heard."""
        try:
            async with asyncio.timeout(_OTHER_LEG_S):
                return await self._awaited.setdefault(token, asyncio.Event()).wait()
        except TimeoutError:
            return False
        finally:
            self._awaited.pop(token, None)

    def is_known(self, token: int) -> None:
        """The other leg has ended, and the place says why."""
        if token in self._awaited:
            self._awaited[token].set()


def in_line_again(place: Place | None) -> Place | None:
    """The place that a caller has again whose agent was lost; whom that agent called by hand has none."""
    return None if place is None or place.dialled else place


def missed_event(place: Place, why: str, now: datetime, agent_id: str) -> Event:
    """The event that whoever this agent called by hand did not answer; told once, whoever finds it out first."""
    key = derived_id(EventKind.DIAL_MISSED, place.interaction_id)
    return Event(EventKind.DIAL_MISSED, now, place.interaction_id, agent_id, {"why": why}, key=key)
