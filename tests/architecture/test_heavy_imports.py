"""Libraries that take long to load, or much memory, are not loaded by who does not use them."""

import subprocess
import sys

import pytest

from tests.architecture.project import ROOT

HEAVY = ("scipy", "openpyxl", "pandas", "statsmodels", "torch", "holidays", "ortools", "icalendar")
_LOADED = "import sys, importlib; [importlib.import_module(name) for name in sys.argv[2:]]; " + (
    "print(*sorted(set(sys.argv[1].split(',')) & set(sys.modules)))"
)


@pytest.mark.parametrize(
    "modules",
    [
        ("launch.processes.cti", "cti.service"),
        ("launch.processes.desk", "agent_desktop.planner"),
        (
            "launch.processes.worker",
            "workforce.jobs",
            "workforce.roster_jobs",
            "workforce.roster_swaps",
            "launch.workforce_rosters",
        ),
        ("launch.cli",),
        (
            "workforce.forecast",
            "workforce.staff_need",
            "workforce.staff_search",
            "workforce.planner_files",
            "workforce.mean_patience",
        ),
    ],
    ids=lambda modules: modules[0],
)
def test_heavy_libraries_are_loaded_only_where_they_are_used(modules: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, ",".join(HEAVY), *modules], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize("process", ["cti", "worker", "planning", "what_if", "speech", "speech_front"])
def test_only_the_desk_loads_the_pages(process: str) -> None:
    """Half of the time in which one that died is back."""
    loaded = subprocess.run(
        [sys.executable, "-c", _LOADED, "flask,agent_desktop.app", f"launch.processes.{process}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loaded.stdout.split() == []
