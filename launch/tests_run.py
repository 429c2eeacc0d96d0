"""`./halo test`: the checks, every test on SQLite, and those that touch a database again on PostgreSQL."""

import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from launch.checks_run import run_checks
from launch.console import bold, green, red, say
from launch.places import ROOT
from launch.pytest_run import PytestRun
from launch.scratch_postgres import scratch_postgres
from launch.supervision.processor_share import FIRST, LAST

_SIDE_BY_SIDE = ("-n", "2", "--dist", "worksteal")
_FAILED, _NO_TESTS = 1, 5  # pytest's exit codes: some failed; a selection was empty
_LIVE, _LEASES = "tests/live", "tests/services"
_SLOWEST = 12  # are named after each run
_MOST_AGAIN = 8  # more than these at once are no work of a busy machine


def run_all(arguments: Sequence[str]) -> int:
    """Run everything, also after a failure, and say how each part went; returns the exit code."""
    say(bold("Checks"))
    well = {"checks": run_checks()}
    with scratch_postgres() as url:
        codes = _run_chosen(arguments, url) if "-m" in arguments else _run_lanes(arguments, url)
    well |= went_well(codes, selected=bool(arguments))
    say()
    for name, passed in well.items():
        say(f"  {name:<30} {green('passed') if passed else red('FAILED')}")
    return 0 if all(well.values()) else 1


def went_well(codes: Mapping[str, int], selected: bool) -> dict[str, bool]:
    """Which runs, by pytest's exit codes, were all right. Of a selection (-k …) a run may well be empty, but not every one."""
    may_be_empty = selected and any(code != _NO_TESTS for code in codes.values())
    return {name: code == 0 or (code == _NO_TESTS and may_be_empty) for name, code in codes.items()}


def _run_chosen(arguments: Sequence[str], url: str) -> dict[str, int]:
    """What is chosen by marks, with nothing beside it."""
    return dict(map(_watch, (PytestRun("tests on SQLite", arguments), PytestRun("tests on PostgreSQL", arguments, url))))


def _run_lanes(arguments: Sequence[str], url: str) -> dict[str, int]:
    """All of them, in five lanes side by side; returns every run's exit code.

    The calls go before the others for the processor, since their callers' ears are real time, and so are the leases of those who
    stand by for each other. Most of a call is waiting: three houses take calls at the same time, when the conversations are over.
    Then come browsers, for which somebody waits, too; whatever needs no more than the processor takes what they all leave.
    """
    with tempfile.TemporaryDirectory(prefix="halo-tests-") as folder:
        return _run_lanes_in(Path(folder), arguments, url)


def _run_lanes_in(folder: Path, arguments: Sequence[str], url: str) -> dict[str, int]:
    anywhere = any((ROOT / argument.split("::")[0]).exists() for argument in arguments)  # whoever names places names all of them

    def tests(
        name: str, marks: str, lane: int, *options: str, url: str = "", niceness: int = FIRST, places: Sequence[str] = (_LIVE,)
    ) -> PytestRun:
        where = () if anywhere else places  # what is not looked through costs nothing
        chosen = [*options, "-m", marks, f"--durations={_SLOWEST}", *where, *arguments]
        return PytestRun(name, chosen, url, niceness, lane, folder / f"memory of {name}")

    conversations = tests("conversations by phone", "ears", 0)
    watched = tests("calls on SQLite, first house", "house_1 and not ears", 0)
    again = tests("calls on PostgreSQL", "database and call and not ears", 1, url=url)
    second = tests("calls on SQLite, second house", "house_2 and not ears", 2)
    third = tests("calls on SQLite, third house", "(house_3 or leases) and not ears", 1, places=(_LIVE, _LEASES))
    others = [
        tests("tests on SQLite", "not live and not leases", 3, *_SIDE_BY_SIDE, niceness=LAST, places=()),
        tests("tests on PostgreSQL", "database and not live", 3, *_SIDE_BY_SIDE, url=url, niceness=LAST, places=()),
    ]
    pages = tests("pages and carriers", "live and not call", 4, niceness=0)
    behind = {run.name: folder / run.name for run in (again, second, third, *others, pages)}
    codes = dict.fromkeys(behind, 1)  # for one that does not even start
    say(f"\nBehind what is shown, to be told at its end: {', '.join(behind)}")
    lanes = [_start(runs, behind, codes) for runs in ([pages], others)]
    codes |= [_watch(conversations)]
    lanes += [_start(calls, behind, codes) for calls in ([again, third], [second])]
    codes |= [_watch(watched)]
    for lane in lanes:
        lane.join()
    for name, file in behind.items():
        say(f"\n{bold(name.capitalize())}")
        say(file.read_text(encoding="utf-8", errors="replace").rstrip() if file.exists() else "not run")
    for run in (conversations, watched, again, second, third, *others, pages):
        codes[run.name] = settled(run, codes[run.name])
    return codes


def settled(run: PytestRun, code: int) -> int:
    """The exit code that counts: calls, browsers and services are real time, so the few that failed beside others are run alone.

    What was needed is told: a test that often is among them is to be mended.
    """
    if code != _FAILED or not 0 < len(run.failed()) <= _MOST_AGAIN:
        return code
    say(f"\n{bold(f'{run.name.capitalize()}: once more, with nothing beside')}")
    for name in run.failed():
        say(f"  failed beside the others: {name}")
    return run.only_failed().run()


def _watch(run: PytestRun) -> tuple[str, int]:
    say(f"\n{bold(run.name.capitalize())}")
    return run.name, run.run()


def _start(runs: Sequence[PytestRun], said: Mapping[str, Path], codes: dict[str, int]) -> threading.Thread:
    """Run them one after the other in a thread of their own, which keeps nobody who breaks off."""

    def go_through() -> None:
        for run in runs:
            codes[run.name] = run.run(said[run.name])

    lane = threading.Thread(target=go_through, daemon=True)
    lane.start()
    return lane
