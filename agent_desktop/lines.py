"""Which desks have bad lines: a day's talks as the agents' browsers have measured them."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.days import day_asked, span_of, today_here
from agent_desktop.line_summary import LinesOfDesk, lines_of
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from core.event_archive import events_between
from core.events import EventKind
from routing.agents import load_profiles

blueprint = Blueprint("lines", __name__, url_prefix="/wallboard/lines")
_WIDE, _HIGH = 120, 28


@blueprint.get("")
@needs_role(*SUPERVISING_ROLES)
def page() -> ResponseReturnValue:
    """The desks of a day, the worst first."""
    here, day = services(), day_asked()
    with here.database.reading() as session:
        desks = lines_of(events_between(session, *span_of(day), [EventKind.LINE_MEASURED]))
        names = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()}
    return render_template(
        "lines.html", desks=desks, names=names, curve=curve, day=day, today=today_here(), earlier=day - timedelta(days=1),
        later=day + timedelta(days=1) if day < today_here() else None,
    )  # fmt: skip


def curve(desk: LinesOfDesk) -> str:
    """SVG points of the desk's talks in their order: MOS 1 at the bottom, 4.5 at the top. One talk is a level line."""
    values = [call.mos for call in desk.calls]
    values = values if len(values) > 1 else values * 2
    step = _WIDE / (len(values) - 1)
    return " ".join(f"{at * step:.1f},{_HIGH - 2 - (mos - 1) / 3.5 * (_HIGH - 4):.1f}" for at, mos in enumerate(values))
