"""The records, asked with bounded patience: while they are away, what the live state knows is shown, and not nothing."""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from core.errors import Unavailable

LIMIT_S = 1.5
_MOST_STUCK = 64
_free = threading.BoundedSemaphore(_MOST_STUCK)
_Answer = TypeVar("_Answer")


def from_records(look_up: Callable[[], _Answer]) -> _Answer:
    """What `look_up` returns or raises. Raises Unavailable when the database fails, or takes longer than LIMIT_S."""
    if not _free.acquire(blocking=False):
        raise _away()
    answer: Future[_Answer] = Future()
    context = contextvars.copy_context()

    def work() -> None:
        try:
            answer.set_result(context.run(look_up))
        except BaseException as problem:  # it is raised where the answer is waited for
            answer.set_exception(problem)
        finally:
            _free.release()

    threading.Thread(target=work, name="records", daemon=True).start()
    try:
        return answer.result(LIMIT_S)
    except (TimeoutError, SQLAlchemyError) as problem:
        raise _away() from problem


def _away() -> Unavailable:
    return Unavailable("The records do not answer.", "Run ./halo doctor; calls go on meanwhile.")
