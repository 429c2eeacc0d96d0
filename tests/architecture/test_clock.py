"""Only core.clock asks what time it is; whoever waits is on a list, with the reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.project import PACKAGES, ROOT, product_files, python_files, shown, tree_of

THE_CLOCK = "core/clock.py"
ASKS_THE_TIME = frozenset(
    {
        *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")), "datetime.date.today",
        *(
            f"time.{name}{unit}"
            for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime")
            for unit in ("", "_ns")
        ),
        *(f"time.{name}" for name in ("localtime", "gmtime", "ctime", "asctime", "strftime")),
        *(f"sqlalchemy.{name}" for name in ("func.now", "func.current_timestamp", "func.current_date", "func.current_time")),
    }
)  # fmt: skip
WAITS = frozenset({"time.sleep", "asyncio.sleep", "select.select"})
# A wait that nothing can end earlier. Everywhere else somebody waits for an event, with a time-out.
ALLOWED_WAITS = {
    "agent_desktop/events.py": "at most four wallboards a second",
    "agent_desktop/the_day_feed.py": "the day's rows at most once a second",
    "agent_desktop/what_if.py": "a day that is played in another process tells how far it is in the database alone",
    "agent_desktop/pushing.py": "asks a socket whether its page is gone",
    "cti/dispatcher.py": "Redis is away: looks again a little later",
    "cti/expected_waits.py": "what happens at once is looked at once, and calls have their turn between two looks",
    "cti/speech/conversation.py": "a line that sends no sound tells nobody: the gap itself is measured",
    "cti/leading.py": "Redis or Asterisk is away in the middle of a resync: tries again a little later",
    "launch/supervision/start_order.py": "asks a starting process again and again whether it answers",
    "launch/supervision/supervisor.py": "waits for the start and the end of processes that tell nobody",
    "tests/journeys/floor_house.py": "gives the dispatcher's own task its turn between two looks at the event log",
    "tests/unit/cti/test_asterisk_threads.py": "asks another process whether its thread is free yet",
    "tests/live/test_locked_live.py": "breaks a connection within half a millisecond of a piece of sound",
    "tests/live/house.py": "waits for the start of processes and for rows that other processes write",
}
# Live tests run against real processes, in real time.
ON_REAL_TIME = "tests/live/"


def uses(tree: ast.Module, wanted: frozenset[str]) -> Iterator[tuple[int, str]]:
    """(line, full name) of everything in `wanted` that this code mentions, under whatever name it was imported."""
    known = dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = _full_name(node, known)
            if name in wanted:
                yield node.lineno, name


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.split(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _full_name(node: ast.expr, known: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = _full_name(node.value, known)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def found_in(files: list[Path], wanted: frozenset[str]) -> dict[str, list[str]]:
    """By file: the lines that mention something in `wanted`."""
    found = {shown(file): [f"line {line}: {name}" for line, name in uses(tree_of(file), wanted)] for file in files}
    return {file: lines for file, lines in found.items() if lines}


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.datetime.utcnow()",
        "from datetime import datetime\nx = datetime.now",
        "from datetime import datetime as when, date\nwhen.today()",
        "from datetime import date\ndate.today()",
        "import time\ntime.time()",
        "from time import monotonic as ticks\nticks()",
        "def late():\n    import time\n    return time.perf_counter_ns()",
        "from sqlalchemy import func\nfunc.now()",
    ],
)
def test_the_scan_sees_every_way_to_ask_the_time(code):
    assert len(list(uses(ast.parse(code), ASKS_THE_TIME))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "clock.now()",
        "from datetime import datetime\ndatetime.fromisoformat(x)",
        "from core.clock import Clock\nClock().now()",
        "now = 1",
    ],
)
def test_the_scan_leaves_our_own_clock_alone(code):
    assert not list(uses(ast.parse(code), ASKS_THE_TIME))


def test_only_the_clock_asks_the_time():
    asking = found_in([*product_files(), *python_files("tests")], ASKS_THE_TIME)
    assert [file for file in asking if file != THE_CLOCK and not file.startswith(ON_REAL_TIME)] == []
    assert THE_CLOCK in asking


def test_the_scripts_in_redis_are_given_the_time():
    scripts = [file for package in PACKAGES for file in (ROOT / package).rglob("*.lua")]
    assert scripts
    for script in scripts:
        text = script.read_text(encoding="utf-8").upper()
        assert "'TIME'" not in text, shown(script)
        assert "OS.TIME" not in text, shown(script)


def test_whoever_waits_is_on_the_list():
    waiting = found_in([*product_files(), *python_files("tests")], WAITS)
    assert {file: lines for file, lines in waiting.items() if file not in ALLOWED_WAITS} == {}
    assert set(ALLOWED_WAITS) <= set(waiting), "the list names files that no longer wait"
