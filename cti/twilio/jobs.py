"""Work for the rq worker: sending the text messages that wait. A job may be lost or run twice and does no harm."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from rq.exceptions import DuplicateJobError

from core.clock import Clock, SystemClock
from core.database import Database
from core.job_queue import job_queue
from core.log import get_log
from core.settings import Settings, load_settings
from core.twilio_settings import TwilioSettings, load_twilio
from cti.twilio.api import TwilioApi
from cti.twilio.messenger import TwilioMessenger
from cti.twilio.text_sender import TextSender
from ivr.messages import Messenger, NoMessenger

_TIME_LIMIT_S = 300
_SECOND_LOOK = timedelta(seconds=60)
_GRID_S = 5  # a job that comes back never meets its own id: it comes back after at least so long
_KEPT_S = 600
_WAITS_AT_MOST_S = 3600

log = get_log(__name__)


def messenger_for(settings: Settings, database: Database, clock: Clock) -> Messenger:
    """The flows' messenger: Twilio's when it is connected, else one that is not available. Raises SettingsError."""
    twilio = load_twilio(settings.home)
    if twilio is None:
        return NoMessenger()
    return TwilioMessenger(twilio, database, clock, lambda: wake_sender(settings.redis_url, clock.now()))


def send_texts(database: Database, twilio: TwilioSettings, clock: Clock) -> datetime | None:
    """Send what waits; returns when to come back. See TextSender.send_due."""
    api = TwilioApi(twilio)

    def send(number: str, text: str, message_id: str) -> str:
        return api.send_text(number, text, f"{twilio.public_url}/carriers/twilio/message-status?message={message_id}")

    return TextSender(database, send, clock).send_due()


def send_texts_job() -> None:
    """The same as a job, which comes back when something is left."""
    settings, clock = load_settings(), SystemClock()
    twilio = load_twilio(settings.home)
    if twilio is None:
        log.warning("texts_wait", why="twilio_not_connected")
        return
    database = Database(settings.database)
    try:
        come_back_at = send_texts(database, twilio, clock)
    finally:
        database.dispose()
    if come_back_at is not None:
        look_again(settings.redis_url, come_back_at)


def wake_sender(redis_url: str, now: datetime) -> None:
    """Have the worker look at once, and a minute later again: a job that it lost must not cost a message.

    Raises Unavailable when Redis does not answer.
    """
    with job_queue(redis_url) as queue:
        queue.enqueue_call(
            send_texts_job, timeout=_TIME_LIMIT_S, result_ttl=0, ttl=_WAITS_AT_MOST_S, failure_ttl=_KEPT_S, at_front=True
        )
    look_again(redis_url, now + _SECOND_LOOK, grid_s=int(_SECOND_LOOK.total_seconds()))


def look_again(redis_url: str, at: datetime, grid_s: int = _GRID_S) -> None:
    """Have the worker look at the next full `grid_s` from `at` on, once. Raises Unavailable when Redis does not answer."""
    at = datetime.fromtimestamp(-(-at.timestamp() // grid_s) * grid_s, UTC)
    with job_queue(redis_url) as queue, suppress(DuplicateJobError):
        queue.enqueue_at(
            at, send_texts_job, job_id=f"texts-{int(at.timestamp())}", unique=True, job_timeout=_TIME_LIMIT_S, result_ttl=0,
            ttl=_WAITS_AT_MOST_S, failure_ttl=_KEPT_S,
        )  # fmt: skip
