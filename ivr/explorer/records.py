"""The real records, asked once: what they answered is remembered by what was asked and what was written before."""

import shutil
from collections.abc import Callable, Hashable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast

from core.clock import VirtualClock
from core.database import Base, Database
from core.errors import HaloError, Unavailable
from crm.payment.sandbox import SandboxGateway
from ivr.conversations.people import lay_out
from ivr.database_desk import DatabaseDesk
from ivr.desk import CrmDesk
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


class RememberedDesk:
    """Answers as DatabaseDesk would on the data set of conversations; each call of a flow begins with `begin`.

    What was written in this call decides, with the question, what the answer is. Close it at the end.
    """

    def __init__(self, now: datetime) -> None:
        self._folder = TemporaryDirectory(prefix="halo-explorer-")
        self._now = now
        self._template = Path(self._folder.name) / "template.db"
        self._file = self._template.with_name("now.db")
        self._answers: dict[_Question, Any] = {}
        self._written: tuple[_Question, ...] = ()
        self._on_disk: tuple[_Question, ...] | None = None
        self._database: Database | None = None
        self._desk: DatabaseDesk
        database = Database(f"sqlite:///{self._template}")
        Base.metadata.create_all(database.engine)
        with database.writing() as session:
            self.first_id = lay_out(session, now.date())
            session.commit()
        database.dispose()

    def begin(self) -> None:
        """A new call: nothing was written yet."""
        self._written = ()

    def __enter__(self) -> "RememberedDesk":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything from the disk."""
        if self._database is not None:
            self._database.dispose()
        self._folder.cleanup()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*args: Any, **values: Any) -> Any:
            question = (name, args, tuple(sorted(values.items())))
            found = self._remembered(question)
            if name not in _ONLY_LOOKS:
                self._written = (*self._written, question)
            if isinstance(found, Exception):
                raise found
            return found

        return ask

    def _remembered(self, question: _Question) -> Any:
        key = (self._written, question)
        if key not in self._answers:
            self._go_to(self._written)
            self._answers[key] = self._do(question)
            if question[0] not in _ONLY_LOOKS:
                self._on_disk = (*self._written, question)
        return self._answers[key]

    def _go_to(self, written: tuple[_Question, ...]) -> None:
        """Bring the database to where this call stands."""
        if self._on_disk == written:
            return
        if self._database is not None:
            self._database.dispose()
        for old in self._file.parent.glob("now.db*"):
            old.unlink()
        shutil.copy(self._template, self._file)
        self._database = Database(f"sqlite:///{self._file}")
        self._desk = DatabaseDesk(self._database, SandboxGateway(self._database, VirtualClock(self._now)))
        for question in written:
            self._do(question)
        self._on_disk = written

    def _do(self, question: _Question) -> Any:
        name, args, values = cast(tuple[str, tuple[Any, ...], tuple[tuple[str, Any], ...]], question)
        try:
            return getattr(self._desk, name)(*args, **dict(values))
        except HaloError as problem:
            return problem


class Remembered(Patience):
    """Patience without waiting: `happens` says of each look-up whether the records answer, are slow, or fail."""

    def __init__(self, desk: CrmDesk, fill: Callable[[], object], happens: Callable[[str], str]) -> None:
        super().__init__(desk, fill)
        self._records, self._fill_now, self._happens = desk, fill, happens
        self.failed = False

    def ask(self, question: str, look_up: Callable[[CrmDesk], _Answer], limit_s: float | None = None) -> _Answer:
        if self.failed:
            raise _away()
        how = self._happens(question)
        if how != "records answer":
            self._fill_now()
        if how == "records fail":
            self.failed = True
            raise _away()
        try:
            return look_up(self._records)
        except Unavailable:
            self.failed = True
            raise


def _away() -> Unavailable:
    return Unavailable("The records do not answer.")
