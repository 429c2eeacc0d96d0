"""How the line of a talk was: told by the agent's browser when the talk is over, kept in the event log for whoever supervises."""

from datetime import datetime

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import Role
from agent_desktop.json_body import json_body
from agent_desktop.own_day import day_start
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.services import services
from agent_desktop.wrap_up import was_theirs
from core.errors import NotFound
from core.event_archive import events_of
from core.events import Event, EventKind
from core.ids import derived_id
from crm.contact_history import Interaction

blueprint = Blueprint("line_reports", __name__, url_prefix="/api")
LONGEST_S, _MOST_MS = 24 * 3600.0, 60_000.0
# What a report holds, and the greatest value that each may have.
_MOST = {
    "seconds": LONGEST_S, "mos": 5.0, "worst": 5.0, "loss_in": 1.0, "loss_out": 1.0, "jitter_ms": _MOST_MS,
    "round_trip_ms": _MOST_MS, "bad_s": LONGEST_S, "silent_s": LONGEST_S,
}  # fmt: skip


@blueprint.post("/line-report")
@needs_role(Role.AGENT)
def tell() -> ResponseReturnValue:
    """Only of a talk of their own, or in which they were asked, today. The same report (by its key) may be sent again: it is one
    event all the same. Raises BadInput, and NotFound for somebody else's talk."""
    here, agent_id, body = services(), agent_here(), json_body()
    interaction_id, key = body.identifier("interaction_id"), body.identifier("key")
    data = {name: round(body.amount(name, most), 4) for name, most in _MOST.items()}
    now = here.clock.now()
    if here.store.agent(agent_id).interaction_id != interaction_id:
        with here.database.reading() as session:
            interaction = session.get(Interaction, interaction_id)
            since = day_start(now, here.settings.time_zone)
            if interaction is None or not (
                was_theirs(session, interaction, agent_id, since) or _was_asked(session, interaction_id, agent_id, since)
            ):
                raise NotFound("There is no such talk of yours.", "Nothing to do.")
    here.bus.publish(Event(EventKind.LINE_MEASURED, now, interaction_id, agent_id, data, derived_id("line", agent_id, key)))
    return jsonify(kept=True)


def _was_asked(session: Session, interaction_id: str, agent_id: str, since: datetime) -> bool:
    """Whether a colleague has asked this agent about the call: then they had a line, too."""
    asked = events_of(session, [interaction_id], [EventKind.CONSULT_CHANGED])
    return any(event.at >= since and event.data.get("to") == agent_id for event in asked)
