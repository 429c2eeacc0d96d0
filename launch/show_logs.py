"""`./halo logs`: what the processes say."""

import os
import shutil

from core.errors import HaloError, NotFound
from core.settings import default_home
from launch.supervision.programs import PROGRAM_NAMES
from launch.supervision.supervisor_conf import log_file

_LINES = "100"


def show_logs(process: str | None, follow: bool) -> None:
    """Become `tail` on one process's log, or on all. Raises NotFound for a process that is none."""
    names = (*PROGRAM_NAMES, "supervisord")
    if process and process not in names:
        raise NotFound(f"There is no process {process!r}.", f"use one of: {', '.join(names)}.")
    files = [str(file) for name in ([process] if process else names) if (file := log_file(default_home(), name)).exists()]
    if not files:
        raise NotFound("There are no logs yet.", "run ./halo up.")
    tail = shutil.which("tail")
    if not tail:
        raise HaloError("The program tail is missing.", f"read the files yourself: {' '.join(files)}")
    os.execv(tail, [tail, "-n", _LINES, *(["-F"] if follow else []), *files])  # noqa: S606  # paths of ours, no shell
