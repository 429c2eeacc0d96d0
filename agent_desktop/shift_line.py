"""The quiet line on the agent's page: what their shift has next. It is pushed when its words change, by the clock or by news."""

from datetime import datetime, timedelta

from agent_desktop.days import zone_here
from agent_desktop.services import services
from agent_desktop.shift_words import next_words
from workforce.roster_store import published_shifts
from workforce.shift_outlook import Part, outlook_of, parts_of

_AHEAD_DAYS = 9
_FRESH_FOR = timedelta(minutes=5)  # a roster published by command tells nobody


class ShiftLine:
    """One page's line; asked often, it looks into the database seldom."""

    def __init__(self, agent_id: str) -> None:
        self._agent_id = agent_id
        self._parts: list[Part] = []
        self._looked_at: datetime | None = None
        self._said = ""

    def changed(self, again: bool = False) -> str | None:
        """The words, when they are others than last time; None when they are the same. `again`: the shifts may be others."""
        now = services().clock.now()
        if again or self._looked_at is None or now - self._looked_at > _FRESH_FOR:
            self._look(now)
        words = next_words(outlook_of(self._parts, now))
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
