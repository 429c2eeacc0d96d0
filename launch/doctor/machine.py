"""Checks of the machine: programs, versions, disk. Standard library only: they work with nothing installed."""

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from core.errors import HaloError
from launch.doctor.finding import Finding
from launch.install.asterisk_root import asterisk_program
from launch.install.compiled_engine import CompiledEngine, can_compile
from launch.install.debian_packages import NODE_AT_LEAST, find_program, node_version
from launch.install.javascript_bundle import JavascriptBundle
from launch.install.python_environment import PythonEnvironment, runs
from launch.places import home, setup_logs

PYTHON_AT_LEAST = (3, 11)
REDIS_AT_LEAST = 6
_DISK_NEEDED_GB = 1.0
_GB = 1_000_000_000
_INSTALL = "run 'sudo ./halo install'."
_UP = "run ./halo up."


def machine_findings() -> list[Finding]:
    """All of them."""
    checks: list[Callable[[], Finding]] = [python, asterisk, redis_server, node, voices, disk, environment, bundle, engine]
    return [check() for check in checks]


def python() -> Finding:
    found = platform.python_version()
    return Finding("Python", sys.version_info >= PYTHON_AT_LEAST, found, "install Python 3.11 or newer.")


def asterisk() -> Finding:
    try:
        program = asterisk_program()
    except HaloError as problem:
        return Finding("Asterisk", False, problem.message, problem.next_step)
    return Finding("Asterisk", True, f"{program.version} ({program.command[-1]})")


def redis_server() -> Finding:
    program = find_program("redis-server")
    if not program:
        return Finding("Redis", False, "missing", _INSTALL)
    return redis_version(subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout)


def redis_version(said: str) -> Finding:
    """From what `redis-server --version` says: "Redis server v=7.0.15 sha=…"."""
    found = re.search(r"v=(\d+)([.\d]*)", said)
    version = "".join(found.groups()) if found else "unknown version"
    new_enough = bool(found) and int(found[1]) >= REDIS_AT_LEAST if found else False
    return Finding("Redis", new_enough, version, f"install Redis {REDIS_AT_LEAST} or newer.")


def node() -> Finding:
    version = node_version()
    what = ".".join(map(str, version)) or "missing"
    return Finding("Node.js", version >= (NODE_AT_LEAST,), what, f"{_INSTALL[:-1]}, or install Node.js {NODE_AT_LEAST} or newer.")


def voices() -> Finding:
    missing = [name for name in ("espeak-ng", "sox") if not find_program(name)]
    return Finding("voices", not missing, f"missing: {', '.join(missing)}" if missing else "espeak-ng, sox", _INSTALL)


def disk() -> Finding:
    place = home()
    while not place.exists():
        place = place.parent
    return disk_space(place, shutil.disk_usage(place).free)


def disk_space(place: Path, free_bytes: int) -> Finding:
    """Whether so many bytes are enough."""
    free_gb = free_bytes / _GB
    return Finding(
        "disk", free_gb >= _DISK_NEEDED_GB, f"{free_gb:.1f} GB free at {place}", f"free {_DISK_NEEDED_GB:.0f} GB or set HALO_HOME."
    )


def environment() -> Finding:
    done = PythonEnvironment(setup_logs()).is_done() and runs()
    return Finding("Python environment", done, "complete" if done else "missing or out of date", _UP)


def bundle() -> Finding:
    done = JavascriptBundle(setup_logs()).is_done()
    return Finding("JavaScript bundle", done, "complete" if done else "missing or out of date", _UP)


def engine() -> Finding:
    return compiled_engine(CompiledEngine(setup_logs()).is_done(), can_compile())


def compiled_engine(is_compiled: bool, compiler_is_there: bool) -> Finding:
    """Whether the routing engine is compiled, where it can be. Where it can't, plain Python will do."""
    what = "compiled" if is_compiled else "plain Python, at about half the speed"
    return Finding("Routing engine", is_compiled or not compiler_is_there, what, _UP)
