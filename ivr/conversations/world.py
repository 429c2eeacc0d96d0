"""The world of a conversation: the customer records on a database of its own, in the mood that the conversation asks for."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from sqlalchemy import Table, update

from core.clock import VirtualClock
from core.database import Base, Database
from core.errors import Unavailable
from crm.customers import Customer
from crm.payment.sandbox import SandboxGateway
from ivr.conversations.people_records import lay_out
from ivr.conversations.story import Records
from ivr.database_desk import DatabaseDesk
from ivr.desk import CrmDesk
from ivr.patience import Patience

_FILL_AFTER_S = 0.02
_LIMIT_S = 20.0  # far more than a caller waits: how busy the machine is must not decide how a conversation goes
_SILENT_LIMIT_S = 0.06  # of a back end that never answers: nobody waits here for what will not come


@dataclass(frozen=True, slots=True)
class World:
    """The records on their own database; `names` are the people of the set by their customer id."""

    desk: CrmDesk
    names: Mapping[int, str]
    _file: Path
    _laid_out: Path

    def changed(self) -> frozenset[str]:
        """The names of the tables whose content is not any more as it was laid out."""
        journal = self._file.with_name(f"{self._file.name}-wal")
        if not journal.exists() or not journal.stat().st_size:  # SQLite's journal: nothing was written
            return frozenset()
        before, after = (_tables(file) for file in (self._laid_out, self._file))
        return frozenset(name for name in after if after[name] != before.get(name))


class Worlds:
    """Makes worlds: the data set is laid out once for each day, and every conversation gets a copy. Close it at the end."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="halo-conversations-")
        self._laid_out: dict[date, tuple[Path, dict[int, str]]] = {}

    @property
    def folder(self) -> Path:
        """A folder for what callers record, gone when this is closed."""
        return Path(self._folder.name)

    def close(self) -> None:
        """Remove every copy."""
        self._folder.cleanup()

    def __enter__(self) -> "Worlds":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @contextmanager
    def world(self, now: datetime, segment: str = "", cards: bool = True) -> Iterator[World]:
        """A fresh copy of the data set as it stands on the day of `now` (aware); with a `segment`, everybody belongs to it.

        `cards`: whether bills can be paid by card.
        """
        template, names = self._template(now.date())
        copy = template.with_name("copy.db")
        for old in copy.parent.glob("copy.db*"):
            old.unlink()
        shutil.copy(template, copy)
        database = Database(f"sqlite:///{copy}")
        try:
            if segment:
                with database.writing() as session:
                    session.execute(update(Customer).values(segment=segment))
                    session.commit()
            gateway = SandboxGateway(database, VirtualClock(now)) if cards else None
            yield World(DatabaseDesk(database, gateway), names, copy, template)
        finally:
            database.dispose()

    def _template(self, today: date) -> tuple[Path, dict[int, str]]:
        if today not in self._laid_out:
            file = Path(self._folder.name) / f"{today.isoformat()}.db"
            database = Database(f"sqlite:///{file}")
            Base.metadata.create_all(database.engine)
            with database.writing() as session:
                names = lay_out(session, today)
                session.commit()
            database.dispose()
            self._laid_out[today] = file, names
        return self._laid_out[today]


def _tables(file: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(file)) as database:
        return {name: database.execute(_everything(table)).fetchall() for name, table in Base.metadata.tables.items()}


def _everything(table: Table) -> str:
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    return f'SELECT * FROM "{table.name}" ORDER BY {keys}'  # noqa: S608  # names of our own tables


@contextmanager
def in_mood(desk: CrmDesk, records: Records, fill: Callable[[], object]) -> Iterator[Patience]:
    """The records behind real patience, slow, silent or dead as wanted."""
    filled, over = threading.Event(), threading.Event()

    def told() -> None:
        fill()
        filled.set()

    def before() -> None:
        if records is Records.DEAD:
            raise Unavailable("The customer records do not answer.")
        if records is Records.SLOW:
            filled.wait(_LIMIT_S)
            filled.clear()
        elif records is Records.SILENT:
            over.wait()
            raise Unavailable("The customer records do not answer.")

    limit_s = _SILENT_LIMIT_S if records is Records.SILENT else _LIMIT_S
    fill_after_s = _LIMIT_S if records is Records.GOOD else _FILL_AFTER_S
    try:
        yield Patience(cast(CrmDesk, _Moody(desk, before)), told, fill_after_s, limit_s)
    finally:
        over.set()


class _Moody:
    """Lets `before` have its way ahead of every question to the desk."""

    def __init__(self, desk: CrmDesk, before: Callable[[], None]) -> None:
        self._desk, self._before = desk, before

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._desk, name)

        def ask(*args: Any, **values: Any) -> Any:
            self._before()
            return asked(*args, **values)

        return ask
