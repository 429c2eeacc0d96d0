"""`./halo models`: what people see and what they are kept from."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from core.errors import BadInput, NotFound, Unavailable
from ivr.speech.installed_models import models_in_use
from ivr.speech.training import needs
from launch import models
from launch.cli import run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HALO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HALO_CALLED_FROM", raising=False)
    return tmp_path / "home"


@pytest.fixture
def archive(tmp_path: Path) -> tuple[Path, str]:
    file = tmp_path / "model.zip"
    with zipfile.ZipFile(file, "w") as made:
        for name in ("am/final.mdl", "conf/mfcc.conf", "graph/HCLG.fst"):
            made.writestr(f"vosk-big/{name}", "x")
    return file, hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_fetched_model_is_listed_used_and_given_back(
    home: Path, archive: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    file, sha256 = archive
    assert run(["models", "fetch", str(file), "--sha256", sha256]) == 0
    said = capsys.readouterr().out
    assert "16000 Hz, static grammar" in said
    assert "Not measured by us" in said
    assert run(["models", "use", "vosk-big", "--language", "en"]) == 0
    capsys.readouterr()
    assert run(["models", "list"]) == 0
    said = capsys.readouterr().out
    assert "vosk-big: installed, 16000 Hz, static grammar, in use for en, whole" in said
    assert "halo-small: shipped" in said
    assert "in use for id, whole" in said
    assert "human Indonesian never" in said
    assert run(["models", "use", "halo-small", "--language", "en"]) == 0
    assert models_in_use(home) == {}


def test_the_check_finds_what_changed(home: Path, archive: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    models.fetch_model(str(archive[0]), archive[1], "big")
    assert run(["models", "check"]) == 0
    (home / "models" / "big" / "am" / "final.mdl").write_text("changed")
    capsys.readouterr()
    assert run(["models", "check"]) == 1
    assert "DAMAGED: am/final.mdl" in capsys.readouterr().out
    with pytest.raises(BadInput, match="damaged"):
        models.use("big", "en")


def test_a_model_in_use_that_is_gone_is_reported(home: Path, archive: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    models.fetch_model(str(archive[0]), archive[1], "")
    models.use("vosk-big", "id")
    (home / "models" / "vosk-big").rename(home / "models" / ".away")
    assert not models.check_models()
    assert "vosk-big" in capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_a_checksum_is_a_must_for_what_comes_from_outside(archive: tuple[Path, str]) -> None:
    for source in (str(archive[0]), "https://example.org/model.zip"):
        with pytest.raises(BadInput, match="checksum"):
            models.fetch_model(source, "", "")
    with pytest.raises(BadInput, match="https only"):
        models.fetch_model("ftp://example.org/model.zip", "0" * 64, "")
    with pytest.raises(NotFound, match=r"nothing\.zip"):
        models.fetch_model("nothing.zip", "0" * 64, "")


def test_training_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(needs, "find_spec", lambda name: None if name == "torch" else object())
    monkeypatch.setattr(needs.shutil, "which", lambda _name: None)
    with pytest.raises(Unavailable, match=r"torch, espeak-ng.*\.\[train\].*apt-get install .*festvox"):
        models.train(tmp_path, 1, 1, 0, 1, None)


def test_what_is_not_there_is_said_before_its_checksum_is_asked_for(home: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no"):
        models.fetch_model(str(tmp_path / "nowhere.zip"), "", "")


def test_a_folder_without_a_model_is_named_as_it_was_given_and_not_copied(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.copytree", lambda *_: pytest.fail("copied"))
    (tmp_path / "photos").mkdir()
    with pytest.raises(BadInput, match=r"^photos is no Vosk model"):
        models.fetch_model(str(tmp_path / "photos"), "", "")
