"""Text messages from the flow's wish to what became of them: never twice, never to those who want none, never too many."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from rq import Queue as JobQueue
from rq import SimpleWorker
from structlog.testing import capture_logs

from core.clock import SystemClock, VirtualClock
from core.database import Database
from core.errors import HaloError, Unavailable
from core.ids import new_id
from core.job_queue import JOB_QUEUE
from core.settings import load_settings
from core.twilio_settings import TwilioSettings
from crm.text_messages import TextMessage, TextNumber, TextStatus, claim_text, next_text_at
from cti.twilio.jobs import messenger_for, send_texts, send_texts_job, wake_sender
from cti.twilio.messenger import TwilioMessenger
from cti.twilio.text_sender import GIVE_UP, TextSender, wait_after
from ivr.messages import NoMessenger, NumberStopped, NumberUnfit, TextTooLong, TooManyTexts
from launch.settings_file import prepare_home, write_settings
from tests.conftest import free_port
from tests.twilio_requests import AUTH_TOKEN, PUBLIC_URL, TWILIO
from tests.twilio_stand_in import LOST, SILENT, StandIn, stand_in
from workforce.jobs import enqueue_roll_up

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


@pytest.fixture
def texts(database: Database) -> Iterator[Texts]:
    with stand_in() as there:
        yield Texts(database, there)


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


# ---- what can go wrong on the way ----------------------------------------------------------------------------------


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


# ---- the worker ----------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, database: Database, redis_url: str, texts: Texts, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with Twilio connected, on this test's database and Redis."""
    prepare_home(tmp_path / "home")
    password, _, place = redis_url.removeprefix("redis://:").partition("@")
    given = {
        "HALO_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "HALO_REDIS_PASSWORD": password,
        "HALO_REDIS_PORT": place.partition(":")[2].partition("/")[0],
        "HALO_TWILIO_ACCOUNT_SID": TWILIO.account_sid,
        "HALO_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "HALO_TWILIO_FROM_NUMBER": TWILIO.from_number,
        "HALO_TWILIO_PUBLIC_URL": PUBLIC_URL,
        "HALO_TWILIO_SIP_ADDRESS": TWILIO.sip_address,
        "HALO_TWILIO_API_URL": texts.there.url,
    }
    write_settings(tmp_path / "home", given)
    monkeypatch.setenv("HALO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_worker_sends_what_the_flows_messenger_accepted(home: Path, texts: Texts, redis_url: str):
    messenger = messenger_for(load_settings(home), texts.database, SystemClock())
    assert messenger.available
    message_id = messenger.send_text(NUMBER, TEXT, "")
    connection = redis.Redis.from_url(redis_url)
    queue = JobQueue(JOB_QUEUE, connection=connection)
    SimpleWorker([queue], connection=connection).work(burst=True)
    assert texts.status(message_id) == TextStatus.SENT
    assert len(queue.scheduled_job_registry) == 1, "a second look, should a job be lost"
    wake_sender(redis_url, SystemClock().now())
    SimpleWorker([queue], connection=connection).work(burst=True)
    assert len(texts.there.taken) == 1
    connection.close()


def test_a_caller_who_waits_for_a_message_does_not_stand_behind_roll_ups(redis_url: str):
    enqueue_roll_up(redis_url, NOON.date())
    wake_sender(redis_url, NOON)
    connection = redis.Redis.from_url(redis_url)
    names = [job.func_name.rpartition(".")[2] for job in JobQueue(JOB_QUEUE, connection=connection).jobs]
    connection.close()
    assert names == ["send_texts_job", "roll_up_job"]


def test_a_worker_killed_in_the_middle_of_a_message_sends_it_no_second_time(home: Path, texts: Texts):
    """The message has reached Twilio, whose answer has not come; kill -9; then another worker."""
    texts.there.plan = [SILENT]
    message_id = texts.messenger.send_text(NUMBER, TEXT, "")
    code = "from cti.twilio.jobs import send_texts_job; send_texts_job()"
    with texts.database.writing() as session:  # the job runs on the real clock
        row = session.get_one(TextMessage, message_id)
        row.created_at = row.try_at = SystemClock().now()
        session.commit()
    worker = subprocess.Popen([sys.executable, "-c", code])
    assert texts.there.arrived.acquire(timeout=30)
    worker.kill()
    worker.wait(10)
    assert texts.status(message_id) == TextStatus.UNKNOWN
    send_texts_job()
    assert (texts.there.asked, len(texts.there.taken)) == (1, 1)
    assert texts.status(message_id) == TextStatus.UNKNOWN
    with texts.database.reading() as session:
        assert next_text_at(session) is None


def test_without_twilio_nothing_is_available_and_nothing_lost(tmp_path: Path, database: Database):
    write_settings(tmp_path, {})
    messenger = messenger_for(load_settings(tmp_path), database, VirtualClock(NOON))
    assert isinstance(messenger, NoMessenger)
    assert not messenger.available
    with pytest.raises(HaloError):
        messenger.send_text(NUMBER, TEXT, "")
    with database.reading() as session:
        assert session.get(TextNumber, NUMBER) is None
