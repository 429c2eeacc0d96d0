"""Starts the processes one after the other, each when the one before it is ready, and stops them the other way round."""

import time
from pathlib import Path

from core.clock import stopwatch_s
from core.errors import HaloError
from core.settings import Settings
from launch.console import step
from launch.ports import ports_of, raise_if_taken
from launch.supervision.programs import Program
from launch.supervision.readiness import CHECKS
from launch.supervision.supervisor import ProcessState, Supervisor
from launch.supervision.supervisor_conf import log_file

_POLL_S = 0.1
_STARTS_BEFORE_GIVING_UP = 4
_SHOWN_LINES = 12
_TAIL_BYTES = 20_000


class NotReady(HaloError):
    """A process did not become ready; `last_lines` is what it said last."""

    code = "not_ready"

    def __init__(self, message: str, next_step: str, last_lines: list[str]) -> None:
        super().__init__(message, next_step)
        self.last_lines = last_lines


def start_all(supervisor: Supervisor, wanted: list[Program], settings: Settings) -> bool:
    """Start what does not run and wait until each really answers; returns whether anything had to be started.

    Raises HaloError for a port that something else holds, NotReady with the log's last lines.
    """
    started_any = False
    for program in wanted:
        with step(program.name) as line:
            runs = supervisor.state(program.name).pid > 0
            if not runs:
                raise_if_taken(settings, [port for port in ports_of(settings) if port.is_of(program.name, program.port_fields)])
            started = supervisor.start_process(program.name)
            wait_ready(supervisor, program, settings)
            started_any |= started
            if not started:
                line.note("runs already")
    return started_any


def wait_ready(supervisor: Supervisor, program: Program, settings: Settings) -> None:
    """Wait until a started process answers. Raises NotReady when it does not, or dies again and again."""
    end_s = stopwatch_s() + program.ready_wait_s
    starts: set[int] = set()
    while True:
        state = supervisor.state(program.name)
        starts.add(state.started_at)
        problem = CHECKS[program.name](settings) if state.pid else "is not running"
        if not problem:
            return
        if stopwatch_s() > end_s or state.state == "FATAL" or len(starts) >= _STARTS_BEFORE_GIVING_UP:
            raise _not_ready(settings.home, state, problem)
        time.sleep(_POLL_S)


def stop_all(supervisor: Supervisor) -> None:
    """Stop every process, last first, then the manager itself."""
    for state in reversed(supervisor.states()):
        with step(state.name):
            supervisor.stop_process(state.name)
    with step("Process manager"):
        supervisor.end()


def last_lines(file: Path, most: int = _SHOWN_LINES) -> list[str]:
    """The last lines of a log; [] when there is none."""
    if not file.exists():
        return []
    with file.open("rb") as log:
        log.seek(max(0, file.stat().st_size - _TAIL_BYTES))
        return log.read().decode("utf-8", "replace").splitlines()[-most:]


def _not_ready(home: Path, state: ProcessState, problem: str) -> NotReady:
    return NotReady(
        f"{state.name} does not become ready: it {problem}.",
        f"read the lines above ('./halo logs {state.name}' shows all), then run ./halo up again; './halo doctor' checks the rest.",
        last_lines(log_file(home, state.name)),
    )
