"""Texts that people put in force: which one is, since when, and who did it. A row is never changed: the newest one counts."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.errors import NotFound


class How(StrEnum):
    """How a text came into force."""

    PUBLISHED = "published"
    ROLLED_BACK = "rolled_back"
    TRIED = "tried"  # on some calls beside the one in force: this row puts nothing in force
    CHOSEN = "chosen"  # at the end of a trial, for all


class PublishedText(Base):
    """A moment from which a text is in force, or tried beside it.

    `number` names the text, counted from 1: one that is brought back keeps it.
    """

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(index=True)
    content: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(200), default="")


_Row = TypeVar("_Row", bound=PublishedText)


class Publications(Generic[_Row]):
    """The publications of one text: all rows of a table, or those in which some columns have these values (`of`).

    `missing` says that there is no text of a number, as `{number}`; `see` where the numbers are found. Nothing here commits.
    """

    def __init__(self, table: type[_Row], missing: str, see: str, **of: Any) -> None:
        self._table, self._missing, self._see, self._of = table, missing, see, of
        self._those: list[ColumnElement[bool]] = [getattr(table, name) == value for name, value in of.items()]
        self._newest = select(func.max(table.id)).where(*self._those, table.how != How.TRIED)  # asked in every call: made once

    def id_in_force(self, session: Session) -> int | None:
        """The id of the publication in force; None when none was ever made: what Halo ships holds."""
        return session.scalar(self._newest)

    def in_force(self, session: Session, lock: bool = False) -> _Row | None:
        """The publication in force; None as `id_in_force`.

        With `lock` nobody else who asks so, of any text of the table, puts another one in force before this session ends
        (SQLite: `writing()` sees to it).
        """
        if lock:
            first = select(func.min(self._table.id)).scalar_subquery()
            session.scalar(select(self._table.id).where(self._table.id == first).with_for_update())
        return session.scalar(self._ever_in_force().limit(1))

    def in_force_at(self, session: Session, moment: datetime) -> _Row | None:
        """The publication that was in force at a moment; None when none was: what Halo ships held."""
        return session.scalar(self._ever_in_force().where(self._table.at <= moment).limit(1))

    def put_in_force_between(self, session: Session, start: datetime, end: datetime) -> list[_Row]:
        """Every publication that came into force in (start, end), the first one first."""
        later = self._ever_in_force().where(self._table.at > start, self._table.at < end)
        return list(session.scalars(later.order_by(None).order_by(self._table.id)))

    def put_in_force(self, session: Session, content: str, now: datetime, by: str, note: str = "") -> _Row:
        """Put a text in force; one that is so already, to the letter, stays."""
        current = self.in_force(session)
        if current is not None and current.content == content:
            return current
        return self._add(session, self._last(session) + 1, content, How.PUBLISHED, now, by, note[:200])

    def try_out(self, session: Session, content: str, now: datetime, by: str, note: str = "") -> _Row:
        """Give a text a number, and leave in force what is."""
        return self._add(session, self._last(session) + 1, content, How.TRIED, now, by, note[:200])

    def bring_back(self, session: Session, number: int, now: datetime, by: str, how: How = How.ROLLED_BACK) -> _Row:
        """Put an earlier text in force again, or one that was tried. Raises NotFound."""
        before = self.text_of(session, number)
        return self._add(session, number, before.content, how, now, by, before.note)

    def end(self, session: Session, now: datetime, by: str, how: How = How.ROLLED_BACK) -> _Row:
        """Have none in force from now on, but what Halo ships: a publication with the number 0 and no text."""
        return self._add(session, 0, "", how, now, by, "")

    def text_of(self, session: Session, number: int) -> _Row:
        """The first publication of this number. Raises NotFound."""
        wanted = select(self._table).where(*self._those, self._table.number == number)
        found = session.scalar(wanted.order_by(self._table.id).limit(1))
        if found is None:
            raise NotFound(self._missing.format(number=number), self._see)
        return found

    def history(self, session: Session, most: int = 50) -> list[_Row]:
        """What was in force when, the newest first."""
        return list(session.scalars(self._newest_first().limit(most)))

    def _last(self, session: Session) -> int:
        return session.scalar(select(func.max(self._table.number)).where(*self._those)) or 0

    def _ever_in_force(self) -> Select[_Row]:
        return self._newest_first().where(self._table.how != How.TRIED)

    def _newest_first(self) -> Select[_Row]:
        return select(self._table).where(*self._those).order_by(self._table.id.desc())

    def _add(self, session: Session, number: int, content: str, how: How, now: datetime, by: str, note: str) -> _Row:
        row = self._table(number=number, content=content, how=how.value, at=now, by=by, note=note, **self._of)
        session.add(row)
        session.flush()
        return row
