"""What each event means for the record of an interaction. Segments follow each other without gap, so they add up."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.events import Event, EventKind
from crm.contact_history import Interaction, Outcome, Segment, SegmentKind
from routing.agent_state import Action, AgentState

POST_CALL = "post_call"


def record(session: Session, event: Event) -> None:
    """Apply one event to the tables; does not commit. The same event must not be applied twice (see CallLog)."""
    if not event.interaction_id or event.kind in (EventKind.POP_SHOWN, EventKind.DISPOSITION_SAVED):
        return
    interaction = session.get(Interaction, event.interaction_id) or _begin(session, event)
    data = event.data
    match event.kind:
        case EventKind.INTERACTION_STARTED:
            interaction.ani, interaction.dnis = str(data["ani"]), str(data["dnis"])
            _open(session, interaction, SegmentKind.IVR, event)
        case EventKind.INTERACTION_IDENTIFIED:
            interaction.customer_id, interaction.language = data["customer_id"], str(data["language"])
        case EventKind.IVR_STEP_TAKEN:
            step = {"step": data["step"], "detail": data["detail"], "at": event.at.isoformat()}
            interaction.ivr_path = [*interaction.ivr_path, step]
        case EventKind.INTERACTION_CONTAINED:
            interaction.outcome, interaction.reason = Outcome.CONTAINED, str(data["reason"])
        case EventKind.INTERACTION_QUEUED:
            _queued(session, interaction, event)
        case EventKind.INTERACTION_ANSWERED:
            _answered(session, interaction, event)
        case EventKind.INTERACTION_ABANDONED:
            interaction.outcome = interaction.outcome or Outcome.ABANDONED
        case EventKind.INTERACTION_HELD:
            _open(session, interaction, SegmentKind.HOLD, event, detail=str(data["why"]))
        case EventKind.INTERACTION_RESUMED:
            _open(session, interaction, SegmentKind.TALK, event)
        case EventKind.INTERACTION_ENDED:
            _ended(session, interaction, event)
        case EventKind.AGENT_STATE_CHANGED:
            _agent_changed(session, interaction, event)


def _begin(session: Session, event: Event) -> Interaction:
    """A new row; also for a caller of whom we hear late because the rescue queue took the call while we were away."""
    interaction = Interaction(id=event.interaction_id, started_at=event.at, ivr_path=[], outcome="")
    session.add(interaction)
    session.flush()
    return interaction


def _queued(session: Session, interaction: Interaction, event: Event) -> None:
    data = event.data
    interaction.queue, interaction.reason = str(data["queue"]), str(data["reason"])
    interaction.language = str(data["language"])
    interaction.customer_id = data["customer_id"] or interaction.customer_id
    interaction.offered_at = interaction.offered_at or event.at
    _open(session, interaction, SegmentKind.QUEUE, event)


def _answered(session: Session, interaction: Interaction, event: Event) -> None:
    rescued = interaction.queue == "" or event.data["queue"] != interaction.queue
    interaction.answered_at = interaction.answered_at or event.at
    interaction.agent_id = event.agent_id
    interaction.outcome = Outcome.RESCUED if rescued else Outcome.ANSWERED
    _open(session, interaction, SegmentKind.TALK, event)


def _agent_changed(session: Session, interaction: Interaction, event: Event) -> None:
    before, state = AgentState(event.data["before"]), AgentState(event.data["state"])
    if state is AgentState.RINGING:
        _open(session, interaction, SegmentKind.RING, event)
    elif before is AgentState.RINGING and state is not AgentState.TALKING and event.data["action"] != Action.CALLER_GONE:
        _open(session, interaction, SegmentKind.QUEUE, replace(event, agent_id=""))
    elif before is AgentState.TALKING and state is AgentState.WRAP_UP:
        if interaction.ended_at is None:
            _open(session, interaction, SegmentKind.IVR, event, detail=POST_CALL)
        session.add(_segment(interaction, SegmentKind.WRAP_UP, event))
    elif before is AgentState.WRAP_UP:
        for segment in _open_segments(session, interaction, wrap_up=True):
            if segment.agent_id == event.agent_id:
                segment.ended_at = max(event.at, segment.started_at)


def _ended(session: Session, interaction: Interaction, event: Event) -> None:
    _close(session, interaction, event.at)
    interaction.ended_at = event.at
    if not interaction.outcome:
        interaction.outcome = Outcome.ABANDONED if interaction.offered_at else Outcome.GONE_IN_IVR


def _open(session: Session, interaction: Interaction, kind: SegmentKind, event: Event, detail: str = "") -> None:
    """Close what the caller was in and open the next, at the same instant."""
    _close(session, interaction, event.at)
    session.add(_segment(interaction, kind, event, detail))


def _segment(interaction: Interaction, kind: SegmentKind, event: Event, detail: str = "") -> Segment:
    return Segment(
        interaction_id=interaction.id, kind=kind, started_at=event.at, queue=interaction.queue, agent_id=event.agent_id,
        detail=detail,
    )  # fmt: skip


def _close(session: Session, interaction: Interaction, at: datetime) -> None:
    for segment in _open_segments(session, interaction, wrap_up=False):
        segment.ended_at = max(at, segment.started_at)


def _open_segments(session: Session, interaction: Interaction, wrap_up: bool) -> list[Segment]:
    session.flush()
    query = select(Segment).where(Segment.interaction_id == interaction.id, Segment.ended_at.is_(None))
    return [segment for segment in session.scalars(query) if (segment.kind == SegmentKind.WRAP_UP) is wrap_up]
