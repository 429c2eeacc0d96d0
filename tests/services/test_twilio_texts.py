"""Text messages as a flow wishes them: never twice, never to those who want none, never too many."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.clock import VirtualClock
from core.database import Database
from core.errors import Unavailable
from core.ids import new_id
from crm.text_messages import TextStatus
from cti.twilio.messenger import TwilioMessenger
from ivr.messages import NumberUnfit, TextsSpent, TextTooLong, TooManyTexts
from tests.services.twilio_texts import LANDLINE, NOON, NUMBER, OTHER, TEXT, Texts
from tests.twilio_requests import PUBLIC_URL, TWILIO


def test_a_wish_is_accepted_at_once_and_sent_by_the_worker(texts: Texts):
    about = new_id()
    message_id = texts.messenger.send_text(NUMBER, TEXT, about)
    assert (texts.status(message_id), texts.woken, texts.there.asked) == (TextStatus.QUEUED, 1, 0)
    assert texts.work() is None
    row = texts.row(message_id)
    assert (row.status, row.carrier_id, row.sent_at, row.interaction_id) == (TextStatus.SENT, f"SM{1:032x}", NOON, about)
    (form,) = texts.there.taken
    assert (form["To"], form["Body"]) == (NUMBER, TEXT)
    assert form["StatusCallback"] == f"{PUBLIC_URL}/carriers/twilio/message-status?message={message_id}"


def test_the_same_wish_in_one_interaction_is_one_message(texts: Texts):
    about = new_id()
    first, second = (texts.messenger.send_text(NUMBER, TEXT, about) for _ in range(2))
    texts.work()
    third = texts.messenger.send_text(NUMBER, TEXT, about)
    texts.work()
    assert first == second == third
    assert len(texts.there.taken) == 1
    others = {texts.messenger.send_text(NUMBER, TEXT, new_id()), texts.messenger.send_text(NUMBER, f"{TEXT} Ya.", about)}
    others.add(texts.messenger.send_text(OTHER, TEXT, about))
    texts.work()
    assert len(others | {first}) == len(texts.there.taken) == 4


def test_without_an_interaction_each_wish_is_a_message(texts: Texts):
    assert texts.messenger.send_text(NUMBER, TEXT, "") != texts.messenger.send_text(NUMBER, TEXT, "")


def test_what_failed_may_be_wished_again(texts: Texts):
    texts.there.plan = ["21606"]
    about = new_id()
    first = texts.messenger.send_text(NUMBER, TEXT, about)
    texts.work()
    second = texts.messenger.send_text(NUMBER, TEXT, about)
    texts.work()
    assert [texts.status(first), texts.status(second)] == [TextStatus.FAILED, TextStatus.SENT]


@pytest.mark.parametrize("number", ["", "08112345678", "628112345678", "+62", "+628", LANDLINE, "sip:x@y", "+62 811 2345 678"])
def test_only_a_mobile_number_in_its_full_form_is_taken(texts: Texts, number: str):
    with pytest.raises(NumberUnfit):
        texts.messenger.send_text(number, TEXT, "")


@pytest.mark.parametrize("text", ["", "a" * 613, "中" * 269])
def test_no_empty_text_and_none_of_more_than_four_segments(texts: Texts, text: str):
    with pytest.raises(TextTooLong):
        texts.messenger.send_text(NUMBER, text, "")
    texts.messenger.send_text(NUMBER, text[1:] or "a", "")


def test_no_more_than_so_many_an_hour_to_one_number(texts: Texts):
    for _ in range(texts.twilio.texts_per_hour):
        texts.messenger.send_text(NUMBER, TEXT, new_id())
    with pytest.raises(TooManyTexts) as refused:
        texts.messenger.send_text(NUMBER, TEXT, new_id())
    assert refused.value.retryable
    texts.messenger.send_text(OTHER, TEXT, new_id())
    texts.clock.advance(3600)
    texts.messenger.send_text(NUMBER, TEXT, new_id())


@pytest.mark.parametrize(("limit", "span_s"), [("all_texts_per_hour", 3600), ("all_texts_per_day", 24 * 3600)])
def test_no_more_than_so_many_to_all_numbers_together_and_the_log_says_so_once_an_hour(texts: Texts, limit: str, span_s: float):
    twilio = texts.twilio.model_copy(update={limit: 3})
    messenger = TwilioMessenger(twilio, texts.database, texts.clock, lambda: None)
    for last in range(3):
        messenger.send_text(f"+62811234560{last}", TEXT, new_id())
    with capture_logs() as lines:
        for last in range(3, 9):
            with pytest.raises(TextsSpent) as refused:
                messenger.send_text(f"+62811234560{last}", TEXT, new_id())
        assert refused.value.retryable
        assert [line["event"] for line in lines] == ["texts_spent"]
        texts.clock.advance(3599)
        with pytest.raises(TextsSpent):
            messenger.send_text(NUMBER, TEXT, new_id())
        assert len(lines) == 1
    texts.clock.advance(span_s - 3599)
    messenger.send_text(NUMBER, TEXT, new_id())


def test_a_failed_message_counts_for_the_limit_of_all_numbers_since_it_may_have_cost(texts: Texts):
    messenger = TwilioMessenger(
        texts.twilio.model_copy(update={"all_texts_per_hour": 1}), texts.database, texts.clock, lambda: None
    )
    texts.there.plan = ["21211"]
    message_id = messenger.send_text(NUMBER, TEXT, "")
    texts.work()
    assert texts.status(message_id) == TextStatus.FAILED
    with pytest.raises(TextsSpent):
        messenger.send_text(OTHER, TEXT, "")


def test_a_database_that_is_away_is_said_without_the_text(tmp_path: Path):
    broken = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(Unavailable) as raised, capture_logs() as lines:
        TwilioMessenger(TWILIO, broken, VirtualClock(NOON), lambda: None).send_text(NUMBER, TEXT, "")
    broken.dispose()
    assert TEXT not in str(lines) + str(raised.value)
    assert raised.value.__suppress_context__


def test_when_nobody_can_be_woken_the_message_waits_for_the_next(texts: Texts):
    def away() -> None:
        raise Unavailable("away")

    message_id = TwilioMessenger(texts.twilio, texts.database, texts.clock, away).send_text(NUMBER, TEXT, "")
    assert texts.status(message_id) == TextStatus.QUEUED
    texts.work()
    assert texts.status(message_id) == TextStatus.SENT
