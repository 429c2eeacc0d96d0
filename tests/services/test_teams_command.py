"""`./halo teams`: who hears whose recorded talks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from agent_desktop.accounts import Role, User
from core.clock import SystemClock
from core.database import Database
from core.errors import BadInput, NotFound
from launch.cli import run
from launch.schema import upgrade
from launch.settings_file import prepare_home, write_settings
from launch.teams import set_teams
from routing.agents import AgentRecord


@pytest.fixture
def people(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    home = tmp_path / "home"
    monkeypatch.setenv("HALO_HOME", str(home))
    prepare_home(home)
    write_settings(home, {"HALO_DATABASE_URL": database_url})
    upgrade(database_url)
    database = Database(database_url)
    with database.writing() as session:
        session.add(AgentRecord(id="1001", name="Sari", phone_secret="s"))
        session.flush()
        for login, role, agent_id in (
            ("sari", Role.AGENT, "1001"),
            ("ratna", Role.SUPERVISOR, None),
            ("wayan", Role.PLANNER, None),
        ):
            session.add(
                User(
                    login=login,
                    name=login,
                    role=role,
                    password_hash="x",
                    language="id",
                    agent_id=agent_id,
                    created_at=SystemClock().now(),
                )
            )
        session.commit()
    yield database
    database.dispose()


def test_an_agent_gets_a_team_and_a_supervisor_some(people: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["teams", "sari", "north"]) == 0
    assert run(["teams", "ratna", "north", "south"]) == 0
    assert run(["teams"]) == 0
    said = capsys.readouterr().out
    assert "north, south" in said
    with people.reading() as session:
        assert session.scalars(select(AgentRecord.team)).one() == "north"
        assert session.scalars(select(User).where(User.login == "ratna")).one().team_names == ("north", "south")
    run(["teams", "ratna", "none"])
    run(["teams", "sari", "none"])
    with people.reading() as session:
        assert session.scalars(select(AgentRecord.team)).one() == ""
        assert session.scalars(select(User).where(User.login == "ratna")).one().team_names == ()


@pytest.mark.parametrize(
    ("login", "names", "refused"),
    [
        ("sari", ["north", "south"], BadInput), ("wayan", ["north"], BadInput), ("nobody", ["north"], NotFound),
        ("ratna", ["a,b"], BadInput), ("ratna", [f"team-{number:030d}" for number in range(9)], BadInput),
    ],
)  # fmt: skip
def test_what_can_be_no_team_is_refused(people: Database, login: str, names: list[str], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        set_teams(login, names)
