"""`./halo ivr …` on flows and conversations in files, where nothing was set up yet."""

from pathlib import Path

import pytest

from core.errors import BadInput, SettingsError
from ivr.conversations.story_file import shipped_stories
from ivr.flow_file import shipped_flow
from launch.cli import run


@pytest.fixture(autouse=True)
def nothing_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HALO_CALLED_FROM", str(tmp_path))


def test_the_shipped_flow_is_checked_without_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ivr", "check"]) == 0
    assert "hotline.yaml: nothing is wrong" in capsys.readouterr().out


def test_a_draft_is_checked_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shipped_flow().text.replace("queue: sales}", "queue: sale}")
    (tmp_path / "draft.yaml").write_text(text, encoding="utf-8")
    assert run(["ivr", "check", "draft.yaml"]) == 1
    line = text[: text.index("queue: sale}")].count("\n") + 1
    assert f"draft.yaml, line {line}: There is no queue 'sale'." in capsys.readouterr().out


def test_conversations_are_held_with_a_draft(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talk = "# To sales.\ncaller: Sari\ncaller: presses 3\ncaller: presses 1\nends: queue sales\n"
    (tmp_path / "talk.txt").write_text(talk, encoding="utf-8")
    (tmp_path / "draft.yaml").write_text(shipped_flow().text, encoding="utf-8")
    assert run(["ivr", "test", "talk.txt", "--flow", "draft.yaml"]) == 0
    assert "1 of 1 conversations went as written" in capsys.readouterr().out
    (tmp_path / "talk.txt").write_text(talk.replace("queue sales", "queue billing"), encoding="utf-8")
    assert run(["ivr", "test", "talk.txt"]) == 1
    assert "talk.txt, line 5: expected the end queue billing; it ended: queue sales" in capsys.readouterr().out


def test_a_draft_that_can_not_be_published_is_told_so_with_its_line_and_not_explored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shipped_flow().text.replace("menu: people_menu", "menu: peoples_menu", 1)
    (tmp_path / "draft.yaml").write_text(text, encoding="utf-8")
    assert run(["ivr", "explore", "draft.yaml"]) == 1
    shown = capsys.readouterr().out
    line = text[: text.index("menu: peoples_menu")].count("\n") + 1
    assert f"draft.yaml, line {line}: There is no menu 'peoples_menu'." in shown
    assert "Faults walked" not in shown


def test_an_empty_folder_holds_no_conversation(tmp_path: Path) -> None:
    (tmp_path / "talks").mkdir()
    with pytest.raises(BadInput, match="no conversation"):
        run(["ivr", "test", "talks"])


def test_a_draft_may_name_the_schedules_that_the_operator_wrote_and_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "home" / "config" / "hours.yaml"
    own.parent.mkdir(parents=True)
    week = "{label: {id: Toko, en: Shop}, zone: Asia/Jakarta, week: {daily: 09:00-17:00}}"
    own.write_text(f"schedules:\n  shop: {week}\n  depot: {week}\n", encoding="utf-8")
    draft = tmp_path / "draft.yaml"
    draft.write_text(shipped_flow().text.replace("\nhours: hotline", "\nhours: shop"), encoding="utf-8")
    assert run(["ivr", "check", "draft.yaml"]) == 0
    draft.write_text(shipped_flow().text, encoding="utf-8")
    assert run(["ivr", "check", "draft.yaml"]) == 1
    line = shipped_flow().text[: shipped_flow().text.index("\nhours: hotline")].count("\n") + 2
    said = capsys.readouterr().out
    assert f"draft.yaml, line {line}: There is no schedule 'hotline'. Use one of: depot, shop" in said


def test_by_phone_a_draft_is_refused_and_a_halo_must_be_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ivr", "test", "--live", "--flow", "draft.yaml"]) == 2
    assert "publish yours first" in capsys.readouterr().err
    with pytest.raises(SettingsError):
        run(["ivr", "test", "--live"])


def test_conversations_of_the_installation_are_held_with_the_shipped_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "home" / "config" / "conversations"
    own.mkdir(parents=True)
    for story in shipped_stories():
        (own / story.source).write_text("# Not held here.\n", encoding="utf-8")
    (own / "mine.txt").write_text("# Mine.\ncaller: Sari\ncaller: presses 0\nends: queue general\n", encoding="utf-8")
    assert run(["ivr", "test"]) == 0
    assert "1 of 1 conversations went as written" in capsys.readouterr().out
