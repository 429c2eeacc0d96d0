"""`./halo ivr publish` on an installation of its own: conversations speak for the flow, or somebody takes it upon themselves."""

from pathlib import Path

import pytest

from core.database import Database
from core.errors import BadInput
from ivr.flow_file import shipped_flow
from ivr.flow_versions import history
from launch.cli import run
from launch.schema import upgrade
from launch.settings_file import prepare_home, write_settings

OTHER = shipped_flow().text.replace("- {name: sales, key: 1,", "- {name: sales, key: 5,")


@pytest.fixture
def database(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch):
    home = tmp_path / "home"
    monkeypatch.setenv("HALO_HOME", str(home))
    monkeypatch.setenv("HALO_CALLED_FROM", str(tmp_path))
    monkeypatch.delenv("HALO_DATABASE_URL", raising=False)
    prepare_home(home)
    write_settings(home, {"HALO_DATABASE_URL": database_url, "HALO_SPEECH_PROCESSES": "0"})
    upgrade(database_url)
    (tmp_path / "mine.yaml").write_text(OTHER, encoding="utf-8")
    made = Database(database_url)
    yield made
    made.dispose()


def published(database: Database) -> list[tuple[int, str]]:
    with database.reading() as session:
        return [(line.number, line.note) for line in history(session, "hotline")]


def test_a_flow_with_which_a_conversation_goes_otherwise_is_not_published(database: Database) -> None:
    assert shipped_flow().text != OTHER
    with pytest.raises(BadInput) as refused:
        run(["ivr", "publish", "mine.yaml", "--note", "sales last"])
    assert "team_sales_by_key.txt, line " in refused.value.message
    assert refused.value.next_step.startswith("Nothing was published.")
    assert "--without-tests" in refused.value.next_step
    assert published(database) == []


def test_without_tests_it_is_published_and_the_history_says_so(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ivr", "publish", "mine.yaml", "--note", "sales last", "--without-tests"]) == 0
    assert published(database) == [(1, "without its conversations: sales last")]
    run(["ivr", "versions", "hotline"])
    assert "without its conversations: sales last" in capsys.readouterr().out


def test_a_conversation_of_ones_own_stands_in_the_place_of_a_shipped_one(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "home" / "config" / "conversations"
    own.mkdir(parents=True)
    talk = ["# To sales, by the last key.", "caller: stranger", *(f"caller: presses {key}" for key in "135"), "ends: queue sales"]
    (own / "team_sales_by_key.txt").write_text("\n".join(talk), encoding="utf-8")
    assert run(["ivr", "publish", "mine.yaml"]) == 0
    assert "conversations went as written." in capsys.readouterr().out
    assert published(database) == [(1, "")]


def test_a_flow_with_a_fault_is_refused_for_the_fault(database: Database, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(shipped_flow().text.replace("queue: sales}", "queue: sail}"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"mine\.yaml, line \d+: There is no queue 'sail'"):
        run(["ivr", "publish", "mine.yaml"])
    assert published(database) == []
