"""The quiet line on the agent's page: what their shift has next, and how much was in place. Pushed when its words change."""

from datetime import datetime, timedelta

from agent_desktop.days import zone_here
from agent_desktop.formats import percent
from agent_desktop.services import services
from agent_desktop.shift_words import next_words
from agent_desktop.texts import _
from workforce.roster_store import published_shifts
from workforce.shift_outlook import Part, outlook_of, parts_of

_AHEAD_DAYS = 9
_HELD_FOR = timedelta(minutes=1)
_FRESH_FOR = timedelta(minutes=5)  # a roster published by command tells nobody


class ShiftLine:
    """One page's line; asked often, it looks into the database seldom."""

    def __init__(self, agent_id: str) -> None:
        self._agent_id = agent_id
        self._parts: list[Part] = []
        self._looked_at: datetime | None = None
        self._said = self._held = ""
        self._held_at: datetime | None = None

    def changed(self, again: bool = False) -> str | None:
        """The words, when they are others than last time; None when they are the same. `again`: the shifts may be others."""
        now = services().clock.now()
        if again or self._looked_at is None or now - self._looked_at > _FRESH_FOR:
            self._look(now)
        if self._held_at is None or now - self._held_at > _HELD_FOR:
            self._held, self._held_at = _in_place(self._agent_id), now
        words = " · ".join(filter(None, (next_words(outlook_of(self._parts, now)), self._held)))
        if words == self._said:
            return None
        self._said = words
        return words

    def _look(self, now: datetime) -> None:
        first = now.astimezone(zone_here()).date() - timedelta(days=1)  # a night that began yesterday
        with services().database.reading() as session:
            rows = published_shifts(session, first, _AHEAD_DAYS, self._agent_id)
            parts = [part for row in rows for part in parts_of(row)]
        self._parts, self._looked_at = sorted(parts, key=lambda part: part.start), now


def _in_place(agent_id: str) -> str:
    """Today's adherence so far; "" where nothing was planned."""
    day = services().today.own(agent_id)
    share = day.held.adherence if day is not None and day.held.planned_s else None
    return "" if share is None else _("in place %(share)s", share=percent(share))
