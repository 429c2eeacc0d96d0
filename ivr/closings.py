"""Emergency closings: which schedule, from when until when, what callers hear, and who closed and reopened. Kept for good."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import String, Text, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.errors import BadInput, NotFound
from ivr.hours import Emergency, Names
from ivr.spoken import LANGUAGES

EVERY_SCHEDULE = ""
LONGEST_TEXT = 600
_LONGEST_NAME = 120


class Way(StrEnum):
    """How a closing was made or ended."""

    PAGE = "page"
    PHONE = "phone"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class By:
    """Who, and how."""

    name: str
    way: Way


@dataclass(frozen=True, slots=True)
class Message:
    """What callers hear: a recording (its file name in `closings_folder`), else words by language, else a standard sentence."""

    text: Names = field(default_factory=dict)
    recording: str = ""


class Closing(Base):
    """One emergency closing of `schedule` ("" closes all). In force from `starts_at` to `ended_at`, or `until`, or without end."""

    __tablename__ = "closings"

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text_id: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    recording: Mapped[str] = mapped_column(String(80))
    closed_by: Mapped[str] = mapped_column(String(_LONGEST_NAME))
    closed_way: Mapped[str] = mapped_column(String(10))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    ended_by: Mapped[str] = mapped_column(String(_LONGEST_NAME), default="")
    ended_way: Mapped[str] = mapped_column(String(10), default="")

    @property
    def message(self) -> Message:
        """What callers hear."""
        words = {"id": self.text_id, "en": self.text_en}
        return Message({language: text for language, text in words.items() if text}, self.recording)

    def is_in_force(self, now: datetime) -> bool:
        """Whether it closes its schedule at this moment."""
        ends = [end for end in (self.until, self.ended_at) if end is not None]
        return self.starts_at <= now and all(now < end for end in ends)

    def concerns(self, schedule: str) -> bool:
        """Whether it closes this schedule."""
        return self.schedule in (EVERY_SCHEDULE, schedule)

    def emergency(self, folder: Path) -> Emergency:
        """As callers meet it; `folder` is where recordings are kept."""
        message = self.message
        return Emergency(self.until, message.text, folder / message.recording if message.recording else None, self.id)


def closings_folder(home: Path) -> Path:
    """Where the recordings of closings are kept."""
    return home / "closings"


def close_line(session: Session, schedule: str, until: datetime | None, message: Message, by: By, now: datetime) -> Closing:
    """Close a schedule, or all of them (EVERY_SCHEDULE), from now on; one that it replaces ends. Does not commit.

    Raises BadInput for an end that has passed, or words that are too long.
    """
    if until is not None and until <= now:
        raise BadInput("The closing would end before it begins.", "Choose a later end, or none.")
    texts = {language: message.text.get(language, "").strip() for language in LANGUAGES}
    if any(len(text) > LONGEST_TEXT for text in texts.values()):
        raise BadInput(f"The message has more than {LONGEST_TEXT} characters.", "Shorten it; callers want to hear it out.")
    for replaced in in_force(session, now):
        if replaced.schedule == schedule:
            _end(replaced, by, now)
    closing = Closing(
        schedule=schedule, starts_at=now, until=until, text_id=texts["id"], text_en=texts["en"], recording=message.recording,
        closed_by=by.name[:_LONGEST_NAME], closed_way=by.way.value,
    )  # fmt: skip
    session.add(closing)
    session.flush()
    return closing


def reopen(session: Session, closing_id: int, by: By, now: datetime) -> Closing | None:
    """End one closing; None when it is over already. Does not commit. Raises NotFound for one that never was."""
    closing = session.get(Closing, closing_id, with_for_update=True)
    if closing is None:
        raise NotFound(f"There is no closing {closing_id}.", "Look at the list again.")
    if not closing.is_in_force(now):
        return None
    _end(closing, by, now)
    return closing


def close_again(session: Session, closing_id: int, by: By, now: datetime) -> Closing:
    """Take a reopening back: close as that closing did, to the same end and with the same words. Does not commit.

    Raises NotFound for a closing that never was, BadInput when its end has passed.
    """
    before = session.get(Closing, closing_id)
    if before is None:
        raise NotFound(f"There is no closing {closing_id}.", "Look at the list again.")
    return close_line(session, before.schedule, before.until, before.message, by, now)


def in_force(session: Session, now: datetime) -> list[Closing]:
    """Every closing of this moment, the newest first."""
    running = select(Closing).where(Closing.ended_at.is_(None), or_(Closing.until.is_(None), Closing.until > now))
    return [closing for closing in session.scalars(running.order_by(Closing.id.desc())) if closing.is_in_force(now)]


def recordings_since(session: Session, moment: datetime) -> set[str]:
    """The names of the recordings of every closing that was in force at this moment or later."""
    not_over = [or_(end.is_(None), end >= moment) for end in (Closing.until, Closing.ended_at)]
    return set(session.scalars(select(Closing.recording).where(Closing.recording != "", *not_over)))


def history(session: Session, most: int = 50) -> Sequence[Closing]:
    """The last closings, the newest first."""
    return session.scalars(select(Closing).order_by(Closing.id.desc()).limit(most)).all()


def _end(closing: Closing, by: By, now: datetime) -> None:
    closing.ended_at, closing.ended_by, closing.ended_way = now, by.name[:_LONGEST_NAME], by.way.value
