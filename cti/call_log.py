"""The call log: interactions and segments, written from the event log by one reader who remembers how far it came."""

from collections.abc import Callable
from datetime import date
from threading import Event as StopSignal

from sqlalchemy.orm import Session

from core.bus import START, EventBus
from core.clock import stopwatch_s
from core.database import Database
from core.errors import Unavailable
from core.event_archive import Checkpoint, archive, is_archived
from core.events import Event, EventKind
from core.log import get_log, interaction_context
from cti.call_record import record

READER = "call_log"
BATCH = 500
ROLL_UP_EVERY_S = 60.0

log = get_log(__name__)


class CallLog:
    """Reads the stream and writes the record. Rows, archive and checkpoint are one transaction: a crash repeats nothing."""

    def __init__(self, database: Database, bus: EventBus) -> None:
        self._database = database
        self._bus = bus
        self.ended_days: set[date] = set()  # UTC days with interactions that ended since somebody emptied this

    def write_next(self, wait_s: float) -> int:
        """Wait up to `wait_s` for events and record them; returns how many. Raises Unavailable, SQLAlchemyError."""
        with self._database.reading() as session:
            position = self._position(session)
        events = self._bus.read(position, wait_s, BATCH)
        if events:
            with self._database.writing() as session:
                told: set[str] = set()
                for event in events:
                    if event.key not in told:
                        self._record(session, event)
                    told.add(event.key)
                archive(session, events)
                session.merge(Checkpoint(reader=READER, position=events[-1].position))
                session.commit()
            self.ended_days |= {event.at.date() for event in events if event.kind is EventKind.INTERACTION_ENDED}
        return len(events)

    @staticmethod
    def _position(session: Session) -> str:
        checkpoint = session.get(Checkpoint, READER)
        return checkpoint.position if checkpoint else START

    @staticmethod
    def _record(session: Session, event: Event) -> None:
        if is_archived(session, event.key):
            return
        try:
            with session.begin_nested():
                record(session, event)
        except Exception:  # an event that can't be recorded stays in the archive; it must not stop all that follow
            with interaction_context(event.interaction_id):
                log.exception("event_not_recorded", kind=event.kind.value)


def run_call_log(call_log: CallLog, stopped: StopSignal, roll_up: Callable[[date], object]) -> None:
    """Write until stopped; when Redis or the database is away, wait and go on where it stood.

    Days with calls that ended are rolled up for the planner, at most once a minute.
    """
    rolled_up_s = 0.0
    while not stopped.is_set():
        try:
            call_log.write_next(wait_s=1.0)
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
