"""Tables of the calendars to which agents subscribe: the address, of which only the hash is kept, and what it has told."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, UtcDateTime


class CalendarAddress(Base):
    """An agent's private address. Whoever has it sees their shifts; the token itself is kept nowhere."""

    __tablename__ = "calendar_addresses"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarShift(Base):
    """What the calendar told last of a day: `told` is a digest of the shift, "" for a day off; `sequence` counts its changes."""

    __tablename__ = "calendar_shifts"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    told: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
