"""What a process says, passed on without whole numbers, to its last word."""

import io
import os
import signal
import subprocess

from core.clock import stopwatch_s
from launch.places import ROOT
from launch.processes.masked_log import masked_line, pass_on
from launch.supervision.programs import masked


def test_a_callers_number_is_masked_and_the_time_stays():
    line = "[2026-11-24 19:13:17.216] WARNING[6786]: res_pjsip.c: Name for number '+6281900000040' has invalid UTF-8\n"
    assert masked_line(line) == "[2026-11-24 19:13:17.216] WARNING[6786]: res_pjsip.c: Name for number '***040' has invalid UTF-8\n"


def test_a_line_without_end_is_passed_on_in_pieces():
    target = io.StringIO()
    pass_on(io.StringIO("x" * 40_000), target)
    assert target.getvalue() == "x" * 40_000


def run_masked(script: str) -> subprocess.Popen[str]:
    command = masked(["bash", "-c", script])
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)


def test_the_process_is_the_command_itself_and_its_last_words_are_kept():
    process = run_masked('echo "I am $$"; trap \'echo "gone, 08123456789"; exit 3\' TERM; while :; do sleep 0.05; done')
    assert process.stdout
    assert process.stdout.readline() == f"I am {process.pid}\n"
    os.killpg(process.pid, signal.SIGTERM)
    assert process.stdout.read().splitlines()[-1] == "gone, ***789"
    assert process.wait() == 3


def test_a_filter_that_dies_is_there_again():
    process = run_masked("echo ready; while :; do echo 08123456789; sleep 0.05; done")
    assert process.stdout
    try:
        assert process.stdout.readline() == "ready\n"
        first = filter_of(process.pid)
        os.kill(first, signal.SIGKILL)
        while filter_of(process.pid) == first:
            assert process.stdout.readline() == "***789\n"
        assert process.stdout.readline() == "***789\n"
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def filter_of(pid: int) -> int:
    """The filter in the session of a process, once there is one."""
    end_s = stopwatch_s() + 10
    while stopwatch_s() < end_s:
        found = subprocess.run(
            ["pgrep", "-s", str(pid), "-f", "^[^ ]*python[^ ]* -m launch.processes.masked_log$"],
            capture_output=True,
            text=True,
            check=False,
        )
        if found.stdout.split():
            return int(found.stdout.split()[0])
    raise AssertionError("there is no filter")
