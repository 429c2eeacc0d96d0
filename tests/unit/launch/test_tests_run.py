"""A run of tests in which nothing ran is no success, and a failure is one unless the test passes alone."""

from pathlib import Path

import pytest

from launch.pytest_run import PytestRun
from launch.tests_run import settled, went_well

PASSED, FAILED, EMPTY = 0, 1, 5
TESTS = """
from pathlib import Path

HERE = Path(__file__).parent

def test_that_passes():
    with (HERE / "passed").open("a") as told:
        told.write("x")

def test_that_passes_from_the_second_time_on():
    first = not (HERE / "tried").exists()
    (HERE / "tried").touch()
    assert not first

def test_that_never_passes():
    assert (HERE / "forgiven").exists()
"""


@pytest.mark.parametrize(
    ("codes", "selected", "well"),
    [
        ((PASSED, PASSED), False, (True, True)),
        ((PASSED, FAILED), False, (True, False)),
        ((PASSED, EMPTY), False, (True, False)),  # a mark that no test has any more
        ((PASSED, EMPTY), True, (True, True)),
        ((FAILED, EMPTY), True, (False, True)),
        ((EMPTY, EMPTY), True, (False, False)),  # a name that is spelled wrong
    ],
)
def test_an_empty_run_is_all_right_only_as_a_part_of_a_selection(codes, selected, well):
    found = went_well(dict(zip(("calls", "tests"), codes, strict=True)), selected)
    assert tuple(found.values()) == well


@pytest.fixture
def run(tmp_path: Path) -> PytestRun:
    (tmp_path / "test_some.py").write_text(TESTS)
    return PytestRun("some", [str(tmp_path), "-p", "no:xdist"], memory=tmp_path / "memory")


def test_only_what_failed_runs_again_and_counts_then(run: PytestRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "forgiven").touch()
    code = run.run(tmp_path / "said")
    assert code == FAILED
    assert settled(run, code) == PASSED
    assert (tmp_path / "passed").read_text() == "x"
    assert "test_that_passes_from_the_second_time_on" in capsys.readouterr().out


def test_what_fails_alone_too_is_a_failure(run: PytestRun, tmp_path: Path) -> None:
    code = run.run(tmp_path / "said")
    assert settled(run, code) == FAILED
    assert run.failed() == [name for name in run.failed() if name.endswith("test_that_never_passes")] != []


def test_what_passed_is_not_run_again(run: PytestRun, tmp_path: Path) -> None:
    assert settled(run, PASSED) == PASSED
    assert not (tmp_path / "tried").exists()
