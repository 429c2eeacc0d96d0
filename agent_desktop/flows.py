"""The page of flows: what callers do in them, drawn on the flow, with the numbers of each node and each version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES, Role
from agent_desktop.days import day_of, span_of, zone_here
from agent_desktop.flow_names import name_of_node
from agent_desktop.flow_picture import draw_flow
from agent_desktop.graph_picture import NODE_HEIGHT, NODE_WIDTH
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from core.errors import BadInput
from ivr.flow import Flow
from ivr.flow_calls import flow_calls, left_before_menu
from ivr.flow_file import read_flow, shipped_flow, shipped_flow_names
from ivr.flow_graph import flow_graph
from ivr.flow_traffic import FlowCall, How, by_day, by_version, traffic
from ivr.flow_versions import in_force, version_of

blueprint = Blueprint("flows", __name__, url_prefix="/ivr")
WATCHING_ROLES = (Role.SUPERVISOR, Role.PLANNER, Role.ADMIN)
DAYS = (1, 7, 30)


@dataclass(frozen=True, slots=True)
class _Chosen:
    flow: str
    days: int
    version: int | None
    day: date | None

    def has(self, call: FlowCall) -> bool:
        """Whether the picture is of this call, too."""
        return self.version in (None, call.version) and self.day in (None, call.began.astimezone(zone_here()).date())


@blueprint.get("")
@needs_role(*WATCHING_ROLES)
def page() -> ResponseReturnValue:
    chosen = _chosen()
    since = services().clock.now() - timedelta(days=chosen.days)
    of_days = _calls(chosen, span_of(since.astimezone(zone_here()).date())[0])
    calls = of_days if chosen.day else [call for call in of_days if call.began >= since]
    flow = _flow(chosen)
    drawn = traffic(flow, filter(chosen.has, calls))

    def address(**other: Any) -> str:
        """This page with something else chosen."""
        now: dict[str, Any] = {"flow": chosen.flow, "days": chosen.days, "version": chosen.version, "day": chosen.day}
        return url_for("flows.page", **(now | other))

    return render_template(
        "flows.html",
        address=address, before_menu=_left_before_menu(chosen), chosen=chosen, flows=shipped_flow_names(), day_choices=DAYS,
        versions=by_version(flow, calls), by_day=by_day(flow, of_days, zone_here()), total=drawn,
        picture=draw_flow(flow_graph(flow), drawn), node_width=NODE_WIDTH, node_height=NODE_HEIGHT, called=name_of_node,
        how=How, may_edit=user_here().role in SUPERVISING_ROLES,
    )  # fmt: skip


def _calls(chosen: _Chosen, since: datetime) -> Sequence[FlowCall]:
    """Those of whole days, so that a day is the same by whichever period it was found."""
    here = services()
    with here.database.reading() as session:
        return flow_calls(session, chosen.flow, since, here.clock.now())


def _left_before_menu(chosen: _Chosen) -> int:
    here = services()
    now = here.clock.now()
    start, end = span_of(chosen.day) if chosen.day else (now - timedelta(days=chosen.days), now)
    with here.database.reading() as session:
        return left_before_menu(session, start, end)


def _flow(chosen: _Chosen) -> Flow:
    """The flow to draw on: the chosen version, else the one in force."""
    with services().database.reading() as session:
        record = version_of(session, chosen.flow, chosen.version) if chosen.version else in_force(session, chosen.flow)
    return read_flow(record.content, f"{chosen.flow} version {record.number}").flow if record else shipped_flow(chosen.flow).flow


def _chosen() -> _Chosen:
    flow, days, version, day = (request.args.get(name, "") for name in ("flow", "days", "version", "day"))
    if flow and flow not in shipped_flow_names():
        raise BadInput("There is no such flow.", "Choose one on the page.")
    if days and days not in map(str, DAYS):
        raise BadInput("There is no such period.", "Use 1, 7 or 30 days.")
    if version and not (version.isascii() and version.isdigit() and len(version) < 9):
        raise BadInput("That is no version.", "Choose one on the page.")
    return _Chosen(flow or "hotline", int(days or 7), int(version) if version else None, day_of(day) if day else None)
