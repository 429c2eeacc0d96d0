"""What every page has around its content: who is here, where they may go, the words their scripts need."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from agent_desktop.accounts import Role, User
from agent_desktop.follow_up_list import follow_ups_due
from agent_desktop.languages import LANGUAGES, language_here, own_name
from agent_desktop.page_words import page_words
from agent_desktop.promises import open_promises
from agent_desktop.services import services
from agent_desktop.sessions import current_user
from agent_desktop.texts import _

_WITHIN = {
    "planner.page": (
        "forecasts.page",
        "forecasts.result",
        "staffing.page",
        "forecast_held.page",
        "rosters.page",
        "roster_page.page",
        "roster_rules.page",
        "contracts.page",
        "roster_asks.page",
    ),
    "flows.page": ("flow_editor.page",),
    "wallboard.page": ("lines.page",),
    "policy.page": ("policy_editor.page",),
    "script_list.page": ("script_editor.page", "script_reports.page", "script_reports.trial"),
    "tickets.page": ("tickets.ticket",),
    "knowledge.page": ("knowledge.article", "knowledge_editor.add", "knowledge_editor.edit"),
    "recordings.page": ("recordings.interaction",),
    "customer_page.find": ("customer_page.page", "customer_merging.page"),
}


@dataclass(frozen=True, slots=True)
class Destination:
    """A page in the rail at the left."""

    endpoint: str
    label: str
    icon: str
    here: bool
    counted: bool  # shows how much waits there
    apart: bool  # in a tab of its own: an agent's page of calls is also the phone and stays open


def set_up_page_frame(app: Flask) -> None:
    """Give the templates the frame's values."""
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    user = current_user()
    return {
        "user": user,
        "language": language_here(),
        "languages": LANGUAGES,
        "own_name": own_name,
        "may_dial": bool(user and user.agent_id and services().settings.outbound_trunk),
        "theme": user.theme if user else "",
        "destinations": _destinations(user.role) if user else (),
        "follow_ups_due": lambda: follow_ups_due(user),
        "promises_open": lambda: _promises_open(user),  # asked by whole pages only, not by every piece that is pushed
        "page_words": page_words,
        "time_zone": services().settings.time_zone,
    }


def _promises_open(user: User | None) -> int | None:
    """None where nobody knows: a page that says what is wrong must not fail itself."""
    try:
        return open_promises(user) if user else None
    except SQLAlchemyError:
        return None


def _destinations(role: str) -> tuple[Destination, ...]:
    known = {
        "desk.page": (_("Calls"), "phone", {Role.AGENT}),
        "callbacks.page": (_("To call"), "call_back", {Role.AGENT, Role.SUPERVISOR, Role.ADMIN}),
        "customer_page.find": (_("Customers"), "person", {Role.AGENT, Role.SUPERVISOR, Role.ADMIN}),
        "tickets.page": (_("Tickets"), "ticket", {Role.AGENT, Role.SUPERVISOR, Role.ADMIN}),
        "follow_ups.page": (_("To do"), "to_do", {Role.AGENT}),
        "my_day.page": (_("My day"), "clock", {Role.AGENT}),
        "my_shifts.page": (_("Shifts"), "calendar", {Role.AGENT}),
        "knowledge.page": (_("Help"), "book", {Role.AGENT, Role.SUPERVISOR, Role.ADMIN}),
        "recordings.page": (_("Talks"), "play", {Role.AGENT, Role.SUPERVISOR, Role.ADMIN}),
        "wallboard.page": (_("Board"), "board", {Role.SUPERVISOR, Role.ADMIN}),
        "hours.page": (_("Hours"), "clock", {Role.SUPERVISOR, Role.ADMIN}),
        "skills.page": (_("Skills"), "skills", {Role.SUPERVISOR, Role.ADMIN}),
        "offers.page": (_("Offers"), "gift", {Role.SUPERVISOR, Role.ADMIN}),
        "flows.page": (_("Flows"), "flow", {Role.PLANNER, Role.SUPERVISOR, Role.ADMIN}),
        "script_list.page": (_("Scripts"), "speech", {Role.PLANNER, Role.SUPERVISOR, Role.ADMIN}),
        "policy.page": (_("Routing"), "routing", {Role.PLANNER, Role.SUPERVISOR, Role.ADMIN}),
        "the_day.page": (_("The day"), "clock", {Role.PLANNER, Role.SUPERVISOR, Role.ADMIN}),
        "planner.page": (_("Planner"), "chart", {Role.PLANNER, Role.SUPERVISOR, Role.ADMIN}),
    }
    return tuple(
        Destination(endpoint, label, icon, _is_here(endpoint), endpoint == "callbacks.page", _is_apart(endpoint, role))
        for endpoint, (label, icon, roles) in known.items()
        if role in roles
    )


def _is_here(endpoint: str) -> bool:
    return request.endpoint in (endpoint, *_WITHIN.get(endpoint, ()))


def _is_apart(endpoint: str, role: str) -> bool:
    return role == Role.AGENT and endpoint != "desk.page" and request.endpoint == "desk.page"
