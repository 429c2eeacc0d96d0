"""Queues with hours of their own: closed with their schedule, and told to those who wait in their line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.clock import VirtualClock
from core.database import Database
from ivr.callback_promise import DUE_AFTER
from ivr.closings import EVERY_SCHEDULE, By, Message, Way, close_line, reopen
from ivr.hours import Why
from ivr.hours_file import SHIPPED_FILE
from ivr.hours_now import Hours
from ivr.hours_source import OWN_FILE
from ivr.outcome import CallBack, CallerGone, RouteTo
from ivr.reception import Reception, Waiting
from tests.unit.ivr.fake_desk import FakeDesk, wishes
from tests.unit.ivr.fake_line import HANG_UP, FakeLine

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Jakarta
HOUR = timedelta(hours=1)
RATNA = By("Ratna", Way.PAGE)
QUEUES = """
queues:
  billing: office
  technical: {schedule: office, week: {daily: 00:00-24:00}, holidays: none}
"""


@pytest.fixture
def hours(database: Database, tmp_path: Path) -> Hours:
    own = tmp_path / OWN_FILE
    own.parent.mkdir()
    own.write_text(SHIPPED_FILE.read_text(encoding="utf-8") + QUEUES, encoding="utf-8")
    return Hours(tmp_path, database, fresh_for_s=0)


def close(database: Database, schedule: str) -> int:
    with database.writing() as session:
        closing = close_line(session, schedule, None, Message(), RATNA, NOW)
        session.commit()
        return closing.id


def end(database: Database, closing_id: int) -> None:
    with database.writing() as session:
        reopen(session, closing_id, RATNA, NOW)
        session.commit()


def test_a_queue_has_its_own_hours_and_its_schedules_closings(database: Database, hours: Hours) -> None:
    night = NOW + 14 * HOUR

    def is_open(queue: str, now: datetime) -> bool:
        state = hours.queue_state(queue, now)
        assert state is not None
        return state.open

    assert hours.queue_state("sales", NOW) is None
    assert [is_open(queue, NOW) for queue in ("billing", "technical")] == [True, True]
    assert [is_open(queue, night) for queue in ("billing", "technical")] == [False, True]
    close(database, "hotline")
    assert is_open("technical", NOW)
    closing = close(database, "office")
    state = hours.queue_state("technical", NOW)
    assert state is not None
    assert (state.why, state.emergency is not None) == (Why.EMERGENCY, True)
    end(database, closing)
    assert is_open("technical", NOW)
    close(database, EVERY_SCHEDULE)
    assert not is_open("technical", NOW)


def test_a_caller_in_line_is_told_when_the_queue_has_closed_meanwhile(database: Database, hours: Hours, tmp_path: Path) -> None:
    clock = VirtualClock(NOW)
    reception = Reception(database, clock, "Asia/Jakarta", tmp_path, hours=hours)

    def heard(queue: str) -> list[str]:
        line = FakeLine(language="en")
        reception.wait_on(line, queue, 1, may_leave=False)
        return line.keys_heard

    assert heard("billing") == ["waiting_next"]
    clock.advance(14 * 3600)
    assert heard("billing") == ["waiting_next", "queue_closed_meanwhile"]
    assert heard("technical") == heard("general") == ["waiting_next"]
    close(database, "office")
    assert heard("billing") == ["hours_emergency"], "nobody knows who is still there"
    assert heard("general") == ["waiting_next"]


def test_a_caller_in_line_hears_the_message_of_an_emergency_once_and_the_key_for_a_call_back(
    database: Database, hours: Hours, tmp_path: Path
) -> None:
    reception = Reception(database, VirtualClock(NOW), "Asia/Jakarta", tmp_path, hours=hours)
    closing = close(database, "office")
    told: set[int] = set()

    def is_news(number: int) -> bool:
        return number not in told and told.add(number) is None

    def heard() -> list[str]:
        line = FakeLine(language="en")
        reception.wait_on(line, "billing", 2, is_news=is_news)
        return line.keys_heard

    assert heard() == ["hours_emergency", "waiting_call_back"]
    assert heard() == ["waiting_position", "waiting_call_back"]
    assert told == {closing}


@pytest.mark.parametrize(
    ("keys", "may_leave", "wants"), [("1", True, True), ("2", True, False), ("", True, False), ("1", False, False)]
)
def test_a_caller_in_line_is_told_the_key_for_a_call_back_and_may_press_it_over_the_words(
    database: Database, hours: Hours, tmp_path: Path, keys: str, may_leave: bool, wants: bool
) -> None:
    reception = Reception(database, VirtualClock(NOW), "Asia/Jakarta", tmp_path, hours=hours)
    line = FakeLine([keys], language="en")
    assert reception.wait_on(line, "billing", 1, may_leave=may_leave) is wants
    assert ("waiting_call_back" in line.keys_heard) is may_leave


def test_the_call_back_of_who_waits_then_is_due_when_it_is_open_again(database: Database, hours: Hours, tmp_path: Path) -> None:
    clock, desk = VirtualClock(NOW + 14 * HOUR), FakeDesk()
    reception = Reception(database, clock, "Asia/Jakarta", tmp_path, desk, hours=hours)
    outcome = reception.offer_callback(FakeLine(["1", "1"], language="id"), Waiting("billing", "bill", None), lambda: True)
    assert outcome == CallBack("billing", "bill")
    (wish,) = wishes(desk)
    assert wish.due_at == datetime(2026, 11, 25, 1, 0, tzinfo=UTC) + DUE_AFTER  # eight in the morning in Jakarta


def test_a_call_finds_its_team_closed(database: Database, hours: Hours, tmp_path: Path) -> None:
    reception = Reception(database, VirtualClock(NOW + 14 * HOUR), "Asia/Jakarta", tmp_path, FakeDesk(), hours=hours)
    line = FakeLine(["3", "2", HANG_UP])
    assert reception.receive("hotline", line) == CallerGone()
    assert line.keys_heard[-3:] == ["closed_billing", "queue_opens_next", "queue_closed_menu_1"]
    line = FakeLine(["3", "3"])
    assert isinstance(reception.receive("hotline", line), RouteTo)
