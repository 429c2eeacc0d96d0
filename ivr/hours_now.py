"""What a call sees of the opening hours: the schedules in force and the emergency closings of this moment, at no cost."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from core.clock import stopwatch_s
from core.database import Database
from core.errors import NotFound
from core.log import get_log
from ivr.closings import Closing, closings_folder, in_force
from ivr.hours import ALL_DAY, Emergency, OpenState, Schedule, in_emergency, is_open
from ivr.hours_source import HoursSource

FRESH_FOR_S = 1.0
PATIENCE_S = 0.5
_log = get_log(__name__)


class Hours:
    """One for each process, used by all its threads. Closings are read from the database once in `fresh_for_s` at most.

    A database that does not answer within PATIENCE_S costs one call that long; until it answers, what was known last holds.
    """

    def __init__(self, home: Path, database: Database, fresh_for_s: float = FRESH_FOR_S) -> None:
        self.source = HoursSource(home)
        self._folder = closings_folder(home)
        self._database = database
        self._fresh_for_s = fresh_for_s
        self._lock = threading.Lock()
        self._closings: Sequence[Closing] = ()
        self._read_at_s: float | None = None
        self._reader: threading.Thread | None = None
        self._reader_began_s = 0.0
        self._unknown: set[str] = set()

    def schedules(self) -> Mapping[str, Schedule]:
        """Every schedule by name."""
        return self.source.schedules()

    def schedule(self, name: str) -> Schedule:
        """The schedule of this name. Raises NotFound."""
        found = self.schedules().get(name)
        if found is None:
            raise NotFound(f"There is no schedule {name!r}.", f"Use one of: {', '.join(self.schedules())}.")
        return found

    def state(self, schedule_name: str, now: datetime) -> OpenState:
        """Whether this schedule is open at `now` (aware), emergencies included. Never fails: a name that the hours in force
        do not have counts as always open, and is reported in the log once.
        """
        return self._state(self.schedules().get(schedule_name) or self._always_open(schedule_name), now)

    def queue_state(self, queue: str, now: datetime) -> OpenState | None:
        """As state, by the queue's own hours; None: it has none. See ivr.queue_hours for the line that leads to it."""
        own = self.source.queues().get(queue)
        return self._state(own, now) if own else None

    def _state(self, schedule: Schedule, now: datetime) -> OpenState:
        name = schedule.closed_with or schedule.name
        closings = [one for one in self._running(now) if one.concerns(name) and one.is_in_force(now)]
        return in_emergency(schedule, self._emergency(closings)) if closings else is_open(schedule, now)

    def _emergency(self, closings: Sequence[Closing]) -> Emergency:
        """The newest one's message, and the end of the one that lasts longest: until then nobody is there."""
        ends = [one.until for one in closings if one.until is not None]
        until = max(ends) if len(ends) == len(closings) else None
        return replace(closings[0].emergency(self._folder), until=until)

    def _running(self, now: datetime) -> Sequence[Closing]:
        with self._lock:
            asked_at_s = stopwatch_s()
            if self._read_at_s is not None and asked_at_s - self._read_at_s < self._fresh_for_s:
                return self._closings
            if self._reader is None or not self._reader.is_alive():
                self._reader_began_s = asked_at_s
                self._reader = threading.Thread(target=self._read, args=(now, asked_at_s), name="closings", daemon=True)
                self._reader.start()
            reader = self._reader
        reader.join(max(0.0, self._reader_began_s + PATIENCE_S - asked_at_s))
        if reader.is_alive():
            _log.warning("closings_not_read", why="too_slow")
        return self._closings

    def _read(self, now: datetime, asked_at_s: float) -> None:
        try:
            with self._database.reading() as session:
                self._closings = in_force(session, now)
        except (SQLAlchemyError, OSError) as problem:
            _log.warning("closings_not_read", why=type(problem).__name__)
        self._read_at_s = asked_at_s

    def _always_open(self, name: str) -> Schedule:
        if name not in self._unknown:
            self._unknown.add(name)
            _log.error("schedule_unknown", schedule=name)
        zone = next((schedule.zone for schedule in self.schedules().values()), ZoneInfo("UTC"))
        return Schedule(name, {}, zone, (ALL_DAY,) * 7)
