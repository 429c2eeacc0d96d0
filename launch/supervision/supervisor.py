"""Talks to the process manager: is it there, start it, start and stop its processes, end it."""

import http.client
import os
import signal
import subprocess
import time
import xmlrpc.client
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from core.clock import stopwatch_s
from core.errors import HaloError, Unavailable
from launch.places import ROOT, VENV_PYTHON
from launch.supervision.processor_share import FIRST, give_share
from launch.supervision.programs import PROGRAM_NAMES
from launch.supervision.supervisor_conf import conf_file, log_file, socket_file

_START_WAIT_S = 20
_END_WAIT_S = 30
_POLL_S = 0.05
# The manager and all that it starts carry this, so that they are known again when its socket or itself is gone.
MANAGER_VARIABLE = "HALO_MANAGED_BY"
MANAGER_NAME = "supervisord"
RUNNING_STATES = ("RUNNING", "STARTING", "BACKOFF", "STOPPING")


@dataclass(frozen=True, slots=True)
class ProcessState:
    """One process as its manager sees it. `state` is supervisor's word (RUNNING, BACKOFF, FATAL …); `up_s` its age in
    seconds; `started_at` the second of its last start; `pid` 0 when it does not run."""

    name: str
    state: str
    pid: int
    up_s: int
    started_at: int
    problem: str


class Supervisor:
    """The process manager of one home."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            self._call(lambda api: api.getState())
        except Unavailable:
            return False
        return True

    def start(self) -> None:
        """Start it in the background with the configuration that is on disk. Raises HaloError when it does not come up."""
        said = log_file(self._home, "supervisord-start")
        with said.open("wb") as output:
            code = subprocess.run(
                [VENV_PYTHON, "-m", "supervisor.supervisord", "-c", conf_file(self._home)],
                cwd=ROOT,
                env={**os.environ, "HALO_HOME": str(self._home), "PYTHONUNBUFFERED": "1", MANAGER_VARIABLE: MANAGER_NAME},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        if code or not wait_until(self.is_up, _START_WAIT_S):
            raise HaloError("The process manager does not start.", f"read {said}, then run ./halo up again.")

    def go_first(self) -> None:
        """Have it and all that it starts go before other work on the machine, where that may be done."""
        give_share(self.pid(), FIRST)

    def pid(self) -> int:
        """The manager's own process id. Raises Unavailable when it is not there."""
        return int(self._call(lambda api: api.getPID()))

    def states(self) -> list[ProcessState]:
        """Every process, in starting order. Raises Unavailable when the manager is not there."""
        found = {info["name"]: _state(info) for info in self._call(lambda api: api.getAllProcessInfo())}
        return [found[name] for name in PROGRAM_NAMES if name in found]

    def state(self, name: str) -> ProcessState:
        """One process."""
        return _state(self._call(lambda api: api.getProcessInfo(name)))

    def start_process(self, name: str) -> bool:
        """Start a process without waiting; False when it runs already."""
        if self.state(name).state in RUNNING_STATES:
            return False
        self._call(lambda api: api.startProcess(name, False))
        return True

    def stop_process(self, name: str) -> None:
        """Stop a process and wait for its end."""
        if self.state(name).state in RUNNING_STATES:
            self._call(lambda api: api.stopProcess(name, True))

    def end(self) -> None:
        """End the manager itself and wait until its process is gone."""
        pid = self.pid()
        self._call(lambda api: api.shutdown())
        if not wait_until(lambda: not is_alive(pid), _END_WAIT_S):
            os.kill(pid, signal.SIGKILL)

    def _call(self, ask: Callable[[Any], Any]) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{socket_file(self._home)}")
        try:
            return ask(xmlrpc.client.ServerProxy("http://halo", transport=transport).supervisor)
        except xmlrpc.client.Fault as problem:
            raise HaloError(f"The process manager refuses: {problem.faultString}.", "run ./halo doctor.") from None
        except (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError):
            raise Unavailable("Halo is not running.", "run ./halo up.") from None
        finally:
            transport.close()


def wait_until(check: Callable[[], bool], most_s: float) -> bool:
    """Look again and again until `check` holds; False when it does not within `most_s`."""
    end_s = stopwatch_s() + most_s
    while not check():
        if stopwatch_s() > end_s:
            return False
        time.sleep(_POLL_S)
    return True


def is_alive(pid: int) -> bool:
    """Whether a process with this number exists and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _state(info: dict[str, Any]) -> ProcessState:
    running = info["statename"] == "RUNNING"
    return ProcessState(
        name=info["name"],
        state=info["statename"],
        pid=info["pid"],
        up_s=info["now"] - info["start"] if running else 0,
        started_at=info["start"],
        problem=info["spawnerr"],
    )
