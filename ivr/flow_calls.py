"""Calls through a flow as they are on record: the interaction's path, and from the archive which version it went through."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from core.event_archive import ArchivedEvent
from core.events import EventKind
from crm.contact_history import Interaction, Outcome
from ivr.flow_traffic import FlowCall, How, Noted

_SETTLED = {Outcome.CONTAINED.value: How.CONTAINED, Outcome.CALL_BACK.value: How.PROMISED}


def flow_calls(session: Session, flow: str, start: datetime, end: datetime) -> list[FlowCall]:
    """Every call that went through this flow, began in [start, end) and has left it, the oldest first."""
    there = (ArchivedEvent.kind == EventKind.IVR_ENTERED.value, ArchivedEvent.at >= start, ArchivedEvent.at < end)
    entered: dict[str, tuple[int, str]] = {}
    for event in session.scalars(select(ArchivedEvent).where(*there)):
        if event.data.get("flow") == flow:
            _version, begins = entered.get(event.interaction_id, (0, ""))
            entered[event.interaction_id] = int(event.data.get("version", 0)), str(event.data.get("menu", "")) or begins
    rows = session.scalars(
        select(Interaction).where(Interaction.started_at >= start, Interaction.started_at < end).order_by(Interaction.started_at)
    )
    calls = [_call(row, *entered[row.id]) for row in rows if row.id in entered]
    return [call for call in calls if call is not None]


def left_before_menu(session: Session, start: datetime, end: datetime) -> int:
    """How many calls that began in [start, end) ended before they came into any flow: most hung up as soon as it was answered."""
    entered = exists().where(ArchivedEvent.interaction_id == Interaction.id, ArchivedEvent.kind == EventKind.IVR_ENTERED.value)
    began = (Interaction.started_at >= start, Interaction.started_at < end)
    gone = select(func.count(Interaction.id)).where(*began, Interaction.outcome == Outcome.GONE_IN_IVR.value, ~entered)
    return session.scalar(gone) or 0


def _call(row: Interaction, version: int, begins: str) -> FlowCall | None:
    left = row.offered_at or row.ended_at
    if left is None:
        return None  # still in the flow
    how = _SETTLED.get(row.outcome, How.GONE) if row.offered_at is None else How.PERSON
    steps = tuple(
        Noted(str(step["step"]), str(step["detail"]), datetime.fromisoformat(step["at"]))
        for step in row.ivr_path
        if datetime.fromisoformat(step["at"]) <= left
    )
    return FlowCall(version, row.started_at, max(left, row.started_at), how, bool(row.language), steps, begins)
