"""The worker that sends text messages: woken at once, and killed in the middle of one."""

import subprocess
import sys
from pathlib import Path

import pytest
import redis
from rq import Queue as JobQueue
from rq import SimpleWorker

from core.clock import SystemClock, VirtualClock
from core.database import Database
from core.errors import HaloError
from core.job_queue import JOB_QUEUE
from core.settings import load_settings
from crm.text_messages import TextMessage, TextNumber, TextStatus, next_text_at
from cti.twilio.jobs import messenger_for, send_texts_job, wake_sender
from ivr.messages import NoMessenger
from launch.settings_file import prepare_home, write_settings
from tests.services.twilio_texts import NOON, NUMBER, TEXT, Texts
from tests.twilio_requests import AUTH_TOKEN, PUBLIC_URL, TWILIO
from tests.twilio_stand_in import SILENT
from workforce.jobs import enqueue_roll_up


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
