"""Waking a process whose thread waits for what has been already: a real process, real signals."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cti import asterisk_threads
from cti.asterisk_threads import AsteriskThreads, wake_threads

# A thread waits on a socket whose number is then another file's: nothing that comes there would ever wake it.
STUCK = """
import os, select, socket, sys, threading, time
ours, theirs = socket.socketpair()
def wait():
    poll = select.poll()
    poll.register(ours.fileno(), select.POLLIN)
    poll.poll()
    print("free", flush=True)
waiting = threading.Thread(target=wait, name="asterisk")
waiting.start()
time.sleep(0.3)
reader, writer = os.pipe()
os.dup2(reader, ours.fileno())
os.write(writer, b"!")
print("stuck", flush=True)
waiting.join()
"""


@pytest.fixture
def stuck() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", STUCK, "asterisk"], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"stuck\n"
        yield process
    finally:
        process.kill()
        process.wait()


def says(process: subprocess.Popen[bytes], wait_s: float) -> bytes:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], wait_s)
    return process.stdout.readline() if ready else b""


def pid_file(folder: Path, pid: int) -> Path:
    file = folder / "asterisk.pid"
    file.write_text(f"{pid}\n", encoding="ascii")
    return file


def test_a_thread_that_waits_in_vain_is_woken(stuck, tmp_path):
    assert says(stuck, 0.5) == b""
    with AsteriskThreads(pid_file(tmp_path, stuck.pid), slow_s=0.05).freeing():
        assert says(stuck, 10.0) == b"free\n"


def test_what_is_done_in_time_wakes_nobody(tmp_path):
    woken: list[int] = []
    before = set(threading.enumerate())
    with AsteriskThreads(pid_file(tmp_path, os.getpid()), woken.append, slow_s=0.05).freeing():
        (watch,) = [thread for thread in threading.enumerate() if thread.name == "asterisk-threads" and thread not in before]
    watch.join(10)
    assert not watch.is_alive()
    assert woken == []


def test_many_who_wait_wake_it_once(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"/usr/sbin/asterisk\0-f")
    woken: list[int] = []
    threads = AsteriskThreads(pid_file(tmp_path, os.getpid()), woken.append)
    for _ in range(50):
        threads.wake()
    assert woken == [os.getpid()]


def test_the_process_goes_on_after_it_was_woken(stuck):
    wake_threads(stuck.pid)
    assert says(stuck, 10.0) == b"free\n"
    assert stuck.wait(10) == 0


def test_one_that_was_left_standing_goes_on(stuck, tmp_path):
    os.kill(stuck.pid, signal.SIGSTOP)
    os.waitpid(stuck.pid, os.WUNTRACED)  # it stands
    AsteriskThreads(pid_file(tmp_path, stuck.pid)).go_on()
    assert says(stuck, 10.0) == b"free\n"


def test_whoever_wakes_it_outlives_our_group_and_has_our_share_of_the_processor(tmp_path, monkeypatch):
    monkeypatch.setattr(asterisk_threads, "_SCRIPT", f'ps -o pgid=,sid= -p $$ > "{tmp_path / "said"}"')
    wake_threads(os.getpid())
    group, session = map(int, (tmp_path / "said").read_text(encoding="ascii").split())
    assert group != os.getpgrp()
    assert session == os.getsid(0)


def test_who_takes_too_long_to_stop_it_lets_it_go_on_all_the_same(stuck, monkeypatch):
    monkeypatch.setattr(asterisk_threads, "_STOPPED_S", 0.5)
    monkeypatch.setattr(asterisk_threads, "_WAKE_WAIT_S", 0.01)
    with pytest.raises(subprocess.TimeoutExpired):
        wake_threads(stuck.pid)
    assert says(stuck, 10.0) == b"free\n"


@pytest.mark.parametrize("written", ["", "no number\n", "4194999\n", "ours"])
def test_a_process_that_is_no_asterisk_is_let_alone(tmp_path, monkeypatch, written):
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"python\0-m\0pytest")
    file = tmp_path / "asterisk.pid"
    file.write_text(f"{os.getpid()}\n" if written == "ours" else written, encoding="ascii")
    woken: list[int] = []
    AsteriskThreads(file, woken.append).wake()
    assert woken == []


def test_an_asterisk_that_never_ran_is_let_alone(tmp_path):
    woken: list[int] = []
    AsteriskThreads(tmp_path / "asterisk.pid", woken.append).wake()
    assert woken == []


def test_one_that_may_not_be_signalled_is_told_with_the_next_step(tmp_path, monkeypatch):
    def refuse(pid: int) -> None:
        raise subprocess.CalledProcessError(1, "kill")

    monkeypatch.setattr(Path, "read_bytes", lambda _: b"/usr/sbin/asterisk\0-f")
    with capture_logs() as told:
        AsteriskThreads(pid_file(tmp_path, os.getpid()), refuse).wake()
    assert [(line["event"], line["next_step"]) for line in told] == [
        ("asterisk_not_woken", "run Halo and Asterisk as the same user")
    ]
