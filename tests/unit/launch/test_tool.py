import sys
from pathlib import Path

import pytest

from core.errors import Unavailable
from launch.install.tool import ToolFailed, Unreachable, failure, run_tool


def test_what_a_tool_says_goes_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "tool.log"

    run_tool([sys.executable, "-c", "print('made it')"], log)

    assert "made it" in log.read_text()


def test_a_failed_tool_shows_its_own_last_lines_only_and_where_the_rest_is(tmp_path: Path) -> None:
    log = tmp_path / "tool.log"
    run_tool([sys.executable, "-c", "print('an earlier run')"], log)

    with pytest.raises(ToolFailed) as error:
        run_tool([sys.executable, "-c", "print('first'); print('last'); raise SystemExit(3)"], log)

    assert error.value.last_lines == ["first", "last"]
    assert "exit 3" in error.value.message
    assert str(log) in error.value.next_step


def test_the_tools_environment_is_ours_and_what_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "kept")

    run_tool(
        [sys.executable, "-c", "import os; print(os.environ['KEPT'], os.environ['GIVEN'])"],
        tmp_path / "log",
        environment={"GIVEN": "g"},
    )

    assert "kept g" in (tmp_path / "log").read_text()


def test_a_tool_that_is_not_there_is_an_error_for_the_reader(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="can't be started"):
        run_tool(["no-such-program-of-halo"], tmp_path / "log")


@pytest.mark.parametrize(
    "said",
    [
        "E: Failed to fetch http://x: Temporary failure resolving 'x'",
        "WARNING: Retrying … NewConnectionError: Failed to establish a new connection: [Errno 111]",
        "npm error code ENOTFOUND",
        "E: Failed getting release file http://x/dists/forky/Release",
    ],
)
def test_a_place_that_cannot_be_reached_is_named(said: str) -> None:
    error = failure("pip", 1, f"$ pip install\n{said}\n", Path("log"), "The registry")

    assert isinstance(error, Unreachable)
    assert isinstance(error, Unavailable)
    assert error.message.startswith("The registry can't be reached")


def test_a_tool_that_downloads_nothing_never_blames_the_network() -> None:
    assert not isinstance(failure("build", 1, "$ build\nconnection refused\n", Path("log"), ""), Unreachable)


def test_an_ordinary_failure_of_a_downloading_tool_does_not_blame_the_network() -> None:
    assert not isinstance(failure("pip", 1, "$ pip\nERROR: conflicting pins\n", Path("log"), "The registry"), Unreachable)
