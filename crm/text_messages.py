"""Text messages to customers: what was to be sent, what became of it, and the numbers that want none."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, String, Text, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
_ALL_NUMBERS = "*"  # stands among the numbers, to be locked


class TextStatus(StrEnum):
    """UNKNOWN: handed to the carrier, whose answer we never had. Such a message is never sent again by itself."""

    QUEUED = "queued"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


_SETTLED = frozenset({TextStatus.DELIVERED, TextStatus.FAILED})


class TextMessage(Base):
    """One message. `number` is E.164, `text` what it says; both are personal data and stay out of every log.

    `try_at` is when it may be tried next, `claimed_at` when somebody last took it to send it, `carrier_id` the carrier's name
    for it, `error` our code for why it failed.
    """

    __tablename__ = "text_messages"
    __table_args__ = (
        Index("ix_text_messages_number_created_at", "number", "created_at"),
        Index("ix_text_messages_status_try_at", "status", "try_at"),
        Index("ix_text_messages_created_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10), default=TextStatus.QUEUED)
    carrier_id: Mapped[str] = mapped_column(String(40), default="")
    interaction_id: Mapped[str] = mapped_column(String(36), default="", index=True)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TextNumber(Base):
    """A number that messages went to or came from. `stopped_at`: since when it wants none; None while it takes them."""

    __tablename__ = "text_numbers"

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def text_number(session: Session, number: str) -> TextNumber:
    """The row of this number, made when there is none, and locked: who counts its messages counts alone. Does not commit."""
    if session.get(TextNumber, number) is None:
        try:
            with session.begin_nested():
                session.add(TextNumber(number=number, stopped_at=None))
        except IntegrityError:  # somebody else has just made it
            pass
    found = select(TextNumber).where(TextNumber.number == number).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def stop_texts(session: Session, number: str, now: datetime) -> None:
    """This number wants no more messages; those that still wait fail. Does not commit."""
    row = text_number(session, number)
    row.stopped_at = row.stopped_at or now
    waiting = update(TextMessage).where(TextMessage.number == number, TextMessage.status == TextStatus.QUEUED)
    session.execute(waiting.values(status=TextStatus.FAILED, error="text_stopped", settled_at=now))


def allow_texts(session: Session, number: str) -> None:
    """This number takes messages again. Does not commit."""
    text_number(session, number).stopped_at = None


def texts_within_the_hour(session: Session, number: str, now: datetime) -> int:
    """How many messages this number was promised in the hour before `now`; those that failed do not count."""
    query = select(func.count()).where(
        TextMessage.number == number, TextMessage.created_at > now - HOUR, TextMessage.status != TextStatus.FAILED
    )
    return session.scalar(query) or 0


def lock_all_texts(session: Session) -> None:
    """Whoever counts the messages to all numbers counts alone, until the commit. After text_number, never before it."""
    text_number(session, _ALL_NUMBERS)


def all_texts_since(session: Session, start: datetime) -> int:
    """How many messages were accepted after this moment, to all numbers together, whatever became of them: each may have cost."""
    return session.scalar(select(func.count()).where(TextMessage.created_at > start)) or 0


def texts_due(session: Session, now: datetime, most: int) -> Sequence[str]:
    """Ids of the messages that may be sent now, the oldest first."""
    due = select(TextMessage.id).where(TextMessage.status == TextStatus.QUEUED, TextMessage.try_at <= now)
    return session.scalars(due.order_by(TextMessage.created_at, TextMessage.id).limit(most)).all()


def claim_text(session: Session, message_id: str, now: datetime) -> TextMessage | None:
    """Take a message to send it: None when another did, or it no longer waits. Commit before sending.

    A claimed message is UNKNOWN until `say_status` or `try_again`: whoever dies in between leaves it so, and it is not sent twice.
    """
    claim = (
        update(TextMessage)
        .where(TextMessage.id == message_id, TextMessage.status == TextStatus.QUEUED)
        .values(status=TextStatus.UNKNOWN, claimed_at=now, tries=TextMessage.tries + 1)
        .returning(TextMessage.id)
    )
    if session.scalar(claim) is None:
        return None
    return session.get(TextMessage, message_id, populate_existing=True)


def try_again(message: TextMessage, at: datetime) -> None:
    """The carrier surely has not taken it: wait until `at`."""
    if message.status == TextStatus.UNKNOWN:
        message.status, message.try_at = TextStatus.QUEUED, at


def say_status(message: TextMessage, status: TextStatus, at: datetime, carrier_id: str = "", error: str = "") -> bool:
    """Take in what is known of a message now; returns whether it was news. Late, early and repeated news do no harm.

    A message that was delivered or has failed stays so; nothing makes it less than sent again.
    """
    message.carrier_id = message.carrier_id or carrier_id
    if message.status in _SETTLED or status in (message.status, TextStatus.QUEUED, TextStatus.UNKNOWN):
        return False
    message.status, message.error = status, error
    if status in (TextStatus.SENT, TextStatus.DELIVERED):
        message.sent_at = message.sent_at or at
    if status in _SETTLED:
        message.settled_at = at
    return True


def next_text_at(session: Session) -> datetime | None:
    """When the next message that waits may be tried; None when none waits."""
    return session.scalar(select(func.min(TextMessage.try_at)).where(TextMessage.status == TextStatus.QUEUED))


def texts_left_unknown(session: Session, start: datetime, end: datetime) -> Sequence[TextMessage]:
    """Messages claimed in [start, end) of which nobody knows whether they were sent; the oldest first."""
    unknown = select(TextMessage).where(
        TextMessage.status == TextStatus.UNKNOWN, TextMessage.claimed_at >= start, TextMessage.claimed_at < end
    )
    return session.scalars(unknown.order_by(TextMessage.claimed_at)).all()


def forget_texts(session: Session, before: datetime) -> int:
    """Delete the messages from before this moment, but for those that still wait to be sent; returns how many. Does not commit.

    Which numbers want none is kept.
    """
    old = delete(TextMessage).where(TextMessage.created_at < before, TextMessage.status != TextStatus.QUEUED)
    return len(session.scalars(old.returning(TextMessage.id)).all())
