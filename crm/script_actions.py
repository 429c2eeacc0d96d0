"""What call scripts had done in an interaction: each action of a page once, however often it is asked for."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime, insert_missing


class ScriptAction(Base):
    """An action that was done. `does` is its kind, `result` what came of it: a ticket's number, or "".

    The interaction's own row is written by the call log and may come later, so nothing points to it here.
    """

    __tablename__ = "script_actions"
    __table_args__ = (UniqueConstraint("interaction_id", "script", "page", "does"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[str] = mapped_column(String(36))
    script: Mapped[str] = mapped_column(String(40))
    page: Mapped[str] = mapped_column(String(40))
    does: Mapped[str] = mapped_column(String(20))
    agent_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(String(80), default="")


@dataclass(frozen=True, slots=True)
class ActionKey:
    """What is done once: this action on this page of this script in this interaction."""

    interaction_id: str
    script: str
    page: str
    does: str


def claim_action(session: Session, key: ActionKey, agent_id: str, now: datetime) -> ScriptAction | None:
    """The row of an action that is to be done now, in this session; None when it was done already. Does not commit.

    Of two who ask at once the second waits for the first, and does it only when the first did not commit.
    """
    if not insert_missing(session, ScriptAction, {**asdict(key), "agent_id": agent_id, "at": now, "result": ""}):
        return None
    row = select(ScriptAction).where(
        ScriptAction.interaction_id == key.interaction_id, ScriptAction.script == key.script, ScriptAction.page == key.page,
        ScriptAction.does == key.does,
    )  # fmt: skip
    return session.scalars(row).one()


_DONE = select(ScriptAction).where(ScriptAction.interaction_id == bindparam("interaction")).order_by(ScriptAction.id)


def actions_done(session: Session, interaction_id: str) -> list[ScriptAction]:
    """Everything done in an interaction, the oldest first."""
    return list(session.scalars(_DONE, {"interaction": interaction_id}))
