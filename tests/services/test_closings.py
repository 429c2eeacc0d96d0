"""Emergency closings: in force at once for the next call, ended by themselves or by hand, and kept with who and when."""

import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.clock import VirtualClock, stopwatch_s
from core.database import Database
from core.errors import BadInput, NotFound
from ivr.closing_recording import LONGEST_S, keep_recording
from ivr.closings import (
    EVERY_SCHEDULE,
    LONGEST_TEXT,
    By,
    Closing,
    Message,
    Way,
    close_again,
    close_line,
    closings_folder,
    history,
    in_force,
    reopen,
)  # fmt: skip
from ivr.hours import Why
from ivr.hours_now import PATIENCE_S, Hours
from ivr.reception import Reception
from ivr.voice import recording_problem
from tests.unit.ivr.fake_line import HANG_UP, FakeLine

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Jakarta
HOUR = timedelta(hours=1)
RATNA, WAYAN = By("Ratna", Way.PAGE), By("Wayan", Way.PHONE)
FIRE = Message({"id": "Ada kebakaran.", "en": "There is a fire."})


def close(database: Database, schedule: str = EVERY_SCHEDULE, until: datetime | None = None, now: datetime = NOW) -> int:
    with database.writing() as session:
        closing = close_line(session, schedule, until, FIRE, RATNA, now)
        session.commit()
        return closing.id


def end(database: Database, closing_id: int, now: datetime = NOW) -> bool:
    with database.writing() as session:
        ended = reopen(session, closing_id, WAYAN, now)
        session.commit()
        return ended is not None


def running(database: Database, now: datetime) -> list[str]:
    with database.reading() as session:
        return [closing.schedule for closing in in_force(session, now)]


@pytest.fixture
def hours(database: Database, tmp_path: Path) -> Hours:
    return Hours(tmp_path, database, fresh_for_s=0)


def test_a_closing_counts_at_once_and_for_its_own_schedule(database: Database, hours: Hours) -> None:
    assert hours.state("office", NOW).open
    close(database, "office")
    state = hours.state("office", NOW)
    assert (state.open, state.why, state.opens_next) == (False, Why.EMERGENCY, None)
    assert state.emergency is not None
    assert state.emergency.text == FIRE.text
    assert hours.state("hotline", NOW).open


def test_a_closing_of_all_closes_every_schedule_even_one_that_nobody_wrote_down(database: Database, hours: Hours) -> None:
    close(database)
    assert {hours.state(name, NOW).why for name in ("office", "hotline", "elsewhere")} == {Why.EMERGENCY}


@pytest.mark.parametrize("longer", [None, NOW + 5 * HOUR])
def test_of_two_closings_callers_hear_the_end_of_the_longer_one(database: Database, hours: Hours, longer: datetime | None) -> None:
    close(database, "office", until=longer)
    close(database, EVERY_SCHEDULE, until=NOW + HOUR)
    assert hours.state("office", NOW).opens_next == longer
    assert hours.state("hotline", NOW).opens_next == NOW + HOUR


def test_it_ends_by_itself(database: Database, hours: Hours) -> None:
    close(database, until=NOW + HOUR)
    assert not hours.state("office", NOW + HOUR - timedelta(seconds=1)).open
    assert hours.state("office", NOW + HOUR).open
    assert hours.state("office", NOW).opens_next == NOW + HOUR


def test_it_ends_by_hand_and_is_kept(database: Database, hours: Hours) -> None:
    closing_id = close(database)
    assert end(database, closing_id, NOW + HOUR)
    assert hours.state("office", NOW + HOUR).open
    with database.reading() as session:
        (kept,) = history(session)
    assert (kept.closed_by, kept.closed_way, kept.ended_by, kept.ended_way) == ("Ratna", "page", "Wayan", "phone")
    assert (kept.starts_at, kept.ended_at) == (NOW, NOW + HOUR)


def test_reopening_twice_changes_nothing(database: Database) -> None:
    closing_id = close(database)
    assert end(database, closing_id)
    assert not end(database, closing_id, NOW + HOUR)
    with database.reading() as session:
        assert history(session)[0].ended_at == NOW
    with pytest.raises(NotFound):
        end(database, 999)


def test_one_that_is_over_by_itself_can_not_be_reopened(database: Database) -> None:
    closing_id = close(database, until=NOW + HOUR)
    assert not end(database, closing_id, NOW + 2 * HOUR)


def test_a_second_closing_of_the_same_schedule_replaces_the_first(database: Database) -> None:
    close(database, "office")
    close(database, "office", until=NOW + 3 * HOUR, now=NOW + HOUR)
    close(database, "hotline", now=NOW + HOUR)
    assert running(database, NOW + HOUR) == ["hotline", "office"]
    with database.reading() as session:
        assert history(session)[2].ended_at == NOW + HOUR
    assert running(database, NOW + 3 * HOUR) == ["hotline"]


def test_a_reopening_can_be_taken_back(database: Database, hours: Hours) -> None:
    closing_id = close(database, until=NOW + 2 * HOUR)
    end(database, closing_id)
    with database.writing() as session:
        again = close_again(session, closing_id, RATNA, NOW + HOUR)
        session.commit()
    state = hours.state("office", NOW + HOUR)
    assert state.emergency is not None
    assert (again.until, state.emergency.text) == (NOW + 2 * HOUR, FIRE.text)
    with database.writing() as session, pytest.raises(BadInput):
        close_again(session, closing_id, RATNA, NOW + 2 * HOUR)


