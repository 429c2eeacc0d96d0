"""How often somebody may name a customer or an order by its number: a few times, then a pause, so that nobody tries them all.

Counted is the number from which they call. What belongs to a customer who has that number is taken back: one's own orders may
be named as often as one likes.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import String, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Database, UtcDateTime, insert_missing
from crm.throttle import FORGET_AFTER, Tries, after_right, after_wrong

PER_CALLER = 10  # numbers that are not the caller's own, until a pause
PER_WITHHELD = 60  # those who withhold their number share one count


class NumberTries(Base):
    """What was named from one number (E.164, "" for all that are withheld) and was not the caller's own."""

    __tablename__ = "number_tries"

    caller: Mapped[str] = mapped_column(String(20), primary_key=True)
    named: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


def may_name(database: Database, caller: str, now: datetime) -> bool:
    """Count one try of the caller with this number (E.164, "" when withheld); False, and not counted, in a pause.

    Commits by itself, before anything is looked up: tries at the same moment count each.
    """
    with database.writing() as session:
        insert_missing(session, NumberTries, {"caller": caller, "named": 0})
        row = _locked(session, caller)
        tries = _tries(row)
        if tries.is_locked(now):
            return False
        tries = after_wrong(tries, PER_CALLER if caller else PER_WITHHELD, now)
        row.named, row.last_at, row.locked_until = tries.wrong, tries.last_at, tries.locked_until
        session.commit()
    return True


def named_own(database: Database, caller: str) -> None:
    """The last one belonged to the caller: as if it had not been named. Commits by itself."""
    with database.writing() as session:
        row = session.get(NumberTries, caller, with_for_update=True)
        if row is None:
            return
        tries = after_right(_tries(row))
        if tries.wrong:
            row.named, row.locked_until = tries.wrong, tries.locked_until
        else:
            session.delete(row)
        session.commit()


def forget_number_tries(session: Session, callers: Collection[str]) -> None:
    """Forget what was named from these numbers, and end their pauses. Does not commit."""
    session.execute(delete(NumberTries).where(NumberTries.caller.in_(callers)))


def forget_old_number_tries(session: Session, now: datetime) -> None:
    """Delete what no longer counts: whose last try and pause are a day ago. Does not commit."""
    before = now - FORGET_AFTER
    over = or_(NumberTries.locked_until.is_(None), NumberTries.locked_until < before)
    session.execute(delete(NumberTries).where(NumberTries.last_at < before, over))


def _locked(session: Session, caller: str) -> NumberTries:
    wanted = select(NumberTries).where(NumberTries.caller == caller).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _tries(row: NumberTries) -> Tries:
    return Tries(row.named, row.last_at, row.locked_until)
