"""Keeps what every caller may expect up to date, between the calls: it looks again when something happened, and never for long."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from core.clock import Clock, stopwatch_s
from core.database import Database
from core.errors import Unavailable
from core.events import Event, EventKind
from core.log import get_log
from cti.dispatcher import Dispatcher
from cti.floor import Floor
from cti.overflow_watch import OverflowWatch
from routing.expectations import Expectation
from routing.expected_live import ExpectedLive
from routing.handling_times import HandlingTimes
from routing.outlook import NEWCOMER, outlook

_GATHER_S = 0.2  # what happens at once is looked at once
_REST = 20  # after each look so many times as long as it took
_AT_ONCE_S = 0.002  # so long at most before calls have their turn
_RECALLED = timedelta(days=7)
_MOVES = frozenset({
    EventKind.INTERACTION_QUEUED, EventKind.INTERACTION_ANSWERED, EventKind.INTERACTION_ABANDONED, EventKind.INTERACTION_ENDED,
    EventKind.CALLBACK_PROMISED, EventKind.CALLBACK_WITHDRAWN, EventKind.CALLBACK_MISSED, EventKind.AGENT_STATE_CHANGED,
    EventKind.AGENT_SKILLS_CHANGED, EventKind.POLICY_PUBLISHED,
})  # fmt: skip

log = get_log(__name__)


class ExpectedWaits:
    """`run` until cancelled; tell it events with `take_note`, and `begin` whenever this process begins to lead."""

    def __init__(
        self,
        clock: Clock,
        database: Database,
        dispatcher: Dispatcher,
        floor: Floor,
        live: ExpectedLive,
        overflow: OverflowWatch,
        term: Callable[[], str],
    ) -> None:
        self._clock, self._database, self._dispatcher, self._floor = clock, database, dispatcher, floor
        self._live, self._overflow, self._term = live, overflow, term
        self._times = HandlingTimes()
        self._book: dict[str, Expectation] = {}
        self._known: set[str] = set()
        self._wake, self._new_rules = asyncio.Event(), False

    async def begin(self) -> None:
        """Go on with what the leader before us expected, and with how long calls took lately."""
        try:
            self._book = self._live.all()
            self._overflow.begin()
        except Unavailable as problem:
            log.warning("expectations_not_recalled", why=problem.code)
        try:  # apart: without the records of late nothing that is noted may be forgotten
            self._times = await asyncio.to_thread(self._recall)
        except SQLAlchemyError as problem:
            log.warning("handling_times_not_recalled", why=type(problem).__name__)
        self._known = set(self._book)
        self._wake.set()

    def take_note(self, event: Event) -> None:
        """Learn from what happened, and look again."""
        if event.kind in _MOVES:
            self._times.take(event)
            self._new_rules |= event.kind is EventKind.POLICY_PUBLISHED
            self._wake.set()

    async def run(self) -> None:
        """Look again whenever something happened."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(None if self._dispatcher.paused else self._overflow.next_due_s()):
                    await self._wake.wait()
            await asyncio.sleep(_GATHER_S)
            self._wake.clear()
            took_s = 0.0
            if not self._dispatcher.paused:
                try:
                    took_s = await self.look()
                except Unavailable as problem:
                    log.warning("expectations_wait", why=problem.code)
                except Exception:  # nobody waits longer for it; it is looked at again at the next event
                    log.exception("expectations_failed")
            await asyncio.sleep(_REST * took_s)

    async def look(self) -> float:
        """Look once; returns the seconds that it took."""
        now, new_rules = self._clock.now(), self._new_rules
        self._new_rules = False
        if new_rules:
            self._overflow.begin()
        floor = self._dispatcher.assignments.floor_now(self._floor.taken, now)
        found: dict[str, Expectation] = {}
        began_s = turn_s = stopwatch_s()
        took_s = 0.0
        for name, expectation in outlook(floor, self._times, self._book, self._known, new_rules):
            if expectation is not None:
                found[name] = expectation
            if stopwatch_s() - turn_s > _AT_ONCE_S:
                took_s += stopwatch_s() - turn_s
                await asyncio.sleep(0)
                turn_s = stopwatch_s()
        took_s += stopwatch_s() - turn_s
        queues = {standing.place.interaction_id: standing.place.queue for standing in floor.line}
        self._write(found, queues, now)
        self._known = set(queues)
        self._overflow.look(floor, found)
        log.debug("expectations", waiting=len(queues), took_s=round(stopwatch_s() - began_s, 4))
        return took_s

    def _write(self, found: dict[str, Expectation], queues: dict[str, str], now: datetime) -> None:
        new = {name: expectation for name, expectation in found.items() if self._book.get(name) != expectation}
        gone = [name for name in self._book if name not in found]
        told = [_event(name, each, queues, now) for name, each in new.items() if _is_news(self._book.get(name), each)]
        told += [_event(name, None, queues, now) for name in gone if name in queues or name.startswith(NEWCOMER)]
        if (new or gone) and not self._live.write(self._term(), new, gone, told):
            return  # another leads
        self._book = found

    def _recall(self) -> HandlingTimes:
        times = HandlingTimes()
        with self._database.reading() as session:
            times.recall(session, self._clock.now() - _RECALLED)
        return times


def _is_news(before: Expectation | None, now: Expectation) -> bool:
    return before is None or before.told_s != now.told_s


def _event(name: str, expectation: Expectation | None, queues: dict[str, str], now: datetime) -> Event:
    is_newcomer = name not in queues
    data: dict[str, object] = {"queue": name.removeprefix(NEWCOMER) if is_newcomer else queues[name]}
    if expectation is not None:
        waits_s = expectation.wait_s(0.0 if is_newcomer else now.timestamp())
        data |= {key: round(wait_s, 1) for key, wait_s in zip(("expected_s", "low_s", "high_s"), waits_s, strict=True)}
        data["cause"] = expectation.cause.value
    return Event(EventKind.WAIT_EXPECTED, now, "" if is_newcomer else name, data=data)
