"""The call log: interactions and segments, written from the event log by one reader who remembers how far it came."""

from threading import Event as StopSignal

from sqlalchemy.orm import Session

from core.bus import START, EventBus
from core.database import Database
from core.errors import Unavailable
from core.event_archive import Checkpoint, archive, is_archived
from core.events import Event
from core.log import get_log, interaction_context
from cti.call_record import record

READER = "call_log"
BATCH = 500

log = get_log(__name__)


class CallLog:
    """Reads the stream and writes the record. Rows, archive and checkpoint are one transaction: a crash repeats nothing."""

    def __init__(self, database: Database, bus: EventBus) -> None:
        self._database = database
        self._bus = bus

    def write_next(self, wait_s: float) -> int:
        """Wait up to `wait_s` for events and record them; returns how many. Raises Unavailable, SQLAlchemyError."""
        with self._database.reading() as session:
            position = self._position(session)
        events = self._bus.read(position, wait_s, BATCH)
        if events:
            with self._database.writing() as session:
                for event in events:
                    self._record(session, event)
                archive(session, events)
                session.merge(Checkpoint(reader=READER, position=events[-1].position))
                session.commit()
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


def run_call_log(call_log: CallLog, stopped: StopSignal) -> None:
    """Write until stopped; when Redis or the database is away, wait and go on where it stood."""
    while not stopped.is_set():
        try:
            call_log.write_next(wait_s=1.0)
        except Unavailable as problem:
            log.warning("call_log_waits", why=problem.code)
            stopped.wait(0.5)
        except Exception:
            log.exception("call_log_failed")
            stopped.wait(1.0)
