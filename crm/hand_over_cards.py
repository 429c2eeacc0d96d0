"""What an agent leaves for whoever has the caller next: shown with their screen pop, and kept in the customer's history."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import JSON, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime

LONGEST_NOTE = 500


class HandOverCard(Base):
    """Who had the caller, why they gave them away (a code, "" for none), what is to be known; `script` is how far their script had
    come, by language.

    The interaction's own row is written by the call log and may come later, so nothing points to it here.
    """

    __tablename__ = "hand_over_cards"

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[str] = mapped_column(String(36), index=True)
    agent_id: Mapped[str] = mapped_column(String(36))
    agent_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    queue: Mapped[str] = mapped_column(String(40))
    why: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    script: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


_LEFT = (
    select(HandOverCard)
    .where(HandOverCard.interaction_id.in_(bindparam("interactions", expanding=True)))
    .order_by(HandOverCard.at.desc(), HandOverCard.id.desc())
)


def cards_of(session: Session, interaction_ids: Collection[str]) -> list[HandOverCard]:
    """The cards that were left in these interactions, the newest first."""
    return list(session.scalars(_LEFT, {"interactions": list(interaction_ids)}))
