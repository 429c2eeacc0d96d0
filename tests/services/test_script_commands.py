"""`./halo scripts …`, on an installation of its own with a real database and Redis."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.bus import EventBus
from core.database import Database
from core.errors import BadInput, NotFound
from core.event_archive import archive
from core.events import Event, EventKind
from core.problem import Faults
from core.settings import load_settings
from launch.cli import run
from launch.schema import upgrade
from launch.settings_file import prepare_home, write_settings
from scripts.library import SHIPPED_FOLDER
from tests.unit.scripts.small_scripts import end, page, script, text_of

Capture = pytest.CaptureFixture[str]
SHIPPED = (SHIPPED_FOLDER / "billing.yaml").read_text(encoding="utf-8")


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
    return tmp_path


def out(capsys: Capture, *command: str) -> list[str]:
    assert run(["scripts", *command]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_script_is_checked_published_shown_and_brought_back(folder: Path, capsys: Capture) -> None:
    assert "none was published here" in out(capsys, "versions", "billing")[0]
    (folder / "mine.yaml").write_text(SHIPPED.replace("{id: Tagihan, en: Billing question}", "{id: Tagihan saya, en: My bills}"))
    assert out(capsys, "check", "mine.yaml") == ["  mine.yaml: nothing is wrong"]
    assert "script billing version 1" in out(capsys, "publish", "mine.yaml", "--note", "mine")[0]
    assert "title: {id: Tagihan saya, en: My bills}" in out(capsys, "show", "billing")
    assert "script billing version 1" in next(line for line in out(capsys, "versions") if line.startswith("  billing"))
    assert "that Halo ships" in out(capsys, "rollback", "billing", "0")[0]
    assert "title: {id: Tagihan, en: Billing question}" in out(capsys, "show", "billing")
    assert "version 1 again" in out(capsys, "rollback", "billing", "1")[0]
    first, second, third = out(capsys, "versions", "billing")
    assert (first.split()[0], second.split()[0], third.split()[0]) == ("1", "–", "1")
    assert first.endswith("in force")
    assert "mine" in third
    bus = EventBus(load_settings().redis_url)
    told = [(event.data["script"], event.data["number"], event.data["how"]) for event in bus.read("0-0")]
    bus.close()
    assert told == [("billing", 1, "published"), ("billing", 0, "rolled_back"), ("billing", 1, "rolled_back")]
    assert all("nothing is wrong" in line for line in out(capsys, "check"))


def test_what_is_wrong_is_told_with_its_line_and_nothing_is_published(folder: Path, capsys: Capture) -> None:
    (folder / "bad.yaml").write_text(
        text_of(script(page("hello", next="by"), end(), name="bad", queues=["tax"], opens_when={"reason": "x"}))
    )
    assert run(["scripts", "check", "bad.yaml"]) == 1
    told = capsys.readouterr().out
    for what in ("There is no page by. Did you mean bye?", "There is no queue tax.", "bad.yaml, line "):
        assert what in told
    with pytest.raises(Faults, match="There is no page by"):
        run(["scripts", "publish", "bad.yaml"])
    with pytest.raises(BadInput, match="can't be read"):
        run(["scripts", "check", "none.yaml"])
    assert "bad" not in "".join(out(capsys, "versions"))


def test_a_second_script_for_every_queue_is_refused_whole_folders_are_not_torn(folder: Path, capsys: Capture) -> None:
    (folder / "own").mkdir()
    (folder / "own" / "a.yaml").write_text(text_of(script(end(), name="vips", opens_when={"segment": "vip"})))
    (folder / "own" / "b.yaml").write_text(text_of(script(end(), name="second")))
    assert run(["scripts", "check", "own/b.yaml"]) == 1
    assert "opens for every queue already" in capsys.readouterr().out
    with pytest.raises(Faults, match="opens for every queue already"):
        run(["scripts", "publish", "own"])
    assert not any("vips" in line for line in out(capsys, "versions"))
    (folder / "own" / "b.yaml").write_text(text_of(script(end(), name="general")))
    assert len(out(capsys, "publish", "own")) == 2
    assert any("vips" in line for line in out(capsys, "versions"))
    assert "not opened any more" in out(capsys, "rollback", "vips", "0")[0]
    assert not any("vips" in line for line in out(capsys, "versions"))


def test_what_does_not_exist_is_said(folder: Path) -> None:
    with pytest.raises(NotFound, match="has no version 7"):
        run(["scripts", "rollback", "billing", "7"])
    with pytest.raises(NotFound, match="There is no script taxes"):
        run(["scripts", "rollback", "taxes", "0"])
    for command in (["show", "taxes"], ["versions", "taxes"]):
        with pytest.raises(BadInput, match="There is no script taxes"):
            run(["scripts", *command])


def test_the_map_is_drawn(folder: Path, capsys: Capture) -> None:
    drawn = out(capsys, "show", "overdue", "--map", "--language", "en")
    assert drawn[0] == "flowchart TD"
    assert any('"Wants to pay"' in line for line in drawn)


def test_a_day_is_reported_from_the_log(folder: Path, capsys: Capture) -> None:
    at = datetime(2026, 3, 2, 5, tzinfo=UTC)
    told = [
        (0, EventKind.SCRIPT_OPENED, {"page": "greeting", "how": "by_itself"}), (5, EventKind.INTERACTION_ANSWERED, None),
        (35, EventKind.SCRIPT_STEP_TAKEN, {"page": "greeting", "answer": "pays", "to": "pay_on"}),
        (90, EventKind.SCRIPT_ENDED, {"page": "pay_on", "finished": False, "outcome": "line_dropped"}),
    ]  # fmt: skip
    base = {"script": "overdue", "version": 3}
    events = [
        Event(kind, at + timedelta(seconds=after_s), "x", "1001", base | data if data else {}) for after_s, kind, data in told
    ]  # fmt: skip
    database = Database(load_settings().database)
    with database.writing() as session:
        archive(session, events)
        session.commit()
    database.dispose()
    lines = out(capsys, "report", "--day", "2026-03-02")
    assert lines[0] == "overdue, version 3: opened in 1 calls, 0 of them by hand; 0 came to an end"
    assert lines[1] == "  came of it: line_dropped 1"
    assert lines[2].split() == ["greeting", "shown", "1", "median", "30", "s", "left", "here", "0", "pays", "1"]
    assert "left here    1" in lines[3]
    assert out(capsys, "report", "billing", "--day", "2026-03-02") == ["  No script was opened on 2026-03-02."]
