import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import Unavailable
from core.settings import Settings
from launch.settings_file import prepare_home
from launch.supervision import start_order
from launch.supervision.leftovers import end_leftovers, find_leftovers
from launch.supervision.programs import Program
from launch.supervision.start_order import NotReady, start_all, stop_all
from launch.supervision.supervisor import Supervisor, is_alive, wait_until
from launch.supervision.supervisor_conf import write_supervisor_conf

WAITS = [sys.executable, "-c", "import sys, time; print('at work', flush=True); time.sleep(600)"]
FAILS = [sys.executable, "-c", "print('no such thing as a port'); raise SystemExit(1)"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    prepare_home(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, session_key="s", redis_password="r", ami_password="a")


@pytest.fixture
def supervisor(home: Path) -> Iterator[Supervisor]:
    """A real process manager with two processes, under the names of ours, that do nothing."""
    write_supervisor_conf(home, [Program("redis", WAITS), Program("worker", FAILS)])
    manager = Supervisor(home)
    manager.start()
    yield manager
    if manager.is_up():
        manager.end()


def test_nobody_answers_where_nothing_runs(home: Path) -> None:
    assert not Supervisor(home).is_up()
    with pytest.raises(Unavailable, match="not running"):
        Supervisor(home).states()


def test_processes_wait_to_be_started_and_starting_twice_starts_once(supervisor: Supervisor) -> None:
    assert [(state.name, state.state) for state in supervisor.states()] == [("redis", "STOPPED"), ("worker", "STOPPED")]

    assert supervisor.start_process("redis")
    pid = supervisor.state("redis").pid
    assert not supervisor.start_process("redis")
    assert supervisor.state("redis").pid == pid


def test_a_killed_process_is_started_again(supervisor: Supervisor) -> None:
    supervisor.start_process("redis")
    assert wait_until(lambda: supervisor.state("redis").state == "RUNNING", 10)
    pid = supervisor.state("redis").pid

    os.kill(pid, signal.SIGKILL)

    assert wait_until(lambda: supervisor.state("redis").pid not in (0, pid), 10)


def test_stopping_leaves_nothing_running(supervisor: Supervisor, home: Path) -> None:
    supervisor.start_process("redis")
    pid = supervisor.state("redis").pid
    manager = next(left.pid for left in find_leftovers(home) if left.name == "supervisord")

    stop_all(supervisor)

    assert not is_alive(pid)
    assert not is_alive(manager)
    assert find_leftovers(home) == []


def test_what_a_killed_manager_leaves_is_found_and_ended(supervisor: Supervisor, home: Path) -> None:
    supervisor.start_process("redis")
    assert wait_until(lambda: supervisor.state("redis").state == "RUNNING", 10)
    pid = supervisor.state("redis").pid
    manager = next(left.pid for left in find_leftovers(home) if left.name == "supervisord")

    os.kill(manager, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(manager), 5)

    assert not supervisor.is_up()
    assert [(left.pid, left.name) for left in end_leftovers(home)] == [(pid, "redis")]
    assert not is_alive(pid)


def test_ready_processes_are_left_as_they_are(supervisor: Supervisor, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(start_order.CHECKS, "redis", lambda settings: "")
    wanted = [Program("redis", WAITS)]

    assert start_all(supervisor, wanted, settings)
    pid = supervisor.state("redis").pid
    assert not start_all(supervisor, wanted, settings)
    assert supervisor.state("redis").pid == pid


def test_a_process_that_does_not_answer_in_time_is_named_with_its_last_words(
    supervisor: Supervisor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(start_order.CHECKS, "redis", lambda settings: "does not answer on port 1")

    with pytest.raises(NotReady) as error:
        start_all(supervisor, [Program("redis", WAITS, ready_wait_s=1.5)], settings)

    assert "redis does not become ready: it does not answer on port 1" in error.value.message
    assert error.value.last_lines == ["at work"]
    assert "./halo logs redis" in error.value.next_step


def test_a_process_that_dies_at_once_is_named_with_its_last_words(
    supervisor: Supervisor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(start_order.CHECKS, "worker", lambda settings: "answers nothing")

    with pytest.raises(NotReady) as error:
        start_all(supervisor, [Program("worker", FAILS, ready_wait_s=1.5)], settings)

    assert "no such thing as a port" in error.value.last_lines
