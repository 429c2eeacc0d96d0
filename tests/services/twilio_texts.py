"""Text messages without a network: the flows' messenger, the worker's part of it, and what stands in for Twilio."""

from datetime import UTC, datetime

from core.clock import VirtualClock
from core.database import Database
from core.twilio_settings import TwilioSettings
from crm.text_messages import TextMessage
from cti.twilio.jobs import send_texts
from cti.twilio.messenger import TwilioMessenger
from tests.twilio_requests import TWILIO
from tests.twilio_stand_in import StandIn

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
NUMBER, OTHER, LANDLINE = "+628112345678", "+628112345679", "+62215551234"
TEXT = "Pesanan HALO-1 tiba besok."


class Texts:
    """A messenger, the worker's part of it, and Twilio."""

    def __init__(self, database: Database, there: StandIn) -> None:
        self.database, self.there, self.clock, self.woken = database, there, VirtualClock(NOON), 0
        self.twilio: TwilioSettings = TWILIO.model_copy(update={"api_url": there.url})
        self.messenger = TwilioMessenger(self.twilio, database, self.clock, self._wake)

    def _wake(self) -> None:
        self.woken += 1

    def work(self) -> datetime | None:
        return send_texts(self.database, self.twilio, self.clock)

    def row(self, message_id: str) -> TextMessage:
        with self.database.reading() as session:
            return session.get_one(TextMessage, message_id)

    def status(self, message_id: str) -> str:
        return self.row(message_id).status
