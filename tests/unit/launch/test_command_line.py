import os
import subprocess
import sys
from pathlib import Path

from launch.places import ROOT


def halo(arguments: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "halo"), *arguments], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def test_without_a_command_the_commands_are_listed_from_any_folder(tmp_path: Path) -> None:
    done = halo([], tmp_path)

    assert done.returncode == 0
    for command in ("up", "down", "status", "doctor", "logs", "test", "import customers"):
        assert f"./halo {command}" in done.stdout or f"\n  {command.split()[0]} " in done.stdout


def test_status_where_nothing_was_set_up_is_one_line_with_the_next_step(tmp_path: Path) -> None:
    done = halo(["status"], tmp_path, HALO_HOME=str(tmp_path / "home"))

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "./halo up" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_relative_home_is_meant_from_the_callers_folder(tmp_path: Path) -> None:
    done = halo(["status"], tmp_path, HALO_HOME="my-home")

    assert f"{tmp_path}/my-home" in done.stderr or "not set up here" in done.stderr


def test_an_unknown_command_is_an_error(tmp_path: Path) -> None:
    assert halo(["fly"], tmp_path).returncode != 0


def test_the_first_half_needs_the_standard_library_only() -> None:
    code = "import launch.__main__, launch.doctor.machine, launch.doctor.report"

    done = subprocess.run([sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"], check=False)

    assert done.returncode == 0
