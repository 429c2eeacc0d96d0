"""How occupied each agent is today: handling / (handling + ready), folded from their states as they change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from core.events import Event, EventKind
from routing.agent_state import AgentState

_HANDLING = frozenset({AgentState.TALKING, AgentState.WRAP_UP})
_READY = frozenset({AgentState.READY, AgentState.RESERVED, AgentState.RINGING})  # not handling yet, and there for a call


@dataclass(slots=True)
class _Day:
    state: AgentState
    since: datetime
    handling_s: float = 0.0
    ready_s: float = 0.0
    when_ready: float = 0.0


class Occupancies:
    """Of all agents, for the day of the contact center's time zone; everybody begins anew at midnight. Moments are aware."""

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone)
        self._midnight: datetime | None = None
        self._days: dict[str, _Day] = {}

    def fold(self, events: Iterable[Event]) -> None:
        """Take in what happened today, in the order of the log."""
        for event in events:
            if event.kind is EventKind.AGENT_STATE_CHANGED:
                if event.agent_id not in self._days:  # it has lasted since midnight
                    before = AgentState(event.data.get("before") or AgentState.OFFLINE)
                    self._days[event.agent_id] = _Day(before, self.midnight_before(event.at))
                self.see(event.agent_id, AgentState(event.data["state"]), event.at)

    def see(self, agent_id: str, state: AgentState, since: datetime) -> None:
        """The agent is in this state since then; telling the same again changes nothing."""
        day = self._days.get(agent_id)
        if day is None:
            self._days[agent_id] = _Day(state, since)
        elif since > day.since:
            self._count(day, since)
            day.state, day.since = state, since
            if state is AgentState.READY:
                there_s = day.handling_s + day.ready_s
                day.when_ready = day.handling_s / there_s if there_s > 0 else 0.0

    def occupancy(self, agent_id: str) -> float:
        """The agent's share of handling today, 0 to 1, as of when they became ready last; 0 for who was not yet."""
        day = self._days.get(agent_id)
        return day.when_ready if day else 0.0

    def midnight_before(self, now: datetime) -> datetime:
        """When the day began."""
        return datetime.combine(now.astimezone(self._zone).date(), time(), self._zone)

    def _count(self, day: _Day, until: datetime) -> None:
        """Add what passed in the state; what was before midnight does not count."""
        midnight = self._begin_day(until)
        if day.since < midnight:
            day.handling_s = day.ready_s = 0.0
        passed_s = max(0.0, (until - max(day.since, midnight)).total_seconds())
        if day.state in _HANDLING:
            day.handling_s += passed_s
        elif day.state in _READY:
            day.ready_s += passed_s

    def _begin_day(self, now: datetime) -> datetime:
        if self._midnight is None or (now - self._midnight).total_seconds() >= 82_800:  # the shortest day has 23 hours
            self._midnight = self.midnight_before(now)
        return self._midnight
