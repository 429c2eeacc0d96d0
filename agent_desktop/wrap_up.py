"""Saving what came of an interaction: disposition and note in one transaction, once per agent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import BadInput, HaloError, NotFound
from crm.contact_history import Disposition, Interaction, Segment, SegmentKind
from scripts import dispositions

LONGEST_NOTE = 4000


class CallLogBehind(HaloError):
    """The call log has not written this interaction yet; in a moment it will have."""

    code = "call_log_behind"
    retryable = True


@dataclass(frozen=True, slots=True)
class WrapUp:
    """What an agent says came of an interaction."""

    interaction_id: str
    code: str
    note: str


def save_wrap_up(database: Database, agent_id: str, wrap_up: WrapUp, in_hand: str, since: datetime, now: datetime) -> None:
    """Write or replace this agent's disposition, and commit.

    `in_hand` is the interaction the agent has now; any other must have been theirs since `since`. Raises BadInput for an
    unknown code, NotFound for somebody else's interaction, CallLogBehind when the interaction is not on record yet.
    """
    with database.writing() as session:
        interaction = session.get(Interaction, wrap_up.interaction_id)
        if interaction is None:
            if in_hand == wrap_up.interaction_id:
                raise CallLogBehind("The interaction is not on record yet.", "Try again in a second.")
            raise NotFound("There is no such interaction.", "Nothing to do.")
        if in_hand != interaction.id and not was_theirs(session, interaction, agent_id, since):
            raise NotFound("The interaction belongs to somebody else.", "Nothing to do.")
        spoken_in = select(Segment.queue).where(Segment.interaction_id == interaction.id, Segment.agent_id == agent_id).distinct()
        queues = {interaction.queue, *session.scalars(spoken_in)}  # who handed the caller over had them in another one
        if not dispositions.may_be_given(wrap_up.code, queues):
            raise BadInput("There is no such disposition.", "Choose one from the list.")
        known = session.scalar(
            select(Disposition).where(Disposition.interaction_id == interaction.id, Disposition.agent_id == agent_id)
        )
        if known is None:
            known = Disposition(interaction_id=interaction.id, agent_id=agent_id)
            session.add(known)
        known.code, known.note, known.saved_at = wrap_up.code, wrap_up.note, now
        session.commit()


def was_theirs(session: Session, interaction: Interaction, agent_id: str, since: datetime) -> bool:
    """Whether this agent spoke in the interaction, or has it, since `since`."""
    if interaction.agent_id == agent_id and interaction.started_at >= since:
        return True
    talked = select(Segment.id).where(
        Segment.interaction_id == interaction.id, Segment.agent_id == agent_id, Segment.kind == SegmentKind.TALK,
        Segment.started_at >= since,
    )  # fmt: skip
    return session.scalar(talked.limit(1)) is not None
