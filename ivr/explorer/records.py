"""The real records, asked once: what they answered is remembered by what was asked and what was written before."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from core.clock import VirtualClock
from core.database import Base, Database
from core.errors import HaloError, Unavailable
from crm.payment.cards import Card
from crm.payment.sandbox import SandboxGateway
from crm.time_windows import Window
from ivr.conversations.people_records import lay_out
from ivr.database_desk import DatabaseDesk
from ivr.desk import CrmDesk
from ivr.explorer.moves import Kind
from ivr.patience import Patience

_Answer = TypeVar("_Answer")
_Question = tuple[Hashable, ...]

# What only looks. Everything else may write, and is kept in the order in which it was done. A PIN is looked at here: a flow
# ends with wrong ones by itself, and a hash takes long.
_ONLY_LOOKS = frozenset(
    {
        "callers", "caller", "customer_by_number", "order", "newest_order", "orders_of", "track", "delivery_windows", "open_bills",
        "payment_state", "takes_cards", "tickets", "appointments", "visit_windows", "wants_survey", "verify_pin",
    }
)  # fmt: skip
# A list of times is walked to its end; two on one day and one on the next have every way on that a longer list has.
_MOST_WINDOWS = 3


class RememberedDesk:
    """Answers as DatabaseDesk would on the data set of conversations; each call of a flow begins with `begin`.

    What was written in this call decides, with the question, what the answer is. The database is in memory, with a copy of
    it for everything that some call wrote, so that none is written twice. Close it at the end.
    """

    def __init__(self, now: datetime) -> None:
        self._database = Database("sqlite://")
        self._desk = DatabaseDesk(self._database, SandboxGateway(self._database, VirtualClock(now)))
        # What was written makes a state, by its number: what each question finds in it, and the state after that.
        self._answers: dict[tuple[int, _Question], tuple[Any, int]] = {}
        self._state = self._stands = 0
        Base.metadata.create_all(self._database.engine)
        with self._database.writing() as session:
            lay_out(session, now.date())
            session.commit()
        self._copies = [self._copy()]

    def begin(self) -> None:
        """A new call: nothing was written yet."""
        self._state = 0

    def __enter__(self) -> "RememberedDesk":
        return self

    def __exit__(self, *_error: object) -> None:
        self._database.dispose()

    def may_name(self, _caller: str, _now: datetime) -> bool:
        """Never too often: all of these calls together are not one caller's."""
        return True

    def named_own(self, _caller: str) -> None:
        """Nothing was counted."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*args: Any, **values: Any) -> Any:
            question = (name, *map(_telling, args), *((key, _telling(value)) for key, value in sorted(values.items())))
            known = self._answers.get((self._state, question))
            if known is None:
                known = self._first(name, lambda: getattr(self._desk, name)(*args, **values))
                self._answers[self._state, question] = known
            found, self._state = known
            if isinstance(found, Exception):
                raise found
            return found

        return ask

    def _first(self, name: str, ask: Callable[[], Any]) -> tuple[Any, int]:
        """What the database answers, and the state that leaves it in."""
        if self._stands != self._state:
            with self._database.engine.connect() as connection:
                connection.rollback()
                _driver(connection).deserialize(self._copies[self._state])
            self._stands = self._state
        found = _answer(ask)
        if name not in _ONLY_LOOKS:
            self._copies.append(self._copy())
            self._stands = len(self._copies) - 1
        return found, self._stands

    def _copy(self) -> bytes:
        with self._database.engine.connect() as connection:
            return cast(bytes, _driver(connection).serialize())


class Remembered(Patience):
    """Patience without waiting: `happens` says of each look-up whether the records answer, are slow, or fail."""

    def __init__(self, desk: CrmDesk, fill: Callable[[], object], happens: Callable[[], Kind]) -> None:
        super().__init__(desk, fill)
        self._records, self._fill_now, self._happens = desk, fill, happens
        self.failed = False

    def ask(self, question: str, look_up: Callable[[CrmDesk], _Answer], limit_s: float | None = None) -> _Answer:
        if self.failed:
            raise _away()
        how = self._happens()
        if how is not Kind.RECORDS_ANSWER:
            self._fill_now()
        if how is Kind.RECORDS_FAIL:
            self.failed = True
            raise _away()
        try:
            return look_up(self._records)
        except Unavailable:
            self.failed = True
            raise


def _driver(connection: Connection) -> Any:
    """SQLite's own connection."""
    return connection.connection.driver_connection


def _answer(ask: Callable[[], Any]) -> Any:
    try:
        found = ask()
    except HaloError as problem:
        return problem
    return found[:_MOST_WINDOWS] if _are_windows(found) else found


def _telling(value: Any) -> Hashable:
    """A card that was typed twice is the same card."""
    if isinstance(value, Card):
        return value.number.reveal(), value.expiry, value.security_code.reveal() if value.security_code else ""
    return tuple(value) if isinstance(value, list) else value


def _are_windows(found: Any) -> bool:
    return isinstance(found, tuple) and bool(found) and isinstance(found[0], Window)


def _away() -> Unavailable:
    return Unavailable("The records do not answer.")
