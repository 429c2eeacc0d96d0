"""`./halo test`: the checks, every test on SQLite, and those that touch a database again on PostgreSQL."""

import os
import subprocess
from collections.abc import Sequence

from launch.checks_run import run_checks
from launch.console import bold, green, red, say
from launch.places import ROOT, VENV_PYTHON
from launch.scratch_postgres import scratch_postgres

URL_VARIABLE = "HALO_TEST_DATABASE_URL"
_SIDE_BY_SIDE = "2"
_NO_TESTS = 5  # pytest's exit code when a selection is empty


def run_all(pytest_arguments: Sequence[str]) -> int:
    """Run everything, also after a failure, and say how each part went; returns the exit code."""
    say(bold("Checks"))
    results = {"checks": run_checks()}
    say(f"\n{bold('Tests on SQLite')}")
    first = _pytest(pytest_arguments, "", marks="")
    say(f"\n{bold('Tests on PostgreSQL')}")
    with scratch_postgres() as url:
        second = _pytest(pytest_arguments, url, marks="database")
    # A selection (-k …) may well hold no test that touches a database; none at all is a mistake.
    results["tests on SQLite"] = first == 0 or (first == _NO_TESTS and second == 0)
    results["tests on PostgreSQL"] = second == 0 or (second == _NO_TESTS and bool(pytest_arguments))
    say()
    for name, well in results.items():
        say(f"  {name:<24} {green('passed') if well else red('FAILED')}")
    return 0 if all(results.values()) else 1


def _pytest(arguments: Sequence[str], database_url: str, marks: str) -> int:
    """All tests of these marks: those that disturb nobody side by side, then the live ones, each alone: with two houses on two
    cores, now and then a caller's recording misses a word of a prompt.

    Returns pytest's exit code: of the first part that failed, else of a part that ran something.
    """
    if "-m" in arguments:  # the caller has chosen by marks
        return _run_pytest(arguments, database_url)
    quiet = _run_pytest(["-n", _SIDE_BY_SIDE, "--dist", "worksteal", *_marked(marks, "not live"), *arguments], database_url)
    live = _run_pytest([*_marked(marks, "live"), *arguments], database_url)
    failed = [code for code in (quiet, live) if code not in (0, _NO_TESTS)]
    return failed[0] if failed else min(quiet, live)


def _marked(*marks: str) -> list[str]:
    return ["-m", " and ".join(mark for mark in marks if mark)]


def _run_pytest(arguments: Sequence[str], database_url: str) -> int:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HALO_")}
    environment = {**inherited, URL_VARIABLE: database_url}
    return subprocess.run([VENV_PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env=environment, check=False).returncode
