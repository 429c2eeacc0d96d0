"""What each event means for the record of an interaction. Segments follow each other without gap, so they add up."""

from dataclasses import replace
from datetime import datetime

from core.events import Event, EventKind
from crm.contact_history import OUTSIDE, Direction, Interaction, Outcome, SegmentKind
from cti.interaction_rows import InteractionRows
from routing.agent_state import Action, AgentState

POST_CALL, CALLBACK, CONSULT = "post_call", "callback", "consult"
# Told about an interaction, but no part of its record; the archive keeps them.
_NOT_RECORDED = frozenset(
    {
        EventKind.IVR_ENTERED, EventKind.POP_SHOWN, EventKind.LINE_MEASURED, EventKind.DISPOSITION_SAVED,
        EventKind.CARRIER_STATUS_CHANGED, EventKind.CUSTOMERS_MERGED,
        EventKind.CALLBACK_TASK_CHANGED, EventKind.CALLBACK_DIALLED, EventKind.CALLBACK_TAKEN_OVER,
        EventKind.WAIT_EXPECTED, EventKind.QUEUE_OVERFLOWS, EventKind.SCRIPT_OPENED, EventKind.SCRIPT_STEP_TAKEN,
        EventKind.SCRIPT_ACTION_DONE, EventKind.SCRIPT_ENDED,
        EventKind.RECORDING_PAUSED, EventKind.RECORDING_RESUMED, EventKind.RECORDING_REFUSED,
        EventKind.RECORDING_FOUND, EventKind.RECORDING_TOLD,
        EventKind.DIAL_REFUSED, EventKind.WRAP_UP_EXTENDED,
        EventKind.CALL_CONTROL_ASKED, EventKind.CALL_CONTROL_SETTLED, EventKind.CONSULT_CHANGED,
    }
)  # fmt: skip
_ON_RECORD = (AgentState.TALKING, AgentState.WRAP_UP)


def record(rows: InteractionRows, event: Event) -> None:
    """Apply one event to the rows; does not commit. The same event must not be applied twice (see CallLog).

    Raises whatever an event that makes no sense leads to: KeyError, TypeError, ValueError.
    """
    if not event.interaction_id or event.kind in _NOT_RECORDED:
        return
    if event.kind is EventKind.AGENT_STATE_CHANGED and event.data.get("dialled") and event.data["before"] not in _ON_RECORD:
        return  # the agent's own phone rings: nobody has been called yet
    interaction = rows.of(event)
    data = event.data
    match event.kind:
        case EventKind.INTERACTION_STARTED:
            interaction.ani, interaction.dnis = str(data["ani"]), str(data["dnis"])
            rows.move(interaction, SegmentKind.IVR, event)
        case EventKind.INTERACTION_IDENTIFIED:
            interaction.customer_id, interaction.language = data["customer_id"], str(data["language"])
        case EventKind.IVR_STEP_TAKEN:
            step = {"step": data["step"], "detail": data["detail"], "at": event.at.isoformat()}
            interaction.ivr_path = [*interaction.ivr_path, step]
        case EventKind.INTERACTION_CONTAINED:
            interaction.outcome, interaction.reason = Outcome.CONTAINED, str(data["reason"])
        case EventKind.CALLBACK_PROMISED:
            interaction.outcome = Outcome.CALL_BACK
            interaction.queue, interaction.reason = str(data["queue"]), str(data["reason"])
            rows.move(interaction, SegmentKind.IVR, event)
        case EventKind.INTERACTION_QUEUED:
            _queued(rows, interaction, event)
        case EventKind.INTERACTION_ANSWERED:
            _answered(rows, interaction, event)
        case EventKind.INTERACTION_DIALLED:
            _dialled(rows, interaction, event)
        case EventKind.DIAL_PICKED_UP:
            interaction.answered_at, interaction.outcome = event.at, Outcome.REACHED
            rows.move(interaction, SegmentKind.TALK, event)
        case EventKind.DIAL_MISSED:
            rows.close(interaction, event.at, detail=str(data["why"]))
            interaction.ended_at, interaction.outcome = event.at, Outcome.NOT_REACHED
        case EventKind.CALLBACK_PICKED_UP:
            rows.move(interaction, SegmentKind.TALK, event)
        case EventKind.CALLBACK_ON_LINE:
            _goes_on(rows, interaction, event)
            rows.move(interaction, SegmentKind.QUEUE, event)
        case EventKind.CALLBACK_MISSED | EventKind.CALLBACK_WITHDRAWN:
            _not_called(rows, interaction, event)
        case EventKind.INTERACTION_ABANDONED:
            interaction.outcome = interaction.outcome or Outcome.ABANDONED
        case EventKind.INTERACTION_HELD:
            kind, why = SegmentKind.CONSULT if data["why"] == CONSULT else SegmentKind.HOLD, str(data["why"])
            if not rows.is_in(interaction, kind, event, why):
                rows.move(interaction, kind, event, detail=why)
        case EventKind.INTERACTION_HANDED_OVER if data["how"] == CONSULT:
            interaction.agent_id = str(data["to"])
            rows.move(interaction, SegmentKind.TALK, replace(event, agent_id=interaction.agent_id))
        case EventKind.INTERACTION_HANDED_OVER if data["how"] == OUTSIDE:
            rows.move(interaction, SegmentKind.RING, replace(event, agent_id=""), detail=OUTSIDE)
        case EventKind.OUTSIDE_ANSWERED:
            rows.move(interaction, SegmentKind.TALK, event, detail=OUTSIDE)
        case EventKind.INTERACTION_RESUMED:
            if not rows.is_in(interaction, SegmentKind.TALK, event):
                rows.move(interaction, SegmentKind.TALK, event)
        case EventKind.INTERACTION_ENDED:
            _ended(rows, interaction, event)
        case EventKind.AGENT_STATE_CHANGED:
            _agent_changed(rows, interaction, event)