@pytest.mark.parametrize(("until", "message"), [(NOW, FIRE), (NOW - HOUR, FIRE), (None, Message({"en": "x" * (LONGEST_TEXT + 1)}))])
def test_what_can_not_be_meant_is_refused(database: Database, until: datetime | None, message: Message) -> None:
    with database.writing() as session, pytest.raises(BadInput):
        close_line(session, EVERY_SCHEDULE, until, message, RATNA, NOW)


def test_a_recording_is_found_in_its_folder(database: Database, hours: Hours, tmp_path: Path) -> None:
    with database.writing() as session:
        close_line(session, "office", None, Message(recording="fire.wav"), RATNA, NOW)
        session.commit()
    emergency = hours.state("office", NOW).emergency
    assert emergency is not None
    assert emergency.recording == closings_folder(tmp_path) / "fire.wav"


class SlowDatabase:
    """Answers when it is let; counts how often it is asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked = 0
        self.fails = False
        self.may_answer = threading.Event()
        self.may_answer.set()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        self.asked += 1
        self.may_answer.wait(10)
        if self.fails:
            raise OperationalError("SELECT", {}, Exception("gone"))
        with self._database.reading() as session:
            yield session


@pytest.fixture
def slow(database: Database) -> SlowDatabase:
    return SlowDatabase(database)


def patient(slow: SlowDatabase, home: Path, fresh_for_s: float) -> Hours:
    return Hours(home, slow, fresh_for_s)  # type: ignore[arg-type]  # reads only


def test_within_its_time_the_database_is_asked_once(slow: SlowDatabase, tmp_path: Path) -> None:
    hours = patient(slow, tmp_path, fresh_for_s=60)
    began_s = stopwatch_s()
    for _ in range(200):
        hours.state("office", NOW)
    assert slow.asked == 1
    assert (stopwatch_s() - began_s) / 200 < 0.005


def test_a_dead_database_leaves_what_was_known(database: Database, slow: SlowDatabase, tmp_path: Path) -> None:
    hours = patient(slow, tmp_path, fresh_for_s=0)
    close(database, "office", until=NOW + HOUR)
    assert not hours.state("office", NOW).open
    slow.fails = True
    assert not hours.state("office", NOW).open
    assert hours.state("office", NOW + HOUR).open  # its end was known too


def test_a_stuck_database_costs_one_call_a_moment_and_the_next_nothing(
    database: Database, slow: SlowDatabase, tmp_path: Path
) -> None:
    hours = patient(slow, tmp_path, fresh_for_s=0)
    close(database, "office")
    slow.may_answer.clear()
    began_s = stopwatch_s()
    assert hours.state("office", NOW).open
    first_s = stopwatch_s() - began_s
    assert hours.state("office", NOW).open
    assert slow.asked == 1
    assert first_s < 2 * PATIENCE_S
    assert stopwatch_s() - began_s - first_s < PATIENCE_S
    slow.may_answer.set()
    while hours.state("office", NOW).open:
        pass


def write_wav(file: Path, length_s: float, rate: int = 8000, channels: int = 1) -> Path:
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"\x10\x20" * int(length_s * rate) * channels)
    return file


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2), (16000, 1)])
def test_a_sound_file_is_made_fit_for_the_telephone(tmp_path: Path, rate: int, channels: int) -> None:
    name = keep_recording(tmp_path, write_wav(tmp_path / "brought.wav", 2.0, rate, channels))
    kept = closings_folder(tmp_path) / name
    assert recording_problem(kept) == ""
    with wave.open(str(kept), "rb") as sound:
        assert abs(sound.getnframes() / 8000 - 2.0) < 0.05


@pytest.mark.parametrize("length_s", [0.1, LONGEST_S + 5])
def test_a_sound_that_is_too_short_or_too_long_is_refused(tmp_path: Path, length_s: float) -> None:
    with pytest.raises(BadInput):
        keep_recording(tmp_path, write_wav(tmp_path / "brought.wav", length_s))
    assert list(closings_folder(tmp_path).iterdir()) == []


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "brought.wav").write_bytes(b"GIF89a")
    with pytest.raises(BadInput):
        keep_recording(tmp_path, tmp_path / "brought.wav")


def test_closings_are_rows_of_their_own(database: Database) -> None:
    first, second = close(database, "office"), close(database, "office")
    with database.reading() as session:
        assert session.get_one(Closing, first).ended_at == NOW
        assert session.get_one(Closing, second).ended_at is None


def test_the_next_caller_of_the_hotline_hears_it(database: Database, tmp_path: Path) -> None:
    reception = Reception(
        database, VirtualClock(NOW), "Asia/Jakarta", tmp_path / "messages", hours=Hours(tmp_path, database, fresh_for_s=0)
    )

    began: list[str] = []

    def heard() -> list[str]:
        line = FakeLine([HANG_UP], language="en")
        reception.receive("hotline", line)
        began.append(line.flows[-1][2])
        return line.heard

    assert "There is a fire." not in heard()
    closing_id = close(database)
    assert "There is a fire." in heard()
    assert began == ["main_menu", "closed_menu"]
    end(database, closing_id)
    assert "There is a fire." not in heard()
