from pathlib import Path

import pytest

from launch.install import asterisk_root
from launch.install.asterisk_root import AsteriskRoot, clear_root, is_new_enough, program_in, read_version


def make_root(folder: Path, version: str) -> Path:
    """A root folder whose loader is a script that says `version` when it is asked as a loader is."""
    modules = folder / "usr/lib/x86_64-linux-gnu/asterisk/modules"
    modules.mkdir(parents=True)
    (folder / "lib64").mkdir()
    loader = folder / "lib64/ld-linux-x86-64.so.2"
    loader.write_text(f'#!/bin/sh\n[ "$1" = --library-path ] && [ "$4" = -V ] && echo "Asterisk {version}"\n')
    loader.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1\n", "22.10.1"),
        ("Asterisk certified-20.7-cert3", "20.7"),
        ("Asterisk 16.28.0~dfsg-0+deb11u4", "16.28.0"),
        ("command not found", ""),
    ],
)
def test_the_version_is_read_from_what_asterisk_says(said: str, version: str) -> None:
    assert read_version(said) == version


@pytest.mark.parametrize(("version", "good"), [("20.0.0", True), ("22.1", True), ("18.99.0", False), ("", False)])
def test_twenty_is_new_enough(version: str, good: bool) -> None:
    assert is_new_enough(version) is good


def test_a_root_runs_through_its_own_loader_and_libraries(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root", "22.1.0")

    program = program_in(root)

    assert program is not None
    assert program.version == "22.1.0"
    assert program.command[0] == str(root / "lib64/ld-linux-x86-64.so.2")
    assert program.command[-1] == str(root / "usr/sbin/asterisk")
    assert program.modules == root / "usr/lib/x86_64-linux-gnu/asterisk/modules"
    assert program.data == root / "usr/share/asterisk"


def test_a_root_with_an_old_asterisk_or_without_one_is_not_used(tmp_path: Path) -> None:
    assert program_in(make_root(tmp_path / "old", "18.2.0")) is None
    assert program_in(tmp_path / "nothing") is None


def test_a_half_made_root_under_its_working_name_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_root(tmp_path / "asterisk-root.partial", "22.1.0")
    monkeypatch.setattr(asterisk_root, "caches", lambda: [tmp_path])
    monkeypatch.setattr(asterisk_root, "find_program", lambda name: None)
    step = AsteriskRoot(tmp_path)

    assert step.missing() == ["Asterisk 20 or newer"]

    (tmp_path / "asterisk-root.partial").rename(tmp_path / "asterisk-root")

    assert step.is_done()


def test_clearing_a_root_removes_it_and_clearing_nothing_is_fine(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root", "22.1.0")

    clear_root(root)
    clear_root(root)

    assert not root.exists()
