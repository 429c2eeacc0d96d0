"""Messages on record: claimed once, never less than they were, counted by number."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from core.database import Database
from core.ids import new_id
from crm.text_messages import (
    TextMessage,
    TextNumber,
    TextStatus,
    allow_texts,
    claim_text,
    next_text_at,
    say_status,
    stop_texts,
    text_number,
    texts_due,
    texts_left_unknown,
    texts_within_the_hour,
    try_again,
)

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
NUMBER, OTHER = "+628112345678", "+628112345679"


def put(database: Database, number: str = NUMBER, at: datetime = NOON, status: TextStatus = TextStatus.QUEUED) -> str:
    message_id = new_id()
    with database.writing() as session:
        session.add(TextMessage(id=message_id, number=number, text="Tiba besok.", status=status, created_at=at, try_at=at))
        session.commit()
    return message_id


def claim(database: Database, message_id: str, at: datetime = NOON) -> bool:
    with database.writing() as session:
        claimed = claim_text(session, message_id, at) is not None
        session.commit()
    return claimed


def status_of(database: Database, message_id: str) -> str:
    with database.reading() as session:
        return session.get_one(TextMessage, message_id).status


def test_many_who_want_to_send_it_and_one_who_does(database: Database):
    message_id, start = put(database), threading.Barrier(8)

    def race(_: int) -> bool:
        start.wait(10)
        return claim(database, message_id)

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(race, range(8))) == 1
    assert status_of(database, message_id) == TextStatus.UNKNOWN


def test_who_dies_after_the_claim_leaves_it_unknown_and_unsent(database: Database):
    message_id = put(database)
    assert claim(database, message_id)
    later = NOON + timedelta(hours=5)
    assert not claim(database, message_id, later)
    with database.reading() as session:
        assert not texts_due(session, later, 10)
        assert [message.id for message in texts_left_unknown(session, NOON, later)] == [message_id]
        assert not texts_left_unknown(session, NOON - timedelta(minutes=5), NOON)


def test_a_message_that_was_not_taken_waits_for_its_next_try(database: Database):
    message_id, later = put(database), NOON + timedelta(seconds=30)
    with database.writing() as session:
        message = claim_text(session, message_id, NOON)
        assert message is not None
        assert message.tries == 1
        try_again(message, later)
        session.commit()
    with database.reading() as session:
        assert not texts_due(session, NOON, 10)
        assert texts_due(session, later, 10) == [message_id]
        assert next_text_at(session) == later


def test_when_none_waits_there_is_no_next_time(database: Database):
    put(database, status=TextStatus.SENT)
    with database.reading() as session:
        assert next_text_at(session) is None


def test_the_oldest_is_due_first(database: Database):
    second, first = put(database, at=NOON), put(database, at=NOON - timedelta(seconds=1))
    with database.reading() as session:
        assert texts_due(session, NOON, 10) == [first, second]
        assert texts_due(session, NOON, 1) == [first]


@pytest.mark.parametrize("order", list(permutations([TextStatus.SENT, TextStatus.DELIVERED, TextStatus.SENT])))
def test_news_in_any_order_ends_as_delivered(order):
    message = TextMessage(id="m", status=TextStatus.UNKNOWN, carrier_id="", error="")
    for minute, status in enumerate(order):
        say_status(message, status, NOON + timedelta(minutes=minute), "SM1")
    assert message.status == TextStatus.DELIVERED
    assert message.carrier_id == "SM1"
    assert message.sent_at is not None
    assert message.settled_at is not None


@pytest.mark.parametrize("settled", [TextStatus.DELIVERED, TextStatus.FAILED])
@pytest.mark.parametrize("said", list(TextStatus))
def test_what_is_settled_stays(settled, said):
    message = TextMessage(id="m", status=settled, carrier_id="SM1", error="", settled_at=NOON)
    assert not say_status(message, said, NOON + timedelta(hours=1), "SM2", "other")
    assert (message.status, message.carrier_id, message.settled_at) == (settled, "SM1", NOON)


def test_the_hour_counts_what_one_number_was_promised(database: Database):
    put(database, at=NOON - timedelta(minutes=60))
    put(database, at=NOON - timedelta(minutes=59))
    put(database, at=NOON, status=TextStatus.DELIVERED)
    put(database, at=NOON, status=TextStatus.FAILED)
    put(database, OTHER)
    with database.reading() as session:
        assert texts_within_the_hour(session, NUMBER, NOON) == 2


def test_a_number_that_stops_gets_nothing_that_waits_until_it_starts_again(database: Database):
    waiting, sent, others = put(database), put(database, status=TextStatus.SENT), put(database, OTHER)
    for at in (NOON, NOON + timedelta(days=1)):  # a person may say it twice: the first time counts
        with database.writing() as session:
            stop_texts(session, NUMBER, at)
            session.commit()
    with database.reading() as session:
        assert session.get_one(TextNumber, NUMBER).stopped_at == NOON
        assert session.get_one(TextMessage, waiting).error == "text_stopped"
    assert [status_of(database, each) for each in (waiting, sent, others)] == ["failed", "sent", "queued"]
    with database.writing() as session:
        allow_texts(session, NUMBER)
        session.commit()
    with database.reading() as session:
        assert session.get_one(TextNumber, NUMBER).stopped_at is None


def test_those_who_count_one_number_count_one_after_the_other(database: Database):
    """Each adds a message only while there are fewer than three: in a crowd of eight, three do."""
    start = threading.Barrier(8)

    def add_if_few(_: int) -> bool:
        start.wait(10)
        with database.writing() as session:
            text_number(session, NUMBER)
            if texts_within_the_hour(session, NUMBER, NOON) >= 3:
                return False
            session.add(TextMessage(id=new_id(), number=NUMBER, text="x", created_at=NOON, try_at=NOON))
            session.commit()
            return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(add_if_few, range(8))) == 3
