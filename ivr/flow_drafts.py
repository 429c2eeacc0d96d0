"""What people are changing in a flow and have not published: one draft for each person and flow, kept at every stop in typing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime, insert_missing
from core.errors import HaloError
from core.ids import new_id


class StaleDraft(HaloError):
    """The draft was changed from another window meanwhile."""

    code = "stale_draft"


class FlowDraft(Base):
    """A person's draft. `based_on` is the version that they began from (0: the shipped flow); `mark` changes with each change."""

    __tablename__ = "flow_drafts"
    __table_args__ = (UniqueConstraint("flow", "login"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(40))
    login: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[str] = mapped_column(Text)
    based_on: Mapped[int]
    mark: Mapped[str] = mapped_column(String(36))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes a flow: their log-in, and their name for others."""

    login: str
    name: str


def draft_of(session: Session, flow: str, login: str) -> FlowDraft | None:
    """This person's draft of a flow."""
    return session.scalar(select(FlowDraft).where(FlowDraft.flow == flow, FlowDraft.login == login))


def drafts_of_others(session: Session, flow: str, login: str, since: datetime) -> list[FlowDraft]:
    """Who else has changed this flow lately and not published it; the latest first."""
    wanted = (FlowDraft.flow == flow, FlowDraft.login != login, FlowDraft.saved_at >= since)
    return list(session.scalars(select(FlowDraft).where(*wanted).order_by(FlowDraft.saved_at.desc())))


def keep_draft(session: Session, flow: str, author: Author, content: str, based_on: int, mark: str, now: datetime) -> str:
    """Keep the text as this person's draft, and return its new mark. Does not commit.

    `mark` is that of the draft on which the text was written, "" where there was none. Raises StaleDraft when another window
    has kept something else since; the same text again is no conflict.
    """
    # Of two windows that begin a draft at once, the second finds the first one's.
    first = {"content": content, "based_on": based_on, "mark": "", "saved_at": now, "name": author.name}
    insert_missing(session, FlowDraft, {"flow": flow, "login": author.login, **first})
    known = session.scalars(
        select(FlowDraft).where(FlowDraft.flow == flow, FlowDraft.login == author.login).with_for_update()
    ).one()
    if known.mark not in ("", mark) and known.content != content:
        raise StaleDraft("The draft was changed in another window.", "Look at both, and keep one.")
    if known.content != content or known.based_on != based_on or not known.mark:
        known.content, known.based_on, known.name, known.saved_at, known.mark = content, based_on, author.name, now, new_id()
    return known.mark


def drop_draft(session: Session, flow: str, login: str) -> None:
    """It was published, or is not wanted. Does not commit."""
    session.execute(delete(FlowDraft).where(FlowDraft.flow == flow, FlowDraft.login == login))


def draft_published(session: Session, flow: str, login: str, content: str, before: int, now: int) -> None:
    """This text, based on version `before`, is version `now`: no draft any more. What its author typed since is based on it.

    Does not commit.
    """
    own = (FlowDraft.flow == flow, FlowDraft.login == login)
    session.execute(delete(FlowDraft).where(*own, FlowDraft.content == content))
    session.execute(update(FlowDraft).where(*own, FlowDraft.based_on == before).values(based_on=now))