def _dialled(rows: InteractionRows, interaction: Interaction, event: Event) -> None:
    data = event.data
    interaction.direction, interaction.purpose = Direction.OUT, str(data["purpose"])
    interaction.ani, interaction.dnis = str(data["ani"]), str(data["dnis"])
    interaction.queue, interaction.language = str(data["queue"]), str(data["language"])
    interaction.customer_id, interaction.agent_id = data["customer_id"], event.agent_id
    rows.move(interaction, SegmentKind.RING, event)


def _queued(rows: InteractionRows, interaction: Interaction, event: Event) -> None:
    data = event.data
    interaction.queue, interaction.reason = str(data["queue"]), str(data["reason"])
    interaction.language = str(data["language"])
    interaction.customer_id = data["customer_id"] or interaction.customer_id
    interaction.offered_at = interaction.offered_at or _since(event)
    if not data.get("callback") or interaction.ended_at is None:  # else they wait at home: see _goes_on
        rows.move(interaction, SegmentKind.QUEUE, event)


def _since(event: Event) -> datetime:
    """Since when they have waited: before this call, if they have called again instead of being called back."""
    since = event.data.get("since")
    return datetime.fromisoformat(since) if since else event.at


def _answered(rows: InteractionRows, interaction: Interaction, event: Event) -> None:
    rescued = interaction.queue == "" or event.data["queue"] != interaction.queue
    interaction.answered_at = interaction.answered_at or event.at
    interaction.agent_id = event.agent_id
    interaction.outcome = Outcome.RESCUED if rescued else Outcome.ANSWERED
    if event.data.get("callback"):
        return  # told when the agent has said that it was them; the talk began when the phone was answered
    rows.move(interaction, SegmentKind.TALK, event)


def _agent_changed(rows: InteractionRows, interaction: Interaction, event: Event) -> None:
    before, state = AgentState(event.data["before"]), AgentState(event.data["state"])
    if event.data.get("about_another") and before is not AgentState.WRAP_UP:
        return  # they are only asked about it
    if state is AgentState.RINGING:
        _goes_on(rows, interaction, event)
        rows.move(interaction, SegmentKind.RING, event)
    elif before is AgentState.RINGING and state is not AgentState.TALKING and event.data["action"] != Action.CALLER_GONE:
        rows.move(interaction, SegmentKind.QUEUE, replace(event, agent_id=""))
    elif before is AgentState.TALKING and state is AgentState.WRAP_UP:
        if interaction.ended_at is None and not event.data.get("handed_over"):
            rows.move(interaction, SegmentKind.IVR, event, detail=POST_CALL)
        rows.open(interaction, SegmentKind.WRAP_UP, event, queue=str(event.data.get("queue", "")))
    elif before is AgentState.WRAP_UP:
        rows.close_wrap_up(interaction, event.agent_id, event.at)


def _goes_on(rows: InteractionRows, interaction: Interaction, event: Event) -> None:
    """An agent is rung to call somebody back, or they are on the line again: since their own call, or the try before, ended, they
    have waited at home."""
    if interaction.ended_at is not None:
        rows.open(interaction, SegmentKind.QUEUE, replace(event, at=interaction.ended_at, agent_id=""), detail=CALLBACK)
        interaction.ended_at = None


def _not_called(rows: InteractionRows, interaction: Interaction, event: Event) -> None:
    """The try is over without them, or there is none: what was open of it ends here."""
    if interaction.ended_at is None:
        rows.close(interaction, event.at)
        interaction.ended_at = event.at
    if interaction.outcome in ("", Outcome.ABANDONED):
        interaction.outcome = Outcome.CALL_BACK


def _ended(rows: InteractionRows, interaction: Interaction, event: Event) -> None:
    if event.data.get("late") and interaction.ended_at is not None:
        return  # found gone, when the record was only a moment behind
    rows.close(interaction, event.at)
    interaction.ended_at = event.at
    if not interaction.outcome and interaction.direction == Direction.OUT:
        interaction.outcome = Outcome.NOT_REACHED
    elif not interaction.outcome:
        interaction.outcome = Outcome.ABANDONED if interaction.offered_at else Outcome.GONE_IN_IVR
