"""`./halo test`: the checks, every test on SQLite, and those that touch a database again on PostgreSQL."""

import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from launch.checks_run import run_checks
from launch.console import bold, green, red, say
from launch.pytest_run import PytestRun
from launch.scratch_postgres import scratch_postgres
from launch.supervision.processor_share import FIRST, LAST

_SIDE_BY_SIDE = ("-n", "2", "--dist", "worksteal")
_NO_TESTS = 5  # pytest's exit code when a selection is empty


def run_all(arguments: Sequence[str]) -> int:
    """Run everything, also after a failure, and say how each part went; returns the exit code."""
    say(bold("Checks"))
    well = {"checks": run_checks()}
    with scratch_postgres() as url:
        codes = _run_lines(_lines(arguments, url))
    well |= {name: code in (0, _NO_TESTS) for name, code in codes.items()}
    if all(code == _NO_TESTS for code in codes.values()):
        well["a test to run"] = False  # a selection may well be empty in one part, not in all
    say()
    for name, passed in well.items():
        say(f"  {name:<24} {green('passed') if passed else red('FAILED')}")
    return 0 if all(well.values()) else 1


def _lines(arguments: Sequence[str], url: str) -> list[list[PytestRun]]:
    """What runs side by side, each line one run after the other. The first line is watched, and goes before the others for the
    processor, since its callers' ears are real time; the second begins when the first run of all has ended: beside browsers,
    now and then a caller's recording misses a word."""
    if "-m" in arguments:  # the caller has chosen by marks: nothing beside it
        return [[PytestRun("tests on SQLite", arguments), PytestRun("tests on PostgreSQL", arguments, url)]]
    return [
        [
            PytestRun("conversations by phone", ["-m", "ears", *arguments], "", FIRST, 0),
            PytestRun("calls on SQLite", ["-m", "call and not ears", *arguments], "", FIRST, 0),
        ],
        [
            PytestRun("pages and carriers", ["-m", "live and not call", *arguments], "", LAST, 1),
            PytestRun("calls on PostgreSQL", ["-m", "database and call and not ears", *arguments], url, FIRST, 1),
        ],
        [
            PytestRun("tests on SQLite", [*_SIDE_BY_SIDE, "-m", "not live", *arguments], "", LAST, 2),
            PytestRun("tests on PostgreSQL", [*_SIDE_BY_SIDE, "-m", "database and not live", *arguments], url, LAST, 2),
        ],
    ]


def _run_lines(lines: Sequence[Sequence[PytestRun]]) -> dict[str, int]:
    """Every run's exit code, in order. What the first line says is seen at once, the others' when they have ended."""
    watched, behind = lines[0], lines[1:]
    codes = {run.name: 1 for line in lines for run in line}
    with tempfile.TemporaryDirectory(prefix="halo-tests-") as folder:
        said = {run.name: Path(folder) / run.name for line in behind for run in line}

        opened = threading.Event()

        def go_through(line: Sequence[PytestRun], waits: bool) -> None:
            if waits:
                opened.wait()
            for run in line:
                codes[run.name] = run.run(said[run.name])

        threads = [threading.Thread(target=go_through, args=(line, line is behind[0]), daemon=True) for line in behind]
        for thread in threads:
            thread.start()
        if said:
            say(f"\nBehind what is shown, to be told at its end: {', '.join(said)}")
        for run in watched:
            say(f"\n{bold(run.name.capitalize())}")
            codes[run.name] = run.run()
            opened.set()
        for thread in threads:
            thread.join()
        for name, file in said.items():
            say(f"\n{bold(name.capitalize())}")
            say(file.read_text(encoding="utf-8", errors="replace").rstrip() if file.exists() else "not run")
    return codes
