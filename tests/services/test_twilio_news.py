"""What Twilio tells of messages: states in any order, and people who want no more."""

from datetime import UTC, datetime
from itertools import permutations
from xml.etree import ElementTree

import pytest
from structlog.testing import capture_logs

from core.clock import VirtualClock
from core.database import Database
from crm.text_messages import TextMessage, TextNumber, TextStatus
from cti.twilio.messenger import TwilioMessenger
from ivr.messages import NumberStopped
from tests.services.twilio_house import Twilio
from tests.twilio_requests import TWILIO, recorded

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
NUMBER, CARRIER_ID, MESSAGE_ID = (
    "+628112345678",
    recorded("message_delivered")["MessageSid"],
    "0b6c5a52-6f0b-4f0e-9f5f-0d8f6a1c2b3d",
)


@pytest.fixture
def message(database: Database) -> str:
    """A message that was claimed to be sent; Twilio's answer has not come."""
    with database.writing() as session:
        session.add(
            TextMessage(
                id=MESSAGE_ID,
                number=NUMBER,
                text="Tiba besok.",
                status=TextStatus.UNKNOWN,
                created_at=NOON,
                try_at=NOON,
                claimed_at=NOON,
            )
        )
        session.commit()
    return MESSAGE_ID


def row(database: Database) -> TextMessage:
    with database.reading() as session:
        return session.get_one(TextMessage, MESSAGE_ID)


def tell(twilio: Twilio, state: str, message_id: str = MESSAGE_ID, **changed: str) -> int:
    form = recorded("message_delivered", MessageStatus=state, SmsStatus=state, **changed)
    return twilio.ask("message-status", form, query=f"?message={message_id}").status_code


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered", "sending"])))
def test_states_in_any_order_end_as_delivered(twilio: Twilio, database: Database, message: str, order):
    for state in order:
        assert tell(twilio, state) == 204
    assert (row(database).status, row(database).carrier_id) == (TextStatus.DELIVERED, CARRIER_ID)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("accepted", "sent"),
        ("queued", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "delivered"),
        ("undelivered", "failed"),
        ("failed", "failed"),
        ("canceled", "failed"),
    ],
)
def test_a_message_of_unknown_fate_becomes_what_twilio_tells(twilio, database, message, state, status):
    tell(twilio, state)
    assert row(database).status == status


def test_why_it_was_not_delivered(twilio: Twilio, database: Database, message: str):
    assert twilio.ask("message-status", recorded("message_undelivered"), query=f"?message={message}").status_code == 204
    assert (row(database).status, row(database).error) == (TextStatus.FAILED, "twilio_30003")
    tell(twilio, "delivered")
    assert row(database).status == TextStatus.FAILED


def test_a_message_is_also_found_by_twilios_own_id(twilio: Twilio, database: Database, message: str):
    tell(twilio, "sent")
    assert tell(twilio, "delivered", message_id="") == 204
    assert row(database).status == TextStatus.DELIVERED


def test_a_message_that_is_not_ours_changes_nothing(twilio: Twilio, database: Database, message: str):
    assert tell(twilio, "delivered", message_id="another") == 204
    assert row(database).status == TextStatus.UNKNOWN


@pytest.mark.parametrize("changed", [{"MessageStatus": ""}, {"MessageStatus": "lost"}, {"MessageSid": ""}])
def test_what_tells_no_state_is_refused(twilio: Twilio, message: str, changed):
    form = recorded("message_delivered", **changed)
    assert twilio.ask("message-status", form, query=f"?message={message}").status_code == 400


# ---- those who want none -------------------------------------------------------------------------------------------


def says(twilio: Twilio, words: str, **changed: str) -> str:
    """Somebody texts us; returns the reply that Twilio is told to send, "" for none."""
    answer = twilio.ask("message", recorded("message_in", Body=words, **changed))
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    response = ElementTree.fromstring(answer.text)
    assert response.tag == "Response"
    return response.findtext("Message") or ""


def is_stopped(database: Database) -> bool:
    with database.reading() as session:
        found = session.get(TextNumber, NUMBER)
        return found is not None and found.stopped_at is not None


@pytest.mark.parametrize("words", ["STOP", "stop", " Stop. ", "BERHENTI", "berhenti sms", "UNSUBSCRIBE", "QUIT", "STOPALL"])
def test_who_says_stop_gets_no_more(twilio: Twilio, database: Database, words: str):
    says(twilio, words)
    messenger = TwilioMessenger(TWILIO, database, VirtualClock(NOON), lambda: None)
    with pytest.raises(NumberStopped):
        messenger.send_text(NUMBER, "Tiba besok.", "")


@pytest.mark.parametrize(("stop", "start"), [("STOP", "START"), ("BERHENTI", "MULAI"), ("stop", "unstop")])
def test_who_says_start_gets_them_again(twilio: Twilio, database: Database, stop: str, start: str):
    says(twilio, stop)
    assert is_stopped(database)
    says(twilio, start)
    assert not is_stopped(database)
    TwilioMessenger(TWILIO, database, VirtualClock(NOON), lambda: None).send_text(NUMBER, "Tiba besok.", "")


def test_a_service_with_words_of_its_own_says_what_they_mean(twilio: Twilio, database: Database):
    assert says(twilio, "udah ah", OptOutType="STOP") == ""
    assert is_stopped(database)
    says(twilio, "lagi dong", OptOutType="START")
    assert not is_stopped(database)


@pytest.mark.parametrize(
    "words", ["", "Kapan pesanan saya tiba?", "Jangan stop ya", "STOP kirim iklan tapi kabari pesanan", "HELP"]
)
def test_other_words_change_nothing(twilio: Twilio, database: Database, words: str):
    assert says(twilio, words) == ""
    assert not is_stopped(database)


def test_our_own_words_are_confirmed_and_twilios_are_left_to_it(twilio: Twilio):
    assert "MULAI" in says(twilio, "berhenti")
    assert "BERHENTI" in says(twilio, "mulai")
    assert says(twilio, "STOP") == says(twilio, "START") == ""


def test_a_sender_without_a_number_is_no_trouble(twilio: Twilio):
    assert says(twilio, "STOP", From="Telkomsel") == ""


def test_what_people_write_is_in_no_log(twilio: Twilio, message: str):
    with capture_logs() as lines:
        says(twilio, "Nomor KTP saya 3171234567890001")
        says(twilio, "STOP")
        tell(twilio, "delivered")
    assert lines
    assert [word for word in ("3171234567890001", "8112345678", "Tiba") if word in str(lines)] == []
