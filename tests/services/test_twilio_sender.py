"""Text messages on their way to Twilio: what can go wrong, and that nothing is sent twice."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from core.database import Database
from core.ids import new_id
from crm.text_messages import TextMessage, TextStatus, claim_text
from cti.twilio.text_sender import GIVE_UP, TextSender, wait_after
from ivr.messages import NumberStopped
from tests.conftest import free_port
from tests.services.twilio_texts import NOON, NUMBER, OTHER, TEXT, Texts
from tests.twilio_stand_in import LOST, StandIn


@pytest.mark.parametrize("number", ["21211", "21408", "21614", "20003"])
def test_a_refused_message_has_failed(texts: Texts, number: str):
    texts.there.plan = [number]
    message_id = texts.messenger.send_text(NUMBER, TEXT, "")
    assert texts.work() is None
    assert (texts.status(message_id), texts.row(message_id).error) == (TextStatus.FAILED, f"twilio_{number}")
    texts.clock.advance(60)
    texts.work()
    assert texts.there.asked == 1


def test_too_many_requests_are_tried_again_later_and_sent_once(texts: Texts):
    texts.there.plan = ["20429", "http 429"]
    message_id = texts.messenger.send_text(NUMBER, TEXT, "")
    come_back = texts.work()
    assert come_back == NOON + wait_after(1)
    texts.work()
    assert texts.there.asked == 1, "not before its time"
    while come_back is not None:
        texts.clock.advance((come_back - texts.clock.now()).total_seconds())
        come_back = texts.work()
    assert (texts.status(message_id), len(texts.there.taken), texts.there.asked) == (TextStatus.SENT, 1, 3)


def test_no_connection_is_tried_again_until_it_is_too_late(database: Database):
    there = StandIn(url=f"http://127.0.0.1:{free_port()}")
    texts = Texts(database, there)
    message_id = texts.messenger.send_text(NUMBER, TEXT, "")
    tries = 0
    while (come_back := texts.work()) is not None:
        tries += 1
        texts.clock.advance((come_back - texts.clock.now()).total_seconds())
    assert (texts.status(message_id), texts.row(message_id).error) == (TextStatus.FAILED, "text_too_late")
    assert GIVE_UP < texts.clock.now() - NOON < 2 * GIVE_UP
    assert 4 <= tries <= 10


@pytest.mark.parametrize("end", ["20500", "http 502", LOST])
def test_an_unknown_end_stays_unknown_is_reported_and_not_sent_again(texts: Texts, end: str):
    texts.there.plan = [end]
    with capture_logs() as lines:
        message_id = texts.messenger.send_text(NUMBER, TEXT, "")
        texts.work()
    assert texts.status(message_id) == TextStatus.UNKNOWN
    (line,) = [line for line in lines if line["event"] == "text_unknown"]
    assert (line["log_level"], line["message_id"]) == ("error", message_id)
    texts.clock.advance(3600)
    assert texts.work() is None
    assert texts.there.asked == 1


def test_while_the_carrier_is_away_the_others_wait_instead_of_becoming_unknown(texts: Texts):
    texts.there.plan = ["20500"]
    ids = [texts.messenger.send_text(f"+62811234567{digit}", TEXT, "") for digit in range(5)]
    come_back = texts.work()
    assert sorted(texts.status(message_id) for message_id in ids) == ["queued"] * 4 + ["unknown"]
    assert come_back is not None
    assert come_back > NOON
    texts.clock.advance((come_back - NOON).total_seconds())
    assert texts.work() is None
    assert len(texts.there.taken) == 4


def test_a_refused_message_does_not_hold_up_the_next(texts: Texts):
    texts.there.plan = ["21211"]
    bad, good = texts.messenger.send_text(NUMBER, TEXT, ""), texts.messenger.send_text(OTHER, TEXT, "")
    texts.work()
    assert {texts.status(bad), texts.status(good)} == {TextStatus.FAILED, TextStatus.SENT}


def test_a_number_that_twilio_has_blocked_is_sent_no_more(texts: Texts):
    texts.there.plan = ["21610"]
    message_id = texts.messenger.send_text(NUMBER, TEXT, "")
    texts.work()
    assert texts.row(message_id).error == "twilio_21610"
    with pytest.raises(NumberStopped):
        texts.messenger.send_text(NUMBER, TEXT, "")


def test_a_crash_between_sending_and_marking_sends_nothing_twice(texts: Texts):
    message_id = texts.messenger.send_text(NUMBER, TEXT, "")

    def send_and_die(*_: str) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        TextSender(texts.database, send_and_die, texts.clock).send_due()
    assert texts.status(message_id) == TextStatus.UNKNOWN
    texts.work()
    assert texts.there.asked == 0


def test_news_that_comes_before_the_answer_is_not_undone_by_it(texts: Texts):
    message_id = texts.messenger.send_text(NUMBER, TEXT, "")

    def send(*_: str) -> str:
        with texts.database.writing() as session:
            session.get_one(TextMessage, message_id).status = TextStatus.DELIVERED
            session.commit()
        return "SM1"

    TextSender(texts.database, send, texts.clock).send_due()
    row = texts.row(message_id)
    assert (row.status, row.carrier_id) == (TextStatus.DELIVERED, "SM1")


def test_a_message_that_another_has_claimed_is_left_alone(texts: Texts):
    message_id = texts.messenger.send_text(NUMBER, TEXT, "")
    with texts.database.writing() as session:
        claim_text(session, message_id, NOON)
        session.commit()
    texts.work()
    assert texts.there.asked == 0


def test_waits_grow_to_a_limit():
    waits = [wait_after(tries) for tries in range(12)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=5)
    assert waits[-1] == waits[-2] < GIVE_UP


def test_no_log_line_has_the_number_or_the_text(texts: Texts):
    texts.there.plan = ["created", "21211", "20429", "20500"]
    with capture_logs() as lines:
        for digit in range(4):
            texts.messenger.send_text(f"+62811234567{digit}", TEXT, new_id())
        for _ in range(4):
            texts.work()
            texts.clock.advance(30)
    assert len(lines) >= 8
    assert "811234567" not in str(lines)
    assert "tiba" not in str(lines)
