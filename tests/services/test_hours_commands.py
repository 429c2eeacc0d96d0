"""`./halo hours`, `close` and `reopen`, on an installation of their own."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent_desktop.accounts import Role, create_user
from core.clock import SystemClock
from core.database import Database
from core.errors import BadInput, HaloError, NotFound
from core.settings import load_settings
from ivr.closings import Way, history
from ivr.control_pins import Controller, control_number, identify_controller
from ivr.hours import OpenState, Why
from ivr.hours_file import SHIPPED_FILE
from ivr.hours_now import Hours
from ivr.hours_source import OWN_FILE
from launch.cli import halo, run
from launch.schema import upgrade
from launch.settings_file import prepare_home, write_settings


class Home:
    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        prepare_home(folder)
        write_settings(folder, {"HALO_DATABASE_URL": database_url})
        upgrade(database_url)
        self.database = Database(database_url)

    def state(self, schedule: str = "hotline") -> OpenState:
        return Hours(self.folder, self.database, fresh_for_s=0).state(schedule, SystemClock().now())


@pytest.fixture
def home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("HALO_HOME", str(folder))
    monkeypatch.delenv("HALO_DATABASE_URL", raising=False)
    made = Home(folder, database_url)
    assert load_settings(folder).database == database_url
    yield made
    made.database.dispose()


def test_the_state_of_every_line_is_printed(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hours"]) == 0
    hotline, office = capsys.readouterr().out.splitlines()
    assert hotline.split() == ["hotline", "open"]
    assert office.split()[0] == "office"
    assert ("until" in office) or ("opens" in office)


def test_close_and_reopen(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    run(["close", "--until", "2h", "--message", "Ada kebakaran.", "--message-en", "There is a fire."])
    emergency = home.state().emergency
    assert emergency is not None
    assert emergency.text == {"id": "Ada kebakaran.", "en": "There is a fire."}
    assert run(["hours"]) == 0
    assert "closed by hand: all schedules, since" in capsys.readouterr().out
    assert run(["reopen"]) == 0
    assert home.state().open
    assert run(["reopen"]) == 1
    with home.database.reading() as session:
        (closing,) = history(session)
    assert (closing.closed_way, closing.ended_way) == (Way.COMMAND, Way.COMMAND)


def test_one_line_only(home: Home) -> None:
    run(["close", "--schedule", "office"])
    assert (home.state("office").why, home.state("hotline").why) == (Why.EMERGENCY, Why.REGULAR)
    with pytest.raises(BadInput, match="only hotline"):
        run(["reopen", "--schedule", "hotline"])
    assert run(["reopen", "--schedule", "office"]) == 0
    assert home.state("office").why is not Why.EMERGENCY


def test_what_can_not_be_meant_closes_nothing(home: Home, tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_bytes(b"no sound")
    with pytest.raises(NotFound, match="attic"):
        run(["close", "--schedule", "attic"])
    with pytest.raises(BadInput):
        run(["close", "--until", "soon"])
    with pytest.raises(BadInput):
        run(["close", "--recording", str(tmp_path / "no.wav")])
    assert home.state().open


def test_a_broken_hours_file_is_said(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    (home.folder / OWN_FILE).write_text("schedules: {office: 1}\n", encoding="utf-8")
    assert run(["hours"]) == 1
    assert "config/hours.yaml is broken" in capsys.readouterr().out


QUEUES = "queues:\n  billing: office\n"


def test_queues_with_hours_of_their_own_are_printed_and_checked(
    home: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = home.folder / OWN_FILE
    own.write_text(SHIPPED_FILE.read_text(encoding="utf-8") + QUEUES, encoding="utf-8")
    assert run(["hours"]) == 0
    assert capsys.readouterr().out.splitlines()[2].split()[:2] == ["queue", "billing"]
    run(["hours", "check"])
    assert "Schedules: hotline, office. Queues with hours of their own: billing." in capsys.readouterr().out

    draft = tmp_path / "draft.yaml"
    monkeypatch.setenv("HALO_CALLED_FROM", str(tmp_path))
    draft.write_text(own.read_text(encoding="utf-8").replace("billing: office", "bills: office"), encoding="utf-8")
    line = draft.read_text(encoding="utf-8").splitlines().index("  bills: office") + 1
    with pytest.raises(BadInput, match=rf"draft\.yaml, line {line}: there is no queue 'bills'"):
        run(["hours", "check", "draft.yaml"])


PIN = "270185"


@pytest.fixture
def people(home: Home) -> None:
    with home.database.writing() as session:
        for login, role in (("ratna", Role.SUPERVISOR), ("sari", Role.AGENT)):
            create_user(session, login, login.title(), role, "a long password", "id", now=SystemClock().now())
        session.commit()


def typed(*lines: str) -> Result:
    return CliRunner().invoke(halo, ["hours", "pin", "ratna"], input="".join(f"{line}\n" for line in lines))


@pytest.mark.usefixtures("people")
def test_a_supervisor_is_given_a_pin_that_nobody_sees(home: Home) -> None:
    done = typed(PIN, PIN)
    assert done.exit_code == 0
    with home.database.reading() as session:
        number = control_number(session, "ratna")
    assert f"ratna has the number {number}" in done.output
    assert PIN not in done.output
    assert identify_controller(home.database, number, PIN, SystemClock().now()) == Controller("ratna", "Ratna", "id")
    assert run(["hours", "pin", "ratna", "--remove"]) == 0
    assert identify_controller(home.database, number, PIN, SystemClock().now()) is None


@pytest.mark.usefixtures("people")
def test_a_pin_that_differs_the_second_time_or_is_guessed_at_once_is_none(home: Home) -> None:
    assert typed(PIN, "270186").exit_code != 0
    refused = typed("123456", "123456")
    assert isinstance(refused.exception, BadInput)
    assert "123456" not in str(refused.exception)
    with home.database.reading() as session:
        assert control_number(session, "ratna") == ""


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("login", "problem"), [("sari", BadInput), ("nobody", NotFound)])
def test_who_may_not_close_the_lines_is_not_even_asked(login: str, problem: type[HaloError]) -> None:
    refused = CliRunner().invoke(halo, ["hours", "pin", login])
    assert isinstance(refused.exception, problem)
    assert "PIN:" not in refused.output
