"""One run of pytest over some of the tests, on one database; several may go side by side."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from launch.places import ROOT, VENV_PYTHON
from launch.supervision.processor_share import FIRST, give_share

URL_VARIABLE = "HALO_TEST_DATABASE_URL"
PORT_VARIABLE = "HALO_TEST_FIRST_PORT"
FOLDER_VARIABLE = "HALO_TEST_FOLDER"  # what runs side by side have in common
_FIRST_PORT, _PORTS = 10_000, 2_000
_END_WAIT_S = 120


@dataclass(frozen=True, slots=True)
class PytestRun:
    """What pytest is given, the database ("": SQLite), how it stands to others for the processor (a niceness), and its lane: a port
    is free until it is used, so lanes that go side by side look for theirs in different thousands. `memory` is a folder in which
    pytest notes what failed, in a folder that runs side by side have in common."""

    name: str
    arguments: Sequence[str]
    database_url: str = ""
    niceness: int = 0
    lane: int = 0
    memory: Path | None = None

    def run(self, said: Path | None = None) -> int:
        """Run it on our own terminal, or have it say all to a file; returns pytest's exit code."""
        if said is None:
            return self._run(None)
        with said.open("wb") as output:
            return self._run(output)

    def failed(self) -> list[str]:
        """The tests that failed when it ran last; empty where no memory was given."""
        file = self.memory / "v/cache/lastfailed" if self.memory else None
        return sorted(json.loads(file.read_text(encoding="utf-8"))) if file and file.exists() else []

    def only_failed(self) -> "PytestRun":
        """The same run of no more than those that failed."""
        return replace(self, arguments=[*self.arguments, "--last-failed", "--last-failed-no-failures", "none"], niceness=FIRST)

    def _run(self, output: BinaryIO | None) -> int:
        # A session of its own, so that the processor can be shared out; it ends with us all the same.
        nice = ["nice", "-n", str(self.niceness)] if self.niceness > 0 else []
        memory = ["-o", f"cache_dir={self.memory}"] if self.memory else []
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "INT", *nice, VENV_PYTHON, "-m", "pytest", *memory, *self.arguments],
            cwd=ROOT, env=self._environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        give_share(process.pid, self.niceness)
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)  # it takes down what it has started
            process.wait(_END_WAIT_S)
            raise

    def _environment(self) -> Mapping[str, str]:
        dropped = ("HALO_", "PYTHONDONTWRITEBYTECODE")  # hundreds of processes start: what one has compiled serves them all
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        first_port = _FIRST_PORT + _PORTS * self.lane
        common = {FOLDER_VARIABLE: str(self.memory.parent)} if self.memory else {}
        return {**inherited, **common, URL_VARIABLE: self.database_url, PORT_VARIABLE: str(first_port)}
