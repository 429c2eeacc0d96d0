"""`./halo routing …`, on an installation of its own with a real database and Redis."""

from pathlib import Path

import pytest

from core.bus import EventBus
from core.database import Database
from core.errors import BadInput
from core.events import EventKind
from core.problem import Faults
from core.settings import load_settings
from ivr.hours_file import SHIPPED_FILE as SHIPPED_HOURS
from launch.cli import run
from launch.schema import upgrade
from launch.settings_file import prepare_home, write_settings
from routing.agents import AgentRecord
from routing.policy_file import SHIPPED_FILE
from tests.unit.routing.small_policy import policy_text, queue_text

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands are typed."""
    home = tmp_path / "home"
    monkeypatch.setenv("HALO_HOME", str(home))
    monkeypatch.setenv("HALO_CALLED_FROM", str(tmp_path))
    prepare_home(home)
    address, port = redis_url.removeprefix("redis://:").split("@127.0.0.1:")
    write_settings(home, {
        "HALO_DATABASE_URL": database_url, "HALO_REDIS_PASSWORD": address, "HALO_REDIS_PORT": port.split("/")[0],
    })  # fmt: skip
    upgrade(database_url)
    database = Database(database_url)
    with database.writing() as session:
        session.add(AgentRecord(id="1001", name="Sari", phone_secret="s"))
        session.commit()
    database.dispose()
    return tmp_path


def test_a_policy_is_checked_published_shown_and_brought_back(folder: Path, capsys: Capture) -> None:
    assert run(["routing", "versions"]) == 0
    assert "none was published here" in capsys.readouterr().out
    shipped = SHIPPED_FILE.read_text(encoding="utf-8")
    (folder / "mine.yaml").write_text(shipped.replace("head_start_s: 600", "head_start_s: 300"))
    (folder / "shipped.yaml").write_text(shipped)
    assert run(["routing", "check", "mine.yaml"]) == 0
    assert ": No agent can serve the callers of sales." in capsys.readouterr().out
    assert run(["routing", "publish", "shipped.yaml"]) == 0
    assert run(["routing", "publish", "mine.yaml", "--note", "shorter"]) == 0
    assert run(["routing", "rollback", "1"]) == 0
    capsys.readouterr()
    assert run(["routing", "versions"]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.split()[0] == "1"
    assert first.endswith("in force")
    assert second.endswith("shorter")
    assert third.split()[0] == "1"
    assert run(["routing", "show"]) == 0
    assert capsys.readouterr().out.strip() == shipped.strip()
    assert run(["routing", "show", "2"]) == 0
    assert "head_start_s: 300" in capsys.readouterr().out
    bus = EventBus(load_settings().redis_url)
    try:
        assert [event.data["number"] for event in bus.read("0-0") if event.kind is EventKind.POLICY_PUBLISHED][-3:] == [1, 2, 1]
    finally:
        bus.close()


def test_a_policy_with_faults_is_told_with_its_lines_and_changes_nothing(folder: Path, capsys: Capture) -> None:
    (folder / "bad.yaml").write_text(policy_text(queue_text("a", "rings: [{after_s: 9, also: x}]")))
    with pytest.raises(Faults, match=r"bad\.yaml, line 2: There is no queue x"):
        run(["routing", "publish", "bad.yaml"])
    (folder / "lost.yaml").write_text(policy_text(queue_text("a")))
    (folder / "home" / "config" / "hours.yaml").write_text(
        SHIPPED_HOURS.read_text(encoding="utf-8") + "\nqueues:\n  billing: {schedule: hotline}\n"
    )
    assert run(["routing", "check", "lost.yaml"]) == 1
    assert "lost.yaml, line 1: There is no queue billing, but config/hours.yaml leads to it." in capsys.readouterr().out
    assert run(["routing", "versions"]) == 0
    assert "none was published here" in capsys.readouterr().out


def test_skills_are_shown_and_changed(folder: Path, capsys: Capture) -> None:
    assert run(["routing", "skills"]) == 0
    assert "1001  Sari: no skill" in capsys.readouterr().out
    assert run(["routing", "skills", "1001", "sales=3", "english=2"]) == 0
    assert run(["routing", "skills", "1001", "english=0"]) == 0
    assert run(["routing", "skills", "1001"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].strip() == "1001  Sari: sales 3"
    with pytest.raises(BadInput, match="no agent 7"):
        run(["routing", "skills", "7"])


def test_the_reasons_that_credit_can_name_are_listed(folder: Path, capsys: Capture) -> None:
    assert run(["routing", "reasons"]) == 0
    assert "  order_status" in capsys.readouterr().out.splitlines()


def test_agents_are_told_where_they_are(folder: Path, capsys: Capture) -> None:
    assert run(["routing", "site"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "  1001  Sari: no site", "  sites of the policy in force: jakarta, surabaya, makassar",
    ]  # fmt: skip
    assert run(["routing", "site", "1001", "surabaya"]) == 0
    assert run(["routing", "site", "1001"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].strip() == "1001  Sari: surabaya"
    with pytest.raises(BadInput, match="no site medan"):
        run(["routing", "site", "1001", "medan"])
    with pytest.raises(BadInput, match="no agent 7"):
        run(["routing", "site", "7"])
    (folder / "none.yaml").write_text(policy_text(queue_text("general")))
    assert run(["routing", "publish", "none.yaml"]) == 0
    assert run(["routing", "site", "1001"]) == 0
    assert "surabaya (not a site of the policy in force)" in capsys.readouterr().out
    assert run(["routing", "site", "1001", "none"]) == 0
    bus = EventBus(load_settings().redis_url)
    try:
        moves = [event.data for event in bus.read("0-0") if event.kind is EventKind.AGENT_SKILLS_CHANGED][-2:]
    finally:
        bus.close()
    assert [(data["site_before"], data["site_after"]) for data in moves] == [("", "surabaya"), ("surabaya", "")]
