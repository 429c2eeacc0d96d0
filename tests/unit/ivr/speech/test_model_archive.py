"""Models from outside: unpacked only when they are what their makers published, and never outside their folder."""

import hashlib
import stat
import zipfile
from pathlib import Path

import pytest

from core.errors import BadInput, NotFound
from ivr.speech import model_archive
from ivr.speech.installed_models import (
    describe_model,
    find_model,
    installed_models,
    models_folder,
    models_in_use,
    use_model,
)
from ivr.speech.model_archive import install_model

PARTS = {"am/final.mdl": "weights", "conf/mfcc.conf": "--sample-frequency=16000\n", "graph/HCLr.fst": "h", "graph/Gr.fst": "g"}


def zipped(file: Path, parts: dict[str, str], top: str = "vosk-model-xx/") -> str:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(top + name, content)
    return hashlib.sha256(file.read_bytes()).hexdigest()


def folder_with(folder: Path, parts: dict[str, str]) -> Path:
    for name, content in parts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def left_in(home: Path) -> list[str]:
    root = models_folder(home)
    return sorted(each.name for each in root.iterdir()) if root.exists() else []


def test_a_zip_is_installed_and_found(tmp_path: Path) -> None:
    sha256 = zipped(tmp_path / "m.zip", PARTS)
    made = install_model(tmp_path, tmp_path / "m.zip", sha256.upper())
    assert (made.name, made.sample_rate_hz, made.grammar, made.damaged_files()) == ("vosk-model-xx", 16000, "dynamic", [])
    assert installed_models(tmp_path) == [made] == [find_model(tmp_path, "vosk-model-xx")]
    assert left_in(tmp_path) == ["vosk-model-xx"]
    (made.folder / "am" / "final.mdl").write_text("other")
    assert made.damaged_files() == ["am/final.mdl"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_zip_with_rubbish_inside_is_refused_and_leaves_nothing(tmp_path: Path, packing: int) -> None:
    file = tmp_path / "m.zip"
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("vosk-model-xx/am/final.mdl", "weights" * 1000)
    raw = bytearray(file.read_bytes())
    raw[60:76] = b"\xff" * 16
    file.write_bytes(raw)
    with pytest.raises(BadInput, match=r"no zip file that can be read"):
        install_model(tmp_path, file, hashlib.sha256(raw).hexdigest())
    assert left_in(tmp_path) == []


def test_a_folder_is_copied(tmp_path: Path) -> None:
    source = folder_with(tmp_path / "elsewhere" / "big", PARTS)
    assert install_model(tmp_path, source, "", "en-big").name == "en-big"
    assert (source / "am" / "final.mdl").exists()


def test_a_wrong_checksum_is_refused_before_unpacking(tmp_path: Path) -> None:
    zipped(tmp_path / "m.zip", PARTS)
    with pytest.raises(BadInput, match="SHA-256"):
        install_model(tmp_path, tmp_path / "m.zip", "0" * 64)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "top/../../outside", "top\\..\\outside", "outside"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr("top/am/final.mdl", "x")
        archive.writestr(name, "x")
    with pytest.raises(BadInput, match="outside"):
        install_model(home, tmp_path / "m.zip", hashlib.sha256((tmp_path / "m.zip").read_bytes()).hexdigest())
    assert left_in(home) == []
    assert not list(tmp_path.rglob("outside"))


def test_symbolic_links_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("top/am/final.mdl")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BadInput, match="plain files"):
        install_model(tmp_path, tmp_path / "m.zip", hashlib.sha256((tmp_path / "m.zip").read_bytes()).hexdigest())
    source = folder_with(tmp_path / "source", PARTS)
    (source / "link").symlink_to("/etc/passwd")
    with pytest.raises(BadInput, match="links"):
        install_model(tmp_path, source, "")


def test_too_much_is_refused_whatever_the_header_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = zipped(tmp_path / "m.zip", PARTS)
    monkeypatch.setattr(model_archive, "MOST_BYTES", 10)
    with pytest.raises(BadInput, match="GB"):
        install_model(tmp_path, tmp_path / "m.zip", sha256)
    monkeypatch.setattr(model_archive, "MOST_FILES", 2)
    monkeypatch.setattr(model_archive, "MOST_BYTES", 10**6)
    with pytest.raises(BadInput, match="files"):
        install_model(tmp_path, tmp_path / "m.zip", sha256)
    assert left_in(tmp_path) == []


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.zip").write_text("hello")
    with pytest.raises(BadInput, match="zip"):
        install_model(tmp_path, tmp_path / "m.zip", hashlib.sha256(b"hello").hexdigest())


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    sha256 = zipped(tmp_path / "m.zip", PARTS)
    install_model(tmp_path, tmp_path / "m.zip", sha256)
    with pytest.raises(BadInput, match="already"):
        install_model(tmp_path, tmp_path / "m.zip", sha256)
    with pytest.raises(BadInput, match="no name"):
        install_model(tmp_path, tmp_path / "m.zip", sha256, "../up")


@pytest.mark.parametrize(
    ("parts", "seen"),
    [
        (PARTS, (16000, "dynamic")),
        ({**PARTS, "conf/mfcc.conf": "--use-energy=false\n"}, (16000, "dynamic")),
        ({**PARTS, "conf/mfcc.conf": "--sample-frequency=8000\n"}, (8000, "dynamic")),
        ({"am/final.mdl": "", "conf/mfcc.conf": "", "graph/HCLG.fst": ""}, (16000, "static")),
        ({"final.mdl": "", "mfcc.conf": "--sample-frequency=8000", "HCLG.fst": ""}, (8000, "static")),
    ],
)
def test_rate_and_kind_of_graph_are_seen(tmp_path: Path, parts: dict[str, str], seen: tuple[int, str]) -> None:
    model = describe_model(folder_with(tmp_path, parts), "x")
    assert (model.sample_rate_hz, model.grammar) == seen


@pytest.mark.parametrize(
    ("lacking", "part"), [("am/final.mdl", "final.mdl"), ("graph/Gr.fst", "graph"), ("conf/mfcc.conf", "sample rate")]
)
def test_what_is_no_model_is_refused(tmp_path: Path, lacking: str, part: str) -> None:
    folder_with(tmp_path, {name: content for name, content in PARTS.items() if name != lacking})
    with pytest.raises(BadInput, match=part):
        describe_model(tmp_path, "x")


def test_a_model_is_used_for_a_language_until_the_shipped_one_is_back(tmp_path: Path) -> None:
    assert models_in_use(tmp_path) == {}
    model = install_model(tmp_path, tmp_path / "m.zip", zipped(tmp_path / "m.zip", PARTS))
    use_model(tmp_path, model, "en")
    used = models_in_use(tmp_path)
    assert set(used) == {"en"}
    assert (used["en"].folder, used["en"].sample_rate_hz, used["en"].grammar) == (model.folder, 16000, "dynamic")
    use_model(tmp_path, None, "en")
    assert models_in_use(tmp_path) == {}
    with pytest.raises(BadInput, match="fr"):
        use_model(tmp_path, model, "fr")


def test_a_broken_list_of_models_in_use_is_no_empty_list(tmp_path: Path) -> None:
    models_folder(tmp_path).mkdir()
    (models_folder(tmp_path) / "in_use.json").write_text('{"en": {"name": "x"}}')
    with pytest.raises(BadInput, match="in_use"):
        models_in_use(tmp_path)


def test_an_unknown_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing"):
        find_model(tmp_path, "nothing")
