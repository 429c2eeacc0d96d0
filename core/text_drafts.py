"""What people are changing in a text and have not published: one draft for each person and text, kept at every stop in typing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime, insert_missing
from core.errors import HaloError
from core.ids import new_id


class StaleDraft(HaloError):
    """The draft was changed from another window meanwhile."""

    code = "stale_draft"


class TextDraft(Base):
    """A person's draft. `based_on` is the version that they began from (0: what Halo ships); `mark` changes with each change."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[str] = mapped_column(Text)
    based_on: Mapped[int]
    mark: Mapped[str] = mapped_column(String(36))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes a text: their log-in, and their name for others."""

    login: str
    name: str


_Row = TypeVar("_Row", bound=TextDraft)


class Drafts(Generic[_Row]):
    """The drafts of one kind of text: a table, and its column that names the text. Nothing here commits."""

    def __init__(self, table: type[_Row], column: str) -> None:
        self._table, self._column = table, column

    def draft_of(self, session: Session, text: str, login: str) -> _Row | None:
        """This person's draft of a text."""
        return session.scalar(select(self._table).where(*self._own(text, login)))

    def of_others(self, session: Session, text: str, login: str, since: datetime) -> list[_Row]:
        """Who else has changed this text lately and not published it; the latest first."""
        wanted = (self._is(text), self._table.login != login, self._table.saved_at >= since)
        return list(session.scalars(select(self._table).where(*wanted).order_by(self._table.saved_at.desc())))

    def of_person(self, session: Session, login: str) -> list[_Row]:
        """Everything that this person is changing, the latest first."""
        return list(session.scalars(select(self._table).where(self._table.login == login).order_by(self._table.saved_at.desc())))

    def keep(self, session: Session, text: str, author: Author, content: str, based_on: int, mark: str, now: datetime) -> str:
        """Keep the content as this person's draft, and return its new mark.

        `mark` is that of the draft on which it was written, "" where there was none. Raises StaleDraft when another window has
        kept something else since; the same content again is no conflict.
        """
        # Of two windows that begin a draft at once, the second finds the first one's.
        first = {"content": content, "based_on": based_on, "mark": "", "saved_at": now, "name": author.name}
        insert_missing(session, self._table, {self._column: text, "login": author.login, **first})
        known = session.scalars(select(self._table).where(*self._own(text, author.login)).with_for_update()).one()
        if known.mark not in ("", mark) and known.content != content:
            raise StaleDraft("The draft was changed in another window.", "Look at both, and keep one.")
        if known.content != content or known.based_on != based_on or not known.mark:
            known.content, known.based_on, known.name, known.saved_at, known.mark = content, based_on, author.name, now, new_id()
        return known.mark

    def drop(self, session: Session, text: str, login: str) -> None:
        """It was published, or is not wanted."""
        session.execute(delete(self._table).where(*self._own(text, login)))

    def published(self, session: Session, text: str, login: str, content: str, before: int, now: int) -> None:
        """This content, based on version `before`, is version `now`: no draft any more.

        What its author has typed since is based on it.
        """
        own = self._own(text, login)
        session.execute(delete(self._table).where(*own, self._table.content == content))
        session.execute(update(self._table).where(*own, self._table.based_on == before).values(based_on=now))

    def _is(self, text: str) -> ColumnElement[bool]:
        column: ColumnElement[str] = getattr(self._table, self._column)
        return column == text

    def _own(self, text: str, login: str) -> tuple[ColumnElement[bool], ...]:
        return self._is(text), self._table.login == login
