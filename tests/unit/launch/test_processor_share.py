"""Halo's session goes before others where the kernel divides by session, and only Halo's own."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.doctor.installation import processor_share
from launch.supervision.processor_share import FIRST, LAST, give_share, is_raised

HALO = 4711


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """A /proc of a machine that divides by session, with our process in one and Halo's in another."""
    for pid, group in ((os.getpid(), "/autogroup-1 nice 0\n"), (HALO, "/autogroup-2 nice 0\n")):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "autogroup").write_text(group)
    (tmp_path / "sys/kernel").mkdir(parents=True)
    (tmp_path / "sys/kernel/sched_autogroup_enabled").write_text("1\n")
    return tmp_path


@pytest.fixture
def sleeper() -> Iterator[int]:
    """A real process in a session of its own."""
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        yield process.pid
        process.kill()


def test_halos_session_gets_its_share(proc):
    assert give_share(HALO, FIRST, proc)
    assert (proc / str(HALO) / "autogroup").read_text() == str(FIRST)


def test_our_own_session_is_left_alone(proc):
    (proc / str(HALO) / "autogroup").write_text("/autogroup-1 nice 0\n")
    assert not give_share(HALO, FIRST, proc)
    assert (proc / str(HALO) / "autogroup").read_text() == "/autogroup-1 nice 0\n"


def test_one_who_was_never_started_as_a_session_of_its_own_still_gives_halo_its_share(proc):
    (proc / str(os.getpid()) / "autogroup").write_text("")
    assert give_share(HALO, FIRST, proc)
    assert (proc / str(HALO) / "autogroup").read_text() == str(FIRST)


@pytest.mark.parametrize("missing", ["autogroup", ""])
def test_a_machine_without_such_shares_is_no_error(tmp_path, missing):
    assert not give_share(HALO, FIRST, tmp_path / missing)
    assert is_raised(HALO, tmp_path / missing)


def test_the_state_is_read(proc):
    group = proc / str(HALO) / "autogroup"
    assert not is_raised(HALO, proc)
    group.write_text("/autogroup-2 nice -10\n")
    assert is_raised(HALO, proc)


def test_without_the_feature_all_are_alike(proc):
    (proc / "sys/kernel/sched_autogroup_enabled").write_text("0\n")
    assert is_raised(HALO, proc)


@pytest.mark.parametrize("niceness", [FIRST, LAST])
def test_the_kernel_takes_it(sleeper, niceness):
    group = Path(f"/proc/{sleeper}/autogroup")
    taken = group.exists() and (niceness > 0 or may_go_first(sleeper))
    assert give_share(sleeper, niceness) == taken
    assert not group.exists() or group.read_text().split()[-1] == str(niceness if taken else 0)


def may_go_first(pid: int) -> bool:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, FIRST)
    except PermissionError:
        return False
    return True


def test_the_doctor_names_the_way_out():
    assert processor_share(True).what == "calls go first"
    assert "started by root" in processor_share(False).what
