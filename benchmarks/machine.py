"""The machine that the figures hold for."""

import os
import platform
import sqlite3
import subprocess
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from core.clock import SystemClock
from core.errors import HaloError
from launch.install.asterisk_root import asterisk_program
from launch.install.debian_packages import find_program


@dataclass(frozen=True, slots=True)
class Machine:
    """What a reader needs to judge the figures. `load` is the machine's load average of one minute before the start."""

    at: datetime
    processor: str
    cores: int
    memory_gib: float
    load: float
    system: str
    versions: dict[str, str]

    def rows(self) -> list[tuple[str, str]]:
        """Name and value, to be printed."""
        programs = ", ".join(f"{name} {found}" for name, found in self.versions.items() if found)
        return [
            ("date", f"{self.at:%Y-%m-%d %H:%M} UTC"),
            ("machine", f"{self.processor}, {self.cores} cores, {self.memory_gib:.0f} GiB memory, {self.system}"),
            ("versions", programs),
            ("load before the start", f"{self.load:.2f}"),
        ]


def this_machine() -> Machine:
    """Look at it now."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        at=SystemClock().now(), processor=_processor(), cores=len(os.sched_getaffinity(0)), memory_gib=pages / 2**30,
        load=os.getloadavg()[0], system=f"{platform.system()} {platform.release()}", versions=_versions(),
    )  # fmt: skip


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _versions() -> dict[str, str]:
    try:
        asterisk = asterisk_program().version
    except HaloError:
        asterisk = ""
    return {
        "Asterisk": asterisk,
        "Python": platform.python_version(),
        "Redis": _said("redis-server", "--version", after="v="),
        "SQLite": sqlite3.sqlite_version,
        "SQLAlchemy": version("sqlalchemy"),
    }


def _said(program: str, option: str, after: str) -> str:
    found = find_program(program)
    if not found:
        return ""
    said = subprocess.run([found, option], capture_output=True, text=True, check=False).stdout
    return said.partition(after)[2].split(" ")[0].strip()
