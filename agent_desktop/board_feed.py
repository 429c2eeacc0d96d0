"""One wallboard for all who look at it: folded once from today's events, then kept true by the live log."""

import threading
from collections.abc import Callable
from datetime import datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from agent_desktop.fanout import EventFanout
from core.bus import EventBus
from core.clock import Clock
from core.database import Database
from core.event_archive import events_since
from core.events import Event, EventKind
from core.log import get_log
from routing.agents import load_profiles
from routing.board import Board
from routing.expected_live import OverflowLive
from routing.live import LiveStore
from routing.policy_in_force import PolicySource

_BATCH = 1000
_SHOWN_ELSEWHERE = frozenset({EventKind.POLICY_PUBLISHED, EventKind.AGENT_SKILLS_CHANGED})  # no count moves, what is shown does
_log = get_log(__name__)
_Seen = TypeVar("_Seen")


class BoardFeed:
    """Shares one Board among all supervisors of this process; thread-safe."""

    def __init__(
        self,
        database: Database,
        store: LiveStore,
        bus: EventBus,
        fanout: EventFanout,
        policy: PolicySource,
        clock: Clock,
        time_zone: str,
    ) -> None:
        self._database, self._store, self._bus, self._fanout = database, store, bus, fanout
        self._policy, self._clock, self._time_zone = policy, clock, time_zone
        self._changed = threading.Condition()
        self._starting = threading.Lock()
        self._board: Board | None = None
        self._listening = False
        self._early: list[Event] = []
        self._version = 0

    def look(self, view: Callable[[Board, datetime], _Seen]) -> tuple[int, _Seen]:
        """What `view` makes of the board as of now, and the board's version. The first look folds the day."""
        self._start()
        with self._changed:
            assert self._board is not None
            return self._version, view(self._board, self._clock.now())

    def version(self) -> int:
        """The board's version; it grows with every change. 0 before the first look."""
        return self._version

    def wait(self, known_version: int, wait_s: float) -> int:
        """Wait until the board is newer than `known_version`, at most `wait_s`; returns its version."""
        with self._changed:
            self._changed.wait_for(lambda: self._version > known_version, wait_s)
            return self._version

    def _start(self) -> None:
        with self._starting:
            if self._board is not None:
                return
            if not self._listening:
                self._fanout.listen(self._take)
                self._listening = True
            now = self._clock.now()
            with self._database.reading() as session:
                board = Board(self._policy(), load_profiles(session), self._time_zone)
            snapshot = self._store.snapshot()
            board.overflowing = OverflowLive(self._store).all()
            board.start(snapshot, self._events_of_today(now), now)
            with self._changed:
                for event in self._early:
                    board.apply(event, self._clock.now())
                self._early.clear()
                self._board = board
                self._version += 1
            _log.info("board_started", waiting=len(board.waiting), agents=len(board.agents))

    def _events_of_today(self, now: datetime) -> list[Event]:
        """From the archive as far as it has come, then from the log; the board drops what comes twice."""
        zone = ZoneInfo(self._time_zone)
        midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
        with self._database.reading() as session:
            events = list(events_since(session, midnight))
        position = events[-1].position if events else f"{int(midnight.timestamp() * 1000)}-0"
        while later := self._bus.read(position, most=_BATCH):
            events += later
            position = later[-1].position
        return events

    def _take(self, events: list[Event]) -> None:
        with self._changed:
            if self._board is None:
                self._early += events
                return
            if any(event.kind is EventKind.POLICY_PUBLISHED for event in events):
                self._board.policy = self._policy()
            if any(
                event.kind is EventKind.AGENT_SKILLS_CHANGED or not self._board.knows(event.agent_id)
                for event in events
                if event.agent_id
            ):
                with self._database.reading() as session:
                    self._board.learn(load_profiles(session))
            moved = [self._board.apply(event, self._clock.now()) or event.kind in _SHOWN_ELSEWHERE for event in events]
            if any(moved):
                self._version += 1
                self._changed.notify_all()
