"""The call log: interactions and segments, written from the event log by one reader who remembers how far it came."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Event as StopSignal

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core.bus import START, EventBus
from core.clock import stopwatch_s
from core.database import Database
from core.errors import Unavailable
from core.event_archive import Checkpoint, archive, archived_keys
from core.events import Event, EventKind
from core.log import get_log, interaction_context
from cti.call_record import record
from cti.interaction_rows import InteractionRows

READER = "call_log"
BATCH = 500
GATHER_S = 0.5  # a batch of one costs as much as ten in one, and nobody reads the record sooner
ROLL_UP_EVERY_S = 60.0

log = get_log(__name__)


class CallLog:
    """Reads the stream and writes the record. Rows, archive and checkpoint are one transaction: a crash repeats nothing."""

    def __init__(self, database: Database, bus: EventBus, batch: int = BATCH) -> None:
        self._database = database
        self._bus = bus
        self._batch = batch
        self.ended_days: set[date] = set()  # UTC days with interactions that ended since somebody emptied this

    def write_next(self, wait_s: float) -> int:
        """Wait up to `wait_s` for events and record them; returns how many. Raises Unavailable, SQLAlchemyError."""
        with self._database.reading() as session:
            position = self._position(session)
        events = self._bus.read(position, wait_s, self._batch)
        if events:
            with self._database.writing() as session:
                if self._position(session, locked=True) != position:
                    return 0  # another process has written these meanwhile
                new = _new_events(session, events)
                _write_all(session, new, _record, complaint="event_not_recorded")
                _write_all(session, new, archive, complaint="event_not_archived")
                session.merge(Checkpoint(reader=READER, position=events[-1].position))
                session.commit()
            self.ended_days |= {day for event in events for day in _changed_days(event)}
        return len(events)

    @staticmethod
    def _position(session: Session, locked: bool = False) -> str:
        checkpoint = session.get(Checkpoint, READER, with_for_update=locked or None)
        return checkpoint.position if checkpoint else START


def _new_events(session: Session, events: list[Event]) -> list[Event]:
    """The events that nobody told before: not in an earlier batch, nor earlier in this one."""
    told = archived_keys(session, events)
    new = []
    for event in events:
        if event.key not in told:
            told.add(event.key)
            new.append(event)
    return new


def _changed_days(event: Event) -> list[date]:
    """The UTC days whose figures are other ones after this: that of a call's end, and of the offer of who was called back."""
    if event.kind is EventKind.INTERACTION_ANSWERED and event.data.get("callback"):
        return [(event.at - timedelta(seconds=float(event.data["wait_s"]))).date()]
    return [event.at.date()] if event.kind is EventKind.INTERACTION_ENDED else []


def _record(session: Session, events: list[Event]) -> None:
    rows = InteractionRows(session, events)
    for event in events:
        record(rows, event)


def _write_all(session: Session, events: list[Event], write: Callable[[Session, list[Event]], None], complaint: str) -> None:
    """Write all events in one savepoint. If they can't be, halve them until the one at fault stands alone and is left out:
    it must not stop all that follow. A failure of the database itself is no event's fault."""
    try:
        with session.begin_nested(), session.no_autoflush:
            write(session, events)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if len(events) > 1:
            half = len(events) // 2
            for part in (events[:half], events[half:]):
                _write_all(session, part, write, complaint)
            return
        with interaction_context(events[0].interaction_id):
            log.exception(complaint, kind=events[0].kind.value)


def run_call_log(
    call_log: CallLog, stopped: StopSignal, roll_up: Callable[[date], object], leads: Callable[[], bool] = lambda: True
) -> None:
    """Write until stopped, while we lead; when Redis or the database is away, wait and go on where it stood.

    Days with calls that ended are rolled up for the planner, at most once a minute.
    """
    rolled_up_s = 0.0
    while not stopped.is_set():
        if not leads():
            stopped.wait(GATHER_S)
            continue
        try:
            if 0 < call_log.write_next(wait_s=1.0) < BATCH:
                stopped.wait(GATHER_S)
            if call_log.ended_days and stopwatch_s() - rolled_up_s > ROLL_UP_EVERY_S:
                rolled_up_s = stopwatch_s()
                for day in sorted(call_log.ended_days):
                    roll_up(day)
                    call_log.ended_days.discard(day)
        except Unavailable as problem:
            log.warning("call_log_waits", why=problem.code)
            stopped.wait(0.5)
        except Exception:
            log.exception("call_log_failed")
            stopped.wait(1.0)
