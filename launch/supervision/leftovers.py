"""Processes of ours whose manager died (kill -9, power): found by what they carry in their environment, and ended."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launch.supervision.supervisor import MANAGER_NAME, MANAGER_VARIABLE, is_alive, wait_until

_TERM_WAIT_S = 8
_KILL_WAIT_S = 5


@dataclass(frozen=True, slots=True)
class Leftover:
    """A process that the manager of `home` once started, or the manager itself."""

    pid: int
    name: str


def carried_name(environment: bytes, home: Path) -> str:
    """The name that a process of ours carries in its environment; "" when it is not one of this home's."""
    values = dict(pair.split(b"=", 1) for pair in environment.split(b"\0") if b"=" in pair)
    if values.get(b"HALO_HOME") != os.fsencode(home):
        return ""
    name = values.get(b"SUPERVISOR_PROCESS_NAME") or values.get(os.fsencode(MANAGER_VARIABLE), b"")
    return name.decode("utf-8", "replace")


def find_leftovers(home: Path) -> list[Leftover]:
    """Every process of this home that still runs; first the manager, which would start the others again."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            name = carried_name((folder / "environ").read_bytes(), home)
        except OSError:
            continue  # another user's, or gone
        if name and is_alive(int(folder.name)):
            found.append(Leftover(int(folder.name), name))
    return sorted(found, key=lambda leftover: leftover.name != MANAGER_NAME)


def end_leftovers(home: Path) -> list[Leftover]:
    """End them, politely first; returns those that there were."""
    there = find_leftovers(home)
    for how, wait_s in ((signal.SIGTERM, _TERM_WAIT_S), (signal.SIGKILL, _KILL_WAIT_S)):
        for leftover in there:
            with suppress(ProcessLookupError):
                os.kill(leftover.pid, how)
        if wait_until(lambda: not any(is_alive(leftover.pid) for leftover in there), wait_s):
            break
    return there
