"""Today's adherence for all who look at it: what agents live, folded once from the archive, then kept true by the live log."""

import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent_desktop.fanout import EventFanout
from core.bus import EventBus
from core.clock import Clock
from core.database import Database
from core.event_archive import events_between, last_of_each_agent
from core.events import Event, EventKind
from core.log import get_log
from routing.board import position_order
from routing.wait_facts import Span, spans_between
from workforce.day_adherence import AgentDay, DayPlan, day_plan, held_agent

_KIND = EventKind.AGENT_STATE_CHANGED
_PLAN_CHANGES = frozenset({EventKind.SHIFTS_CHANGED, EventKind.ADHERENCE_EXCUSED})
_PLAN_KEPT = timedelta(seconds=60)
_LOOK_BACK = timedelta(days=1)
_BATCH = 1000
_log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Today:
    """`days` by agent; `plan_number` grows with every change of rosters and excuses."""

    version: int
    plan_number: int
    plan: DayPlan
    days: tuple[AgentDay, ...]


@dataclass(slots=True)
class _Lived:
    """States that are over, and the change that the one in force began with."""

    over: list[Span]
    last: Event
    changes: int = 1


class DayFeed:
    """Shared by all pages of this process; thread-safe. Days past are read from the records, not here."""

    def __init__(self, database: Database, bus: EventBus, fanout: EventFanout, clock: Clock, time_zone: str) -> None:
        self._database, self._bus, self._fanout, self._clock = database, bus, fanout, clock
        self._zone = ZoneInfo(time_zone)
        self._changed = threading.Condition()
        self._listening = False
        self._plan: DayPlan | None = None
        self._plan_at: datetime | None = None
        self._lived: dict[str, _Lived] = {}
        self._held: dict[str, tuple[tuple[int, int, datetime], AgentDay]] = {}
        self._position = "0-0"
        self._version = self._plan_number = 0

    def look(self) -> Today:
        """The day as it is now."""
        with self._changed:
            now = self._clock.now()
            plan = self._fresh_plan(now)
            minute = now.replace(second=0, microsecond=0)
            agents = sorted(plan.planned.keys() | {agent for agent in self._lived if self._was_there(agent, plan, now)})
            return Today(self._version, self._plan_number, plan, tuple(self._day(agent, plan, now, minute) for agent in agents))

    def own(self, agent_id: str) -> AgentDay | None:
        """One agent's day as it is now; None where nothing is planned and they were not there."""
        with self._changed:
            now = self._clock.now()
            plan = self._fresh_plan(now)
            if agent_id not in plan.planned and (agent_id not in self._lived or not self._was_there(agent_id, plan, now)):
                return None
            return self._day(agent_id, plan, now, now.replace(second=0, microsecond=0))

    def changed(self) -> None:
        """Rosters or excuses were just changed here: whoever looks next sees it, before the log has brought it."""
        with self._changed:
            self._plan_at = None
            self._plan_number += 1
            self._version += 1
            self._changed.notify_all()

    def version(self) -> int:
        """It grows with every change of what agents live, of rosters and excuses."""
        return self._version

    def wait(self, known_version: int, wait_s: float) -> int:
        """Wait until it is newer than `known_version`, at most `wait_s`; returns the version."""
        with self._changed:
            self._changed.wait_for(lambda: self._version > known_version, wait_s)
            return self._version

    def _day(self, agent: str, plan: DayPlan, now: datetime, minute: datetime) -> AgentDay:
        lived = self._lived.get(agent)
        key = (self._plan_number, lived.changes if lived else 0, minute)
        known = self._held.get(agent)
        if known is None or known[0] != key:
            known = self._held[agent] = (key, held_agent(plan, agent, self._spans(agent, now), now))
        return known[1]

    def _spans(self, agent: str, now: datetime) -> tuple[Span, ...]:
        lived = self._lived.get(agent)
        if lived is None:
            return ()
        running = spans_between([lived.last], (), lived.last.at, max(now, lived.last.at)).get(agent, ())
        return (*lived.over, *running)

    def _was_there(self, agent: str, plan: DayPlan, now: datetime) -> bool:
        return any(span.end > plan.start for span in self._spans(agent, now))

    def _fresh_plan(self, now: datetime) -> DayPlan:
        """Rosters may be published by a command, which tells nobody: read again each minute."""
        today = now.astimezone(self._zone).date()
        if self._plan is None or self._plan.day != today:
            self._start(today, now)
        if self._plan is None or self._plan_at is None or now - self._plan_at >= _PLAN_KEPT or self._plan.day != today:
            with self._database.reading() as session:
                plan = day_plan(session, today, self._zone)
            if self._plan is None or (plan.day, plan.planned, plan.rules) != (self._plan.day, self._plan.planned, self._plan.rules):
                self._plan_number += 1
            self._plan, self._plan_at = plan, now
        return self._plan

    def _start(self, today: date, now: datetime) -> None:
        with self._database.reading() as session:
            plan = day_plan(session, today, self._zone)
            before = list(last_of_each_agent(session, _KIND, plan.look_from - _LOOK_BACK, plan.look_from))
            events = list(events_between(session, plan.look_from, now + _LOOK_BACK, [_KIND]))
        if not self._listening:
            self._fanout.listen(self._take)
            self._listening = True
        self._lived, self._held, self._plan, self._plan_at = {}, {}, plan, now
        self._plan_number += 1
        for event in [*before, *events]:
            self._live(event)
        position = next((event.position for event in reversed(events) if event.position), _position_at(plan.look_from))
        self._position = position
        while later := self._bus.read(position, most=_BATCH):
            for event in later:
                self._apply(event)
            position = later[-1].position
        self._version += 1
        _log.info("day_started", agents=len(self._lived))

    def _take(self, events: list[Event]) -> None:
        with self._changed:
            if self._plan is None:
                return
            moved = [self._apply(event) for event in events]
            if any(event.kind in _PLAN_CHANGES for event in events):
                self.changed()
            elif any(moved):
                self._version += 1
                self._changed.notify_all()

    def _apply(self, event: Event) -> bool:
        """Whether it changes what an agent lives. What was seen before changes nothing."""
        if event.kind is not _KIND or position_order(event.position) <= position_order(self._position):
            return False
        self._position = event.position
        self._live(event)
        return True

    def _live(self, event: Event) -> None:
        lived = self._lived.get(event.agent_id)
        if lived is None:
            self._lived[event.agent_id] = _Lived([], event)
            return
        lived.over += spans_between([lived.last], (), lived.last.at, event.at).get(event.agent_id, ())
        lived.last, lived.changes = event, lived.changes + 1


def _position_at(moment: datetime) -> str:
    return f"{int(moment.timestamp() * 1000)}-0"
