"""The control line: who may close by phone, and what the next caller meets."""

import wave
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from agent_desktop.accounts import Role, create_user, may_close_lines
from core.clock import VirtualClock
from core.database import Database
from core.errors import BadInput, Unavailable
from crm.throttle import FIRST_PAUSE
from ivr.closings import By, Message, Way, close_line, closings_folder, history
from ivr.control_line import ControlLine
from ivr.control_pins import TRIES_UNTIL_PAUSE, control_number, identify_controller, remove_control_pin, set_control_pin
from ivr.hours import Why
from ivr.hours_now import Hours
from ivr.line import HungUp, Prompt, Recording
from tests.unit.ivr.fake_line import HANG_UP, FakeLine

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PIN = "270184"


class House:
    def __init__(self, database: Database, home: Path) -> None:
        self.database, self.home, self.clock = database, home, VirtualClock(NOW)
        self.hours, self.zone = Hours(home, database, fresh_for_s=0), "Asia/Jakarta"
        self.allowed: Callable[[], bool] = lambda: True
        with database.writing() as session:
            self.number = set_control_pin(session, "ratna", "Ratna", "en", PIN, NOW)
            session.commit()

    def call(self, *does: str, says: tuple[Recording | None, ...] = (), hang_up_at: int | None = None) -> FakeLine:
        line = FakeLine(does, recorded=says, hang_up_at=hang_up_at)
        self.line().run(line)
        return line

    def line(self) -> ControlLine:
        def may_close(_session: Session, login: str) -> bool:
            return login == "ratna" and self.allowed()

        return ControlLine(self.home, self.database, self.hours, self.clock, self.zone, may_close)

    def enter(self, *does: str, says: tuple[Recording | None, ...] = ()) -> FakeLine:
        return self.call(self.number, PIN, *does, says=says)

    def spoken(self, length_s: float = 2.0) -> Recording:
        file = self.home / f"spoken-{length_s}.wav"
        with wave.open(str(file), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(b"\x10\x20" * int(8000 * length_s))
        return Recording(file, length_s)

    def why(self, schedule: str = "office") -> Why:
        return self.hours.state(schedule, self.clock.now()).why


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path)


def test_a_message_by_phone_closes_all_lines(house: House) -> None:
    line = house.enter("1", "1", "0", "1", says=(house.spoken(),))
    state = house.hours.state("hotline", NOW)
    assert (state.why, state.opens_next) == (Why.EMERGENCY, None)
    assert state.emergency is not None
    assert state.emergency.recording is not None
    assert state.emergency.recording.parent == closings_folder(house.home)
    assert state.emergency.recording.exists()
    assert "Closed. The next caller hears the message." in line.heard
    with house.database.reading() as session:
        (closing,) = history(session)
    assert (closing.closed_by, closing.closed_way) == ("Ratna", Way.PHONE)


def test_hours_are_hours_that_pass_when_the_clock_is_put_back_meanwhile(house: House) -> None:
    house.zone, before = "Europe/Amsterdam", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)  # half an hour before it is
    house.clock.advance((before - NOW).total_seconds())
    house.enter("1", "3", "3", "2", "3", says=(house.spoken(), None))
    with house.database.reading() as session:
        assert history(session)[0].until == before + timedelta(hours=3)


def test_one_line_for_some_hours_with_the_standard_message(house: House) -> None:
    house.enter("1", "3", "2", "2", "3", says=(house.spoken(), None))
    assert (house.why("office"), house.why("hotline")) == (Why.EMERGENCY, Why.REGULAR)
    state = house.hours.state("office", NOW)
    assert state.emergency is not None
    assert (state.emergency.recording, state.emergency.until) == (None, NOW + timedelta(hours=2))


def test_the_recording_is_heard_before_it_counts(house: House) -> None:
    spoken = house.spoken()
    line = house.enter("1", "1", "0", "*", says=(spoken,))
    assert [prompt.recording for prompt in line.spoken if prompt.recording] == [spoken.file]
    assert house.why() is Why.REGULAR
    assert "Nothing was changed." in line.heard
    assert not spoken.file.exists()  # what was said and not used is not kept


