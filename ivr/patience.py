"""The back end, waited for with bounded patience: a word after a moment of silence, a person after a few seconds."""

import contextvars
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from core.clock import stopwatch_s
from core.errors import HaloError, Unavailable
from core.log import get_log
from ivr.desk import CrmDesk

FILL_AFTER_S = 1.2  # a filler takes a moment to start: the caller hears it within two seconds
LIMIT_S = 5.0
FILL_AGAIN_S = 6.0
_MOST_IN_FLIGHT = 64
_in_flight = threading.BoundedSemaphore(_MOST_IN_FLIGHT)
_log = get_log(__name__)
_Answer = TypeVar("_Answer")


class Patience:
    """The records of one call's customer, asked one question at a time.

    When an answer takes longer than `fill_after_s`, `fill` runs (it speaks to the caller) while the question goes on, and
    every FILL_AGAIN_S again; after `limit_s` in all the question has failed. Once one has failed, every later question of
    the same call fails at once: a dead back end costs a caller `limit_s`, not that much for each question.
    """

    def __init__(
        self, desk: CrmDesk, fill: Callable[[], object], fill_after_s: float = FILL_AFTER_S, limit_s: float = LIMIT_S
    ) -> None:
        self._desk, self._fill = desk, fill
        self._fill_after_s, self._limit_s = fill_after_s, limit_s
        self.failed = False

    def ask(self, question: str, look_up: Callable[[CrmDesk], _Answer], limit_s: float | None = None) -> _Answer:
        """The answer to one question, named for the log. Raises Unavailable when there is none in time.

        `limit_s` is for a question that may take longer than others. Any other HaloError of the look-up (a refusal that
        the flow understands) comes through.
        """
        self.raise_if_failed()
        try:
            ends_s = stopwatch_s() + (limit_s or self._limit_s)
            work = _begin(question, lambda: look_up(self._desk))
            if not work.done.wait(self._fill_after_s):
                self._keep_company(work, ends_s)
            return work.answer(0.0)
        except Unavailable:
            self.failed = True
            raise

    def raise_if_failed(self) -> None:
        """Raises Unavailable when a question has failed: nobody should be asked for what can't be looked up then."""
        if self.failed:
            raise _unavailable()

    def _keep_company(self, work: "_LookUp[_Answer]", ends_s: float) -> None:
        """Never silence: a word now and then for as long as we wait. What is said takes of that time, too: the caller would
        hear nothing for as long again."""
        while True:
            self._fill()
            if work.done.wait(min(FILL_AGAIN_S, max(0.0, ends_s - stopwatch_s()))) or stopwatch_s() >= ends_s:
                return


def within(limit_s: float, question: str, look_up: Callable[[], _Answer]) -> _Answer:
    """What `look_up` returns, waited for `limit_s` at most. Raises Unavailable when it fails or takes longer."""
    return _begin(question, look_up).answer(limit_s)


def _begin(question: str, look_up: Callable[[], _Answer]) -> "_LookUp[_Answer]":
    """Start it in a thread of its own. One that is still stuck keeps one of a bounded number of threads."""
    if not _in_flight.acquire(blocking=False):
        _log.warning("look_up_failed", question=question, why="too_many_stuck")
        raise _unavailable()
    work = _LookUp(question, look_up)
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work.run,), name=f"look-up-{question}", daemon=True).start()
    return work


class _LookUp(Generic[_Answer]):
    def __init__(self, question: str, look_up: Callable[[], _Answer]) -> None:
        self._question, self._look_up = question, look_up
        self._answers: list[_Answer] = []
        self._problem: Exception | None = None
        self.done = threading.Event()

    def run(self) -> None:
        try:
            self._answers.append(self._look_up())
        except Exception as problem:
            self._problem = problem
        # Only its kind, and outside of the handler: a driver's text quotes the values that were asked for, and a log that
        # can't be written prints whatever is being handled.
        if self._problem is not None and not isinstance(self._problem, SQLAlchemyError | OSError | HaloError):
            _log.error("look_up_broken", question=self._question, error=type(self._problem).__name__)
        _in_flight.release()
        self.done.set()

    def answer(self, limit_s: float) -> _Answer:
        self.done.wait(limit_s)
        if self._answers:
            return self._answers[0]
        if isinstance(self._problem, HaloError) and not isinstance(self._problem, Unavailable):
            raise self._problem
        why = type(self._problem).__name__ if self._problem else "too_slow"
        _log.warning("look_up_failed", question=self._question, why=why)
        raise _unavailable()


def _unavailable() -> Unavailable:
    return Unavailable("The records do not answer.", "Run ./halo doctor; callers go to a person meanwhile.")
