"""The engine compiled and in plain Python: the same decisions, and never the compiled form of another source."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import routing
import routing.simulate
from launch.install.compiled_engine import CompiledEngine, can_compile
from launch.places import ROOT
from routing import compiled
from routing.compiled import BUILT_ON, COMPILED, PLAIN_VARIABLE, compiled_folder, folder_in_use
from tests.unit.routing.varied_centers import day_of, in_one_line

DAYS = 120
_PLAY = f"""
from routing import engine, simulated_floor
from tests.unit.routing.varied_centers import day_of, in_one_line
print(type(engine.__spec__.loader).__name__, type(simulated_floor.__spec__.loader).__name__)
for number in range({DAYS}):
    print(in_one_line(day_of(number)))
"""


def played(plain: str) -> list[str]:
    """How the modules are loaded, then a line for each day, from a Python of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _PLAY],
        cwd=ROOT,
        env={**os.environ, PLAIN_VARIABLE: plain},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.skipif(not can_compile(), reason="this machine has no C compiler, so Halo runs as plain Python here")
def test_compiled_and_plain_python_decide_the_same(tmp_path: Path) -> None:
    step = CompiledEngine(tmp_path)
    if not step.is_done():  # the source was changed since the set-up
        step.run()

    fast, plain = played(plain=""), played(plain="yes")

    assert (fast[0], plain[0]) == ("ExtensionFileLoader ExtensionFileLoader", "SourceFileLoader SourceFileLoader")
    assert fast[1:] == plain[1:]
    assert len(set(fast)) == 1 + DAYS, "no day is like another"


@pytest.mark.parametrize("changed", [*COMPILED, *BUILT_ON])
def test_what_was_compiled_is_not_used_for_a_changed_source(changed: str, tmp_path: Path) -> None:
    package = tmp_path / "routing"
    shutil.copytree(Path(compiled.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = compiled_folder(tmp_path, package)
    assert before == compiled_folder(tmp_path), "a copy is the same source"

    with (package / f"{changed}.py").open("a", encoding="utf-8") as source:
        source.write("#\n")

    assert compiled_folder(tmp_path, package) != before


def test_compiled_modules_are_taken_only_where_set_up_left_them_and_nobody_wants_plain_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PLAIN_VARIABLE, raising=False)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert folder_in_use() is None

    compiled_folder(tmp_path).mkdir(parents=True)
    assert folder_in_use() == compiled_folder(tmp_path)

    monkeypatch.setenv(PLAIN_VARIABLE, "yes")
    assert folder_in_use() is None


@pytest.mark.parametrize("seed", [3, 4])
def test_a_day_goes_the_same_however_often_other_threads_have_their_turn(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = in_one_line(day_of(seed))

    monkeypatch.setattr(routing.simulate, "_AT_ONCE", 1)

    assert in_one_line(day_of(seed)) == whole


def test_what_is_not_compiled_is_found_in_the_package_itself() -> None:
    assert routing.__path__[-1] == str(Path(compiled.__file__).parent)