class GoneInTheMiddle(FakeLine):
    """Hangs up while they speak."""

    def record(self, *prompts: Prompt, most_s: float, silence_s: float) -> Recording | None:
        raise HungUp(super().record(*prompts, most_s=most_s, silence_s=silence_s))


def test_who_hangs_up_in_the_middle_of_the_message_leaves_nothing_behind(house: House) -> None:
    spoken = house.spoken()
    house.line().run(GoneInTheMiddle((house.number, PIN, "1", "1", "0"), recorded=(spoken,)))
    assert house.why() is Why.REGULAR
    assert not spoken.file.exists()


@pytest.mark.parametrize("does", [("1", "9"), ("1", "1", "*"), ("1", "1", "0", "*"), ("1",), (), ("7",), ("1", "1", "0", "1")])
def test_whatever_is_not_finished_closes_nothing(house: House, does: tuple[str, ...]) -> None:
    house.enter(*does)
    assert house.why() is Why.REGULAR


def test_a_recording_that_is_too_short_is_asked_for_again(house: House) -> None:
    house.enter("1", "1", "0", "1", "3", says=(house.spoken(0.3), house.spoken(2.0)))
    state = house.hours.state("office", NOW)
    assert state.why is Why.EMERGENCY
    assert state.emergency is not None
    assert state.emergency.recording is None


def test_reopening_ends_every_closing(house: House) -> None:
    with house.database.writing() as session:
        for schedule in ("office", "hotline", ""):
            close_line(session, schedule, None, Message(), By("Wayan", Way.PAGE), NOW)
        session.commit()
    line = house.enter("2")
    assert "Open again, as the schedule says." in line.heard
    assert {house.why("office"), house.why("hotline")} == {Why.REGULAR}
    assert "Nothing was closed by hand." in house.enter("2").heard


def test_a_key_too_many_of_the_pin_reopens_nothing(house: House) -> None:
    with house.database.writing() as session:
        close_line(session, "", None, Message(), By("Wayan", Way.PAGE), NOW)
        session.commit()
    house.call(house.number, PIN + "2")
    assert house.why() is Why.EMERGENCY


def test_who_knows_the_way_presses_over_the_state_and_from_question_to_question(house: House) -> None:
    line = house.enter("110", says=(house.spoken(),))
    asked = [line.keys_heard.index(key) for key in ("control_schedule", "control_menu", "control_close_all", "control_how_long")]
    assert asked == sorted(asked)
    assert "control_record" in line.keys_heard


def test_the_state_is_told_first_and_when_asked_for(house: House) -> None:
    line = house.enter("3")
    assert line.heard.count("About Head office.") == 2
    assert line.heard.count("We are open now, until eight in the evening.") == 2


def test_the_pin_is_typed_while_nothing_is_recorded_and_only_the_pin(house: House) -> None:
    assert house.enter().privacies == 1


def test_a_pin_is_not_asked_for_when_nobody_is_sure_that_nothing_is_recorded(house: House) -> None:
    class Recorded(FakeLine):
        def private(self) -> AbstractContextManager[None]:
            raise Unavailable("Asterisk does not answer.", "")

    line = Recorded((house.number, PIN, "1", "1"))
    house.line().run(line)
    assert "We are sorry, something went wrong on our side." in line.heard
    assert house.why() is not Why.EMERGENCY


def test_a_wrong_pin_lets_nobody_in(house: House) -> None:
    line = house.call(house.number, "111112", "9999", PIN, house.number, "123456", "1", "1", "0", "3")
    assert house.why() is Why.REGULAR
    assert line.heard[-1].startswith("Terima kasih")
    assert not any("press one" in text for text in line.heard)


@pytest.mark.parametrize("use", range(0, 12))
def test_a_hang_up_at_any_moment_is_no_error(house: House, use: int) -> None:
    house.call(house.number, PIN, "1", "1", "0", "1", says=(house.spoken(),), hang_up_at=use)
    assert house.call(house.number, HANG_UP) is not None


