"""The customer records, answered in time or not at all: a dead back end must not silence a call."""

import contextvars
import threading
from collections.abc import Callable
from typing import Never, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from core.errors import Unavailable
from core.log import get_log
from ivr.desk import BillFacts, CallerFacts, CrmDesk, OrderFacts

LIMIT_S = 2.0
_MOST_IN_FLIGHT = 64
_in_flight = threading.BoundedSemaphore(_MOST_IN_FLIGHT)
_log = get_log(__name__)
_Answer = TypeVar("_Answer")


class PatientDesk:
    """Another desk, waited for `limit_s` at most; for one call.

    Once it has failed, every later question of the same call fails at once: a dead back end costs a caller `limit_s`, not
    that much for each question. A question that is still stuck keeps one of a bounded number of threads.
    """

    def __init__(self, desk: CrmDesk, limit_s: float = LIMIT_S) -> None:
        self._desk = desk
        self._limit_s = limit_s
        self._failed = False

    def callers(self, e164: str) -> tuple[CallerFacts, ...]:
        return self._in_time("callers", lambda: self._desk.callers(e164))

    def order(self, number: str) -> OrderFacts | None:
        return self._in_time("order", lambda: self._desk.order(number))

    def newest_order(self, customer_id: int) -> OrderFacts | None:
        return self._in_time("newest_order", lambda: self._desk.newest_order(customer_id))

    def open_bills(self, customer_id: int) -> tuple[BillFacts, ...]:
        return self._in_time("open_bills", lambda: self._desk.open_bills(customer_id))

    def _in_time(self, question: str, look_up: Callable[[], _Answer]) -> _Answer:
        if self._failed:
            raise _unavailable()
        answers: list[_Answer] = []
        problems: list[Exception] = []

        def work() -> None:
            try:
                answers.append(look_up())
            except (SQLAlchemyError, OSError, Unavailable) as problem:
                problems.append(problem)
            except Exception as problem:
                # Only its kind: a driver's text quotes the values that were asked for.
                _log.error("crm_lookup_broken", question=question, error=type(problem).__name__)
                problems.append(problem)
            finally:
                _in_flight.release()

        if not _in_flight.acquire(blocking=False):
            self._fail(question, "too_many_stuck")
        thread = threading.Thread(target=contextvars.copy_context().run, args=(work,), name=f"crm-{question}", daemon=True)
        thread.start()
        thread.join(self._limit_s)
        if answers:
            return answers[0]
        self._fail(question, type(problems[0]).__name__ if problems else "too_slow")

    def _fail(self, question: str, why: str) -> Never:
        self._failed = True
        _log.warning("crm_lookup_failed", question=question, why=why)
        raise _unavailable()


def _unavailable() -> Unavailable:
    return Unavailable("The customer records do not answer.", "Run ./halo doctor; callers go to a person meanwhile.")
