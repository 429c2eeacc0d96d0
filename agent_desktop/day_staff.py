"""The staff of a day as it is seen now: shared by all who look, at most half a minute old; and its picture."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from agent_desktop.forecast_picture import ForecastPicture
from agent_desktop.interval_picture import Scale
from core.clock import Clock
from routing.agent_state import AgentState
from workforce.day_adherence import AgentDay
from workforce.day_cover import first_to_come, shared_out, there_in
from workforce.day_history import Floats
from workforce.day_now import StaffedDay, staffed_day
from workforce.day_suggestions import DayNow
from workforce.planning_sources import Sources

_KEPT = timedelta(seconds=30)
_OFF = frozenset({AgentState.NOT_READY, AgentState.OFFLINE})


@dataclass(frozen=True, slots=True)
class StaffLine:
    """An interval: callers expected by now, agents required, to be there by the roster, and who was there (None: not over); the
    service level with those of the roster (None: of several queues together)."""

    starts_at: datetime
    callers: float
    required: int
    scheduled: float
    present: float | None
    level: float | None

    @property
    def lacking(self) -> float:
        """Agents that the roster lacks."""
        return self.required - self.scheduled


class StaffedDays:
    """Keeps the newest; thread-safe. `number` is one that changes with the rosters."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._newest: tuple[tuple[date, int, datetime], StaffedDay] | None = None

    def newest(self, sources: Sources, day: date, number: int) -> StaffedDay:
        """The day from the records."""
        with self._lock:
            now = self._clock.now()
            known = self._newest
            if known is not None and known[0][:2] == (day, number) and now - known[0][2] < _KEPT:
                return known[1]
            found = staffed_day(sources, day, now)
            self._newest = ((day, number, now), found)
            return found


def staff_lines(here: DayNow, days: Sequence[AgentDay], queue: str) -> list[StaffLine]:
    """Interval by interval, of one queue or ("") of all together; from the first with work or agents to the last."""
    cover = here.cover()
    over = first_to_come(here.starts, here.minutes, here.now)
    loads = {name: np.array([row.load_erlang for row in each.needed]) for name, each in here.outlooks.items()}
    present = shared_out(_present(here, days), loads)
    queues = [queue] if queue else list(here.outlooks)
    required = np.sum([[row.agents for row in here.outlooks[name].needed] for name in queues], axis=0)
    callers = np.sum([[row.callers for row in here.outlooks[name].needed] for name in queues], axis=0)
    scheduled, there = (np.sum([agents[name] for name in queues], axis=0) for agents in (cover.agents, present))
    lines = [
        StaffLine(
            start, float(callers[at]), int(required[at]), float(scheduled[at]), float(there[at]) if at < over else None,
            float(cover.level[queue][at]) if queue and callers[at] > 0 else None,
        )
        for at, start in enumerate(here.starts)
    ]  # fmt: skip
    busy = [at for at, line in enumerate(lines) if line.required or line.scheduled > 0 or line.present]
    return lines[busy[0] : busy[-1] + 1] if busy else []


def draw_lines(lines: Sequence[StaffLine]) -> ForecastPicture:
    """Who was there as bars, required and scheduled as steps."""
    most = [max(line.required, line.scheduled, line.present or 0.0) for line in lines]
    scale = Scale(len(lines), max([1.0, *most]))
    return ForecastPicture(
        scale.bars([line.present or 0.0 for line in lines]), scale.grid, steps=scale.steps([line.required for line in lines]),
        heads=scale.steps([line.scheduled for line in lines]),
    )  # fmt: skip


def _present(here: DayNow, days: Sequence[AgentDay]) -> Mapping[frozenset[str], Floats]:
    found: dict[frozenset[str], Floats] = {}
    for day in days:
        group = here.serves.get(day.agent_id, frozenset())
        lived = [(span.start, span.end) for span in day.lived if span.state not in _OFF]
        there = there_in(lived, here.starts, here.minutes)
        found[group] = found.get(group, np.zeros(len(here.starts))) + there
    return found