def test_a_dead_database_is_said(house: House, database: Database) -> None:
    class Dead:
        def __getattr__(self, name: str) -> object:
            raise OSError("gone")

    line = FakeLine((house.number, PIN))
    ControlLine(house.home, Dead(), house.hours, house.clock, "Asia/Jakarta", may_close_lines).run(line)  # type: ignore[arg-type]
    assert "We are sorry, something went wrong on our side." in line.heard


def test_a_right_pin_is_not_enough_for_an_account_that_may_not_close_any_more(house: House) -> None:
    house.allowed = lambda: False
    line = house.call(*[house.number, PIN] * 3)
    assert line.keys_heard.count("control_refused") == 6, "as for a wrong PIN, in both languages"
    assert "control_menu" not in line.keys_heard


@pytest.mark.parametrize("does", [("1", "1", "0"), ("2",)])
def test_who_loses_the_role_in_the_middle_of_the_call_changes_nothing_more(house: House, does: tuple[str, ...]) -> None:
    closed = does == ("2",)
    if closed:
        with house.database.writing() as session:
            close_line(session, "", None, Message(), By("budi", Way.PAGE), NOW)
            session.commit()
    answers = iter([True])
    house.allowed = lambda: next(answers, False)
    line = house.enter(*does, "3", says=(None,))
    assert line.keys_heard[-1] == "control_refused"
    assert (house.why() is Why.EMERGENCY) == closed


@pytest.mark.parametrize(("role", "may"), [(Role.SUPERVISOR, True), (Role.ADMIN, True), (Role.AGENT, False), (Role.PLANNER, False)])
def test_the_accounts_role_says_who_may_close_now(database: Database, role: Role, may: bool) -> None:
    with database.writing() as session:
        create_user(session, "ratna", "Ratna", role, "a long password", "id", now=NOW)
        assert may_close_lines(session, "ratna") is may
        assert not may_close_lines(session, "nobody")


def test_too_many_wrong_pins_make_a_pause_that_the_right_one_waits_for(house: House) -> None:
    for _ in range(TRIES_UNTIL_PAUSE):
        assert identify_controller(house.database, house.number, "999999", NOW) is None
    assert identify_controller(house.database, house.number, PIN, NOW) is None
    later = NOW + FIRST_PAUSE
    found = identify_controller(house.database, house.number, PIN, later)
    assert found is not None
    assert (found.login, found.language) == ("ratna", "en")
    assert identify_controller(house.database, house.number, PIN, later) is not None


def test_a_right_pin_forgets_the_wrong_ones_before_it(house: House) -> None:
    for _ in range(3):
        for _ in range(TRIES_UNTIL_PAUSE - 1):
            assert identify_controller(house.database, house.number, "999999", NOW) is None
        assert identify_controller(house.database, house.number, PIN, NOW) is not None


def test_a_new_pin_keeps_the_number_and_ends_the_old_one(house: House) -> None:
    with house.database.writing() as session:
        assert set_control_pin(session, "ratna", "Ratna", "id", "593026", NOW) == house.number
        other = set_control_pin(session, "wayan", "Wayan", "id", PIN, NOW)
        session.commit()
    assert other != house.number
    assert identify_controller(house.database, house.number, PIN, NOW) is None
    assert identify_controller(house.database, house.number, "593026", NOW) is not None
    with house.database.writing() as session:
        assert remove_control_pin(session, "ratna")
        assert not remove_control_pin(session, "ratna")
        session.commit()
    assert identify_controller(house.database, house.number, "593026", NOW) is None
    with house.database.reading() as session:
        assert control_number(session, "ratna") == ""


@pytest.mark.parametrize("pin", ["12345", "1234567", "111111", "123456", "654321", "27018a", ""])
def test_a_pin_that_is_guessed_at_once_is_refused(house: House, pin: str) -> None:
    with house.database.writing() as session, pytest.raises(BadInput):
        set_control_pin(session, "wayan", "Wayan", "id", pin, NOW)


def test_a_refused_pin_is_not_in_the_words(house: House) -> None:
    with house.database.writing() as session, pytest.raises(BadInput) as caught:
        set_control_pin(session, "wayan", "Wayan", "id", "777777", NOW)
    assert "777777" not in str(caught.value)
