"""Sends the messages that wait: each is claimed before it goes out, so that whoever dies in between sends none twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from core.clock import Clock, stopwatch_s
from core.database import Database
from core.errors import HaloError, Unavailable
from core.log import get_log, interaction_context
from crm.text_messages import TextMessage, TextStatus, claim_text, next_text_at, say_status, stop_texts, texts_due, try_again
from cti.twilio.errors import UNSUBSCRIBED, NotTaken, OutcomeUnknown

GIVE_UP = timedelta(minutes=15)
TOO_LATE = "text_too_late"
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5, 320
_BATCH = 20
ROUND_S = 120.0  # below the time that the job queue gives a job

log = get_log(__name__)
_Send = Callable[[str, str, str], str]  # number, text, our id -> the carrier's id


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries in vain: 5 s, 20 s, 80 s, then always 320 s."""
    return timedelta(seconds=min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 4 ** max(0, tries - 1)))


class TextSender:
    """`send` hands one message to the carrier, and raises NotTaken, Refused or OutcomeUnknown."""

    def __init__(self, database: Database, send: _Send, clock: Clock) -> None:
        self._database, self._send, self._clock = database, send, clock

    def send_due(self) -> datetime | None:
        """Send what may be sent now; returns when to come back, None when nothing waits. Raises Unavailable.

        When the carrier seems to be away, the rest waits: it must not become a pile of messages of unknown fate.
        """
        try:
            began_s, well = stopwatch_s(), True
            while well and stopwatch_s() - began_s < ROUND_S:
                with self._database.reading() as session:
                    due = texts_due(session, self._clock.now(), _BATCH)
                if not due:
                    break
                well = all(self._send_one(message_id) for message_id in due)
            with self._database.reading() as session:
                next_at = next_text_at(session)
        except SQLAlchemyError as problem:
            # Only its kind: a driver's text quotes number and message.
            raise Unavailable(f"The database failed ({type(problem).__name__}).", "Run ./halo doctor.") from None
        return None if next_at is None else max(next_at, self._clock.now() + wait_after(1))

    def _send_one(self, message_id: str) -> bool:
        """Returns False when the carrier seems to be away."""
        now = self._clock.now()
        with self._database.writing() as session:
            message = claim_text(session, message_id, now)
            if message is not None and now - message.created_at > GIVE_UP:
                say_status(message, TextStatus.FAILED, now, error=TOO_LATE)
                log.warning("text_failed", message_id=message_id, why=TOO_LATE)
            session.commit()
        if message is None or message.status == TextStatus.FAILED:
            return True
        with interaction_context(message.interaction_id):
            try:
                carrier_id = self._send(message.number, message.text, message.id)
            except HaloError as problem:
                return self._take_in(message, problem)
            self._settle(message_id, TextStatus.SENT, carrier_id=carrier_id)
            log.info("text_sent", message_id=message_id, carrier_id=carrier_id)
        return True

    def _take_in(self, message: TextMessage, problem: HaloError) -> bool:
        if isinstance(problem, OutcomeUnknown):  # it is marked so since the claim
            log.error("text_unknown", message_id=message.id, why=problem.message, next_step=problem.next_step)
            return False
        if isinstance(problem, NotTaken):
            at = self._clock.now() + wait_after(message.tries)
            with self._database.writing() as session:
                try_again(session.get_one(TextMessage, message.id), at)
                session.commit()
            log.warning("text_not_taken", message_id=message.id, why=problem.message, tries=message.tries)
            return False
        self._settle(message.id, TextStatus.FAILED, error=problem.code)
        if problem.code == UNSUBSCRIBED:
            with self._database.writing() as session:
                stop_texts(session, message.number, self._clock.now())
                session.commit()
        log.error("text_failed", message_id=message.id, why=problem.code, next_step=problem.next_step)
        return True

    def _settle(self, message_id: str, status: TextStatus, carrier_id: str = "", error: str = "") -> None:
        with self._database.writing() as session:
            say_status(session.get_one(TextMessage, message_id), status, self._clock.now(), carrier_id, error)
            session.commit()
