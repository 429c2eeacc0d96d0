"""Contact history: interactions, their segments, and the dispositions that agents gave.

Written by one hand each: interactions and segments by the call log, dispositions by the desk.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime
from crm.customers import Customer


class SegmentKind(StrEnum):
    IVR = "IVR"
    QUEUE = "QUEUE"
    RING = "RING"
    TALK = "TALK"
    HOLD = "HOLD"
    CONSULT = "CONSULT"
    WRAP_UP = "WRAP_UP"


OUTSIDE = "outside"  # detail of a segment in which somebody outside has the caller, not an agent


class Outcome(StrEnum):
    """How an interaction ended. RESCUED: taken by the plain Asterisk queue while Halo was away.
    CALL_BACK: they were promised to be called back. REACHED, NOT_REACHED: an agent called them by hand."""

    CONTAINED = "contained"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    GONE_IN_IVR = "gone_in_ivr"
    RESCUED = "rescued"
    CALL_BACK = "call_back"
    REACHED = "reached"
    NOT_REACHED = "not_reached"


class Direction(StrEnum):
    """Who called whom. OUT: an agent dialled; such an interaction is never offered to a queue, unless it is handed over to one."""

    IN = "in"
    OUT = "out"


class Interaction(Base):
    """One customer's need from arrival to wrap-up. `ivr_path` lists what the caller did in the IVR, oldest first;
    `purpose` is what an agent called them for (a crm.dialling.DialPurpose), and `ani` the customer's number then, too."""

    __tablename__ = "interactions"
    __table_args__ = (
        Index("ix_interactions_queue_offered_at", "queue", "offered_at"),
        Index("ix_interactions_ani_started_at", "ani", "started_at"),
        Index("ix_interactions_customer_id_started_at", "customer_id", "started_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    medium: Mapped[str] = mapped_column(String(8), default="voice")
    direction: Mapped[str] = mapped_column(String(3), default=Direction.IN)
    purpose: Mapped[str] = mapped_column(String(12), default="")
    ani: Mapped[str] = mapped_column(String(20), default="")
    dnis: Mapped[str] = mapped_column(String(20), default="")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    language: Mapped[str] = mapped_column(String(2), default="")
    queue: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    ivr_path: Mapped[list[Any]] = mapped_column(JSON, default=list)
    agent_id: Mapped[str] = mapped_column(String(36), default="", index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[str] = mapped_column(String(16), default="")

    customer: Mapped[Customer | None] = relationship()
    segments: Mapped[list["Segment"]] = relationship(
        back_populates="interaction", cascade="all, delete-orphan", order_by="Segment.started_at"
    )
    dispositions: Mapped[list["Disposition"]] = relationship(
        back_populates="interaction", cascade="all, delete-orphan", order_by="Disposition.saved_at"
    )


class Segment(Base):
    """A part of an interaction, half-open [started_at, ended_at)."""

    __tablename__ = "segments"
    __table_args__ = (
        UniqueConstraint("interaction_id", "kind", "started_at"),
        Index("ix_segments_agent_id_started_at", "agent_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[str] = mapped_column(ForeignKey("interactions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    queue: Mapped[str] = mapped_column(String(40), default="")
    agent_id: Mapped[str] = mapped_column(String(36), default="")
    detail: Mapped[str] = mapped_column(String(80), default="")

    interaction: Mapped[Interaction] = relationship(back_populates="segments")


class Disposition(Base):
    """The outcome code and note that an agent gave in wrap-up; one for each agent who handled the interaction."""

    __tablename__ = "dispositions"
    __table_args__ = (UniqueConstraint("interaction_id", "agent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[str] = mapped_column(ForeignKey("interactions.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str] = mapped_column(String(36), index=True)
    code: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    interaction: Mapped[Interaction] = relationship(back_populates="dispositions")
