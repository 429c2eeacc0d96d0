"""What the command line prints: steps with their time, tables, findings. Plain text; colours on a terminal only."""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType

from core.clock import stopwatch_s
from core.errors import HaloError

_NAME_WIDTH = 34


def _coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _paint(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m" if _coloured() else text


def green(text: str) -> str:
    return _paint(text, "32")


def red(text: str) -> str:
    return _paint(text, "31")


def dim(text: str) -> str:
    return _paint(text, "2")


def bold(text: str) -> str:
    return _paint(text, "1")


def say(text: str = "") -> None:
    """One line for the reader, at once."""
    print(text, flush=True)


@contextmanager
def step(name: str) -> Iterator["StepLine"]:
    """Print `name …` while the body runs and its time when it is done; an error marks the line and goes on."""
    with StepLine(name) as line:
        yield line


class StepLine:
    """One line of progress. On a terminal its seconds run; elsewhere it is written once, when finished."""

    def __init__(self, name: str) -> None:
        self._label = f"  {name} …"
        self._started_s = stopwatch_s()
        self._note = ""
        self._live = sys.stdout.isatty()
        self._finished = threading.Event()

    def note(self, text: str) -> None:
        """A few words to stand behind the time."""
        self._note = text

    def __enter__(self) -> "StepLine":
        if self._live:
            threading.Thread(target=self._tick, daemon=True).start()
        else:
            sys.stdout.write(self._label)
            sys.stdout.flush()
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self._finished.set()
        end = "" if kind is None else red(" broken off" if issubclass(kind, KeyboardInterrupt) else " failed")
        time_text = f"{stopwatch_s() - self._started_s:.1f} s"
        if self._live:
            line = f"\r{self._label.ljust(_NAME_WIDTH)}{time_text:>8}"
        else:
            line = " " * max(0, _NAME_WIDTH - len(self._label)) + f"{time_text:>8}"
        say(line + end + (f"  {dim(self._note)}" if self._note and not end else ""))

    def _tick(self) -> None:
        while True:
            sys.stdout.write(f"\r{self._label.ljust(_NAME_WIDTH)}{stopwatch_s() - self._started_s:>6.0f} s")
            sys.stdout.flush()
            if self._finished.wait(1):
                return


def table(rows: Sequence[tuple[str, str]], title: str = "") -> None:
    """Two columns, aligned."""
    if title:
        say(f"\n{bold(title)}")
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        say(f"  {name.ljust(width)}  {value}")


def show_error(problem: HaloError) -> None:
    """An error as one line: what happened, and the next step. What a tool said last stands before it."""
    for line in getattr(problem, "last_lines", []):
        print(dim(f"    {line}"), file=sys.stderr)
    step_text = f" Next step: {problem.next_step}" if problem.next_step else ""
    print(f"{red('halo:')} {problem.message}{step_text}", file=sys.stderr, flush=True)
