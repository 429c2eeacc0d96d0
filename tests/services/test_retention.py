"""What is too old to keep goes, and nothing else: the voice of closings, and text messages."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from core.clock import SystemClock
from core.database import Database
from core.settings import load_settings
from crm.number_tries import NumberTries, forget_old_number_tries, may_name
from crm.text_messages import TextMessage, TextNumber, TextStatus, forget_texts, stop_texts
from ivr.closings import By, Message, Way, close_line, closings_folder, history, reopen
from ivr.retention import forget_by_age_job, forget_closing_recordings
from launch.settings_file import prepare_home, write_settings
from tests.unit.ivr.fake_line import NOW

RATNA = By("ratna", Way.PAGE)
DAY = timedelta(days=1)


def spoken(folder: Path, name: str, at: datetime) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"RIFF")
    os.utime(folder / name, (at.timestamp(), at.timestamp()))
    return name


def closed(
    database: Database,
    recording: str,
    at: datetime,
    reopened: datetime | None = None,
    until: datetime | None = None,
    schedule: str = "",
) -> None:
    with database.writing() as session:
        closing = close_line(session, schedule, until, Message(recording=recording), RATNA, at)
        if reopened:
            reopen(session, closing.id, RATNA, reopened)
        session.commit()


def test_the_voice_of_closings_that_have_long_been_over_goes_and_the_record_stays(database: Database, tmp_path: Path) -> None:
    folder = closings_folder(tmp_path)
    for name in ("reopened", "ended", "lately", "running", "nobodys"):
        spoken(folder, name, NOW - 100 * DAY)
    spoken(folder, "fresh", NOW)  # somebody is just about to close with it
    closed(database, "reopened", NOW - 100 * DAY, reopened=NOW - 99 * DAY)
    closed(database, "ended", NOW - 100 * DAY, until=NOW - 91 * DAY, schedule="one")
    closed(database, "lately", NOW - 100 * DAY, reopened=NOW - 89 * DAY, schedule="two")
    closed(database, "running", NOW - 100 * DAY, schedule="three")
    assert forget_closing_recordings(database, folder, NOW - 90 * DAY) == 3
    assert sorted(file.name for file in folder.iterdir()) == ["fresh", "lately", "running"]
    with database.reading() as session:
        assert {closing.recording for closing in history(session)} == {"reopened", "ended", "lately", "running"}
    assert forget_closing_recordings(database, folder, NOW - 90 * DAY) == 0


def test_an_old_voice_that_closes_again_is_kept(database: Database, tmp_path: Path) -> None:
    folder = closings_folder(tmp_path)
    spoken(folder, "voice", NOW - 100 * DAY)
    closed(database, "voice", NOW - 100 * DAY, reopened=NOW - 99 * DAY)
    closed(database, "voice", NOW - DAY)
    assert forget_closing_recordings(database, folder, NOW - 90 * DAY) == 0
    assert forget_closing_recordings(database, tmp_path / "never", NOW) == 0


def text(status: TextStatus, at: datetime) -> TextMessage:
    name = f"{status.value}-{at:%m%d}"
    return TextMessage(id=name, number="+628112345678", text="x", status=status, created_at=at, try_at=at)


def test_text_messages_go_by_age_but_for_those_that_wait_and_the_numbers_that_want_none(database: Database) -> None:
    with database.writing() as session:
        session.add_all(text(status, NOW - age * DAY) for status in TextStatus for age in (91, 89))
        stop_texts(session, "+628119999999", NOW - 400 * DAY)
        session.commit()
    with database.writing() as session:
        assert forget_texts(session, NOW - 90 * DAY) == len(TextStatus) - 1
        session.commit()
    with database.reading() as session:
        left = {(message.status, message.created_at) for message in session.scalars(select(TextMessage))}
        assert left == {(status, NOW - 89 * DAY) for status in TextStatus} | {(TextStatus.QUEUED, NOW - 91 * DAY)}
        assert session.scalars(select(TextNumber.number)).all() == ["+628119999999"]


def test_the_job_goes_by_the_settings_of_the_installation(database: Database, tmp_path: Path, monkeypatch) -> None:
    home, now = tmp_path / "home", SystemClock().now()
    prepare_home(home)
    url = database.engine.url.render_as_string(hide_password=False)
    given = {"HALO_DATABASE_URL": url, "HALO_TEXTS_KEPT_DAYS": "3", "HALO_CLOSING_RECORDINGS_KEPT_DAYS": "5"}
    write_settings(home, given)
    monkeypatch.setenv("HALO_HOME", str(home))
    monkeypatch.delenv("HALO_DATABASE_URL", raising=False)
    assert load_settings().texts_kept_days == 3
    for age in (4, 6):
        spoken(closings_folder(home), f"{age}", now - age * DAY)
    with database.writing() as session:
        session.add_all(text(TextStatus.SENT, now - age * DAY) for age in (2, 4))
        session.commit()
    forget_by_age_job()
    assert [file.name for file in closings_folder(home).iterdir()] == ["4"]
    with database.reading() as session:
        assert len(session.scalars(select(TextMessage)).all()) == 1


def test_who_named_numbers_is_forgotten_a_day_later_and_not_in_a_pause(database: Database) -> None:
    may_name(database, "+62811", NOW - 2 * DAY)
    may_name(database, "+62812", NOW)
    with database.writing() as session:
        in_a_pause = NumberTries(caller="+62813", named=70, last_at=NOW - 2 * DAY, locked_until=NOW - DAY / 2)
        session.add(in_a_pause)
        session.flush()
        forget_old_number_tries(session, NOW)
        session.commit()
        assert set(session.scalars(select(NumberTries.caller))) == {"+62812", "+62813"}
