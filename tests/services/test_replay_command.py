"""`./halo replay` on an archive of its own: a day as it was, and as it would have been."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.database import Database
from core.errors import BadInput, NotFound
from core.event_archive import archive
from launch.cli import run
from launch.roster_csv import read_roster
from routing.agents import AgentRecord, AgentSkill
from routing.policy_file import SHIPPED_FILE
from tests.recorded_hour import busy_hour

Capture = pytest.CaptureFixture[str]
MIDNIGHT = datetime(2026, 3, 1, 17, tzinfo=UTC)  # of 2 March in Jakarta


@pytest.fixture
def folder(command_home: None, tmp_path: Path, database_url: str) -> Path:
    """Where the command is typed."""
    database = Database(database_url)
    with database.writing() as session:
        for agent_id, skill in (("1001", "sales"), ("1002", "billing")):
            skills = [AgentSkill(skill=skill, proficiency=3)]
            session.add(AgentRecord(id=agent_id, name="Sari", phone_secret="s", skills=skills))
        archive(session, busy_hour(MIDNIGHT, "1001", "sales"))
        session.commit()
    database.dispose()
    return tmp_path


def test_a_day_is_played_once_more_as_it_was(folder: Path, capsys: Capture) -> None:
    assert run(["replay", "--day", "2026-03-02", "--days", "3"]) == 0
    told = capsys.readouterr().out
    assert "2026-03-02: 60 callers, 1 agents; played 3 times" in told
    wait = next(line for line in told.splitlines() if "mean wait" in line).split()
    assert float(wait[2]) == pytest.approx(float(wait[4]), rel=0.1), "what was recorded is about what the engine does"
    assert "otherwise" not in told


def test_a_second_seller_would_have_helped(folder: Path, capsys: Capture) -> None:
    (folder / "two.csv").write_text("agent,from,to,skills\n1001,01:00,03:00,\nnew,01:00,03:00,sales=2\n")
    assert run(["replay", "--day", "2026-03-02", "--roster", "two.csv", "--days", "3"]) == 0
    told = capsys.readouterr().out
    gave_up = next(line for line in told.splitlines() if "gave up" in line)
    assert "-" in gave_up.split()[-3], gave_up
    assert [line.split()[0] for line in told.splitlines()[-2:]] == ["1001", "new"]


def test_another_policy_lets_others_sell(folder: Path, capsys: Capture) -> None:
    (folder / "open.yaml").write_text(SHIPPED_FILE.read_text().replace("skill: sales, at_least: 2", "skill: billing, at_least: 2"))
    assert run(["replay", "--day", "2026-03-02", "--policy", "open.yaml", "--days", "2"]) == 0
    level = next(line for line in capsys.readouterr().out.splitlines() if "service level" in line)
    assert "0.0 ±0.0 %" in level, "nobody on duty knows bills"


def test_a_day_without_callers_says_so(folder: Path) -> None:
    with pytest.raises(NotFound, match="2026-03-05"):
        run(["replay", "--day", "2026-03-05"])


@pytest.mark.parametrize(("text", "wrong"), [
    ("who,when\n", "line 1: the columns are agent, from, to, skills"),
    ("agent,from,to\n7,08:00,16:00\n", "line 2: there is no agent '7'"),
    ("agent,from,to\n1001,8,16:00\n", "line 2: '8' is no time"),
    ("agent,from,to\n1001,08:00,24:30\n", "line 2: '24:30' is no time"),
    ("agent,from,to\n1001,16:00,08:00\n", "line 2: the shift ends before it begins"),
    ("agent,from,to,skills\n7,08:00,16:00,sales=9\n", "line 2: 'sales=9' is no skill"),
    ("agent,from,to\n", "has no shift"),
])  # fmt: skip
def test_what_is_wrong_with_a_roster_has_its_line(tmp_path: Path, text: str, wrong: str) -> None:
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(BadInput, match=wrong):
        read_roster(tmp_path / "roster.csv", {"1001": {"sales": 3}}, {"1001": "surabaya"})
    with pytest.raises(BadInput, match="can't be read"):
        read_roster(tmp_path / "nowhere.csv", {}, {})


def test_a_roster_may_give_several_shifts(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("agent,from,to\n1001,00:00,02:00\n1001,22:00,24:00\n")
    [agent] = read_roster(tmp_path / "roster.csv", {"1001": {"sales": 3}}, {"1001": "surabaya"})
    assert agent.site == "surabaya"
    assert agent.on_duty() == [(0, 7200), (79_200, 86_400)]
