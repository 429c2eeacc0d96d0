"""Text messages by way of Twilio: accepted here, in one transaction with every rule about them; sent by the worker."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from core.clock import Clock
from core.database import Database
from core.errors import HaloError, Unavailable
from core.ids import derived_id, new_id
from core.log import get_log
from core.twilio_settings import TwilioSettings
from crm.phone_numbers import takes_texts
from crm.text_messages import (
    DAY,
    HOUR,
    TextMessage,
    TextStatus,
    all_texts_since,
    lock_all_texts,
    text_number,
    texts_within_the_hour,
)
from ivr.messages import MessageId, NumberStopped, NumberUnfit, TextsSpent, TextTooLong, TooManyTexts
from ivr.text_length import MOST_SEGMENTS, segments

log = get_log(__name__)


class TwilioMessenger:
    """The flows' Messenger. `wake` makes the worker look for messages to send."""

    available = True

    def __init__(self, twilio: TwilioSettings, database: Database, clock: Clock, wake: Callable[[], object]) -> None:
        self._twilio, self._database, self._clock, self._wake = twilio, database, clock, wake
        self._refused, self._refused_told_at = 0, datetime.min.replace(tzinfo=UTC)
        self._counting = Lock()

    def send_text(self, to_e164: str, text: str, about: str) -> MessageId:
        """See ivr.messages.Messenger. It may wait for the database's lock, so not while a caller hears nothing."""
        if not takes_texts(to_e164):
            raise NumberUnfit
        if not 1 <= segments(text) <= MOST_SEGMENTS:
            raise TextTooLong(segments(text))
        try:
            message_id, is_new = self._accept(to_e164, text, about)
        except SQLAlchemyError as problem:
            log.error("text_not_stored", why=type(problem).__name__)  # only its kind: a driver's text quotes the message
            raise Unavailable("The database takes no message just now.", "Run ./halo doctor.") from None
        except TextsSpent as problem:
            self._tell_refused(problem)
            raise
        if is_new:
            log.info("text_accepted", message_id=message_id, interaction_id=about)
            try:
                self._wake()
            except HaloError as problem:
                log.warning("text_waits", message_id=message_id, why=problem.code)  # sent with the next one that gets through
        return MessageId(message_id)

    def _accept(self, number: str, text: str, about: str) -> tuple[str, bool]:
        message_id, now = derived_id("text", about, number, text) if about else new_id(), self._clock.now()
        with self._database.writing() as session:
            row = text_number(session, number)
            before = session.get(TextMessage, message_id)
            if before is not None and before.status != TextStatus.FAILED:
                return message_id, False
            if row.stopped_at is not None:
                raise NumberStopped
            if texts_within_the_hour(session, number, now) >= self._twilio.texts_per_hour:
                raise TooManyTexts(self._twilio.texts_per_hour)
            lock_all_texts(session)
            hour, day = (all_texts_since(session, now - span) for span in (HOUR, DAY))
            if hour >= self._twilio.all_texts_per_hour or day >= self._twilio.all_texts_per_day:
                raise TextsSpent
            message_id = message_id if before is None else new_id()
            session.add(
                TextMessage(id=message_id, number=number, text=text, interaction_id=about, created_at=now, try_at=now)
            )  # fmt: skip
            session.commit()
        return message_id, True

    def _tell_refused(self, problem: TextsSpent) -> None:
        """Once an hour, with how many were refused since the last time: whoever does this on purpose must not fill the log, too."""
        now = self._clock.now()
        with self._counting:
            self._refused += 1
            if now - self._refused_told_at < HOUR:
                return
            refused, self._refused, self._refused_told_at = self._refused, 0, now
        log.error("texts_spent", refused=refused, why=problem.message, next_step=problem.next_step)
