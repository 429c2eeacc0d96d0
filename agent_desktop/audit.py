"""Supervisors' list of what was refused lately: pages and changes without the right to them, and calls out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.audit_trail import names_of_users
from agent_desktop.dial_words import how_words, why_refused_words
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from core.event_archive import events_between
from core.events import Event, EventKind
from routing.agents import load_profiles

blueprint = Blueprint("audit", __name__, url_prefix="/wallboard/refused")
SHOWN_DAYS = 7
_MOST = 500


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """One refusal: whose it was (an account's or an agent's name), what they wanted, and why not ("": no right to it)."""

    at: datetime
    who: str
    what: str
    why: str


@blueprint.get("")
@needs_role(*SUPERVISING_ROLES)
def page() -> ResponseReturnValue:
    """The newest first."""
    here = services()
    now = here.clock.now()
    with here.database.reading() as session:
        kinds = (EventKind.ACCESS_REFUSED, EventKind.DIAL_REFUSED)
        events = list(events_between(session, now - timedelta(days=SHOWN_DAYS), now + timedelta(seconds=1), kinds))[-_MOST:]
        users = names_of_users(session, {int(each.data["user_id"]) for each in events if "user_id" in each.data})
        agents = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()}
    lines = [_line(each, users, agents) for each in reversed(events)]
    return render_template("audit.html", lines=lines, days=SHOWN_DAYS, most=_MOST)


def _line(event: Event, users: dict[int, str], agents: dict[str, str]) -> RefusedLine:
    data = event.data
    if event.kind is EventKind.ACCESS_REFUSED:
        who = users.get(int(data["user_id"]), str(data["user_id"]))
        return RefusedLine(event.at, f"{who} ({data['role']})", f"{data['method']} {data['endpoint']}", "")
    who = agents.get(event.agent_id, event.agent_id)
    return RefusedLine(event.at, who, how_words(str(data["how"]), str(data["purpose"])), why_refused_words(str(data["why"])))
