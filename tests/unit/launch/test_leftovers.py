import subprocess
import sys
from pathlib import Path

from launch.supervision.leftovers import carried_name, end_leftovers, find_leftovers
from launch.supervision.supervisor import MANAGER_NAME, MANAGER_VARIABLE

WAITS = "import sys; print('up', flush=True); sys.stdin.read()"
IGNORES_TERM = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); sys.stdin.read()"


def start(home: Path, name: str, code: str = WAITS) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={"HALO_HOME": str(home), "SUPERVISOR_PROCESS_NAME": name},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    return process


def test_a_process_is_known_by_its_home_and_name() -> None:
    environment = b"PATH=/bin\0HALO_HOME=/srv/halo\0SUPERVISOR_PROCESS_NAME=redis\0"

    assert carried_name(environment, Path("/srv/halo")) == "redis"
    assert carried_name(environment, Path("/srv/other")) == ""
    assert carried_name(b"HALO_HOME=/srv/halo\0", Path("/srv/halo")) == ""


def test_the_manager_is_known_too() -> None:
    environment = f"HALO_HOME=/srv/halo\0{MANAGER_VARIABLE}={MANAGER_NAME}\0".encode()

    assert carried_name(environment, Path("/srv/halo")) == MANAGER_NAME


def test_leftovers_of_this_home_are_ended_and_those_of_another_left_alone(tmp_path: Path) -> None:
    ours, theirs = start(tmp_path / "ours", "redis"), start(tmp_path / "theirs", "redis")

    assert [(left.pid, left.name) for left in end_leftovers(tmp_path / "ours")] == [(ours.pid, "redis")]

    assert ours.wait(5) != 0
    assert find_leftovers(tmp_path / "ours") == []
    assert theirs.poll() is None
    theirs.communicate()


def test_a_leftover_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("launch.supervision.leftovers._TERM_WAIT_S", 0.1)
    deaf = start(tmp_path, "desk", IGNORES_TERM)

    end_leftovers(tmp_path)

    assert deaf.wait(5) == -9
