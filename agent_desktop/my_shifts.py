"""My shifts: what is planned, what may be taken over from colleagues, what was asked for. Each agent sees their own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.days import today_here
from agent_desktop.own_shifts import gather_shifts, surroundings_here
from agent_desktop.planning_pages import day_field
from agent_desktop.problems import words_of
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.services import services
from agent_desktop.shift_news import may_show
from agent_desktop.shift_stream import shift_stream
from agent_desktop.shift_words import next_words, now_words
from core.errors import HaloError
from routing.agents import name_of_agent
from workforce.ask_errors import ShiftMoved
from workforce.roster_records import RosterVersion
from workforce.roster_store import published_shifts, rules_in_force
from workforce.shift_outlook import parts_of
from workforce.swap_fit import Fit, open_ask, swaps_for, who_could_take
from workforce.time_off import LONGEST_REASON

blueprint = Blueprint("my_shifts", __name__)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody's shift that could be had for one's own."""

    name: str
    fit: Fit
    at_once: bool


@blueprint.get("/my-shifts")
@needs_role(Role.AGENT)
def page() -> ResponseReturnValue:
    return render_template("shifts/page.html", content=_content(), position=services().bus.last_position())


@blueprint.get("/my-shifts/content")
@needs_role(Role.AGENT)
def content() -> ResponseReturnValue:
    """The page's content alone, as it is now."""
    return _content()


@blueprint.get("/my-shifts/events")
@needs_role(Role.AGENT)
def stream() -> ResponseReturnValue:
    """Server-sent: that the content is another."""
    agent_id = agent_here()
    return shift_stream("shifts", lambda event: may_show(event, agent_id))


@blueprint.get("/api/shifts/day")
@needs_role(Role.AGENT)
def shift() -> ResponseReturnValue:
    """One own shift, with what can be done with it."""
    agent_id, day, around = agent_here(), day_field(request.args.get("day", "")), surroundings_here()
    takers: list[str] = []
    with services().database.reading() as session:
        found = published_shifts(session, day, 1, agent_id)
        if not found:
            raise ShiftMoved(f"There is no published shift on {day}.", "Look at the shifts again.")
        row, begun, why = found[0], found[0].starts_at <= around.now, ""
        asked = open_ask(session, row)
        if not begun and asked is None:
            try:
                takers = who_could_take(session, around, agent_id, day)
            except HaloError as problem:
                why = words_of(problem.code)
        version = session.get_one(RosterVersion, row.version_id)
    last = version.first_day + timedelta(days=version.days - 1)
    return render_template(
        "shifts/day.html", row=row, parts=parts_of(row), takers=len(takers), why=why, begun=begun, asked=asked,
        first=max(version.first_day, today_here()), last=last,
    )  # fmt: skip


@blueprint.get("/api/shifts/swaps")
@needs_role(Role.AGENT)
def swaps() -> ResponseReturnValue:
    """Colleagues' shifts of the day `instead` that could be had for the own one of `day`: of each name and hours, no more."""
    agent_id, around = agent_here(), surroundings_here()
    day, instead = (day_field(request.args.get(name, "")) for name in ("day", "instead"))
    why, found = "", list[Colleague]()
    with services().database.reading() as session:
        at_once = rules_in_force(session).rules.swaps.at_once
        try:
            fits = swaps_for(session, around, agent_id, day, instead)
            found = [Colleague(name_of_agent(session, one.agent), one, at_once and one.effect.harmless) for one in fits]
        except HaloError as problem:
            why = words_of(problem.code)
    return render_template("shifts/swaps.html", day=day, instead=instead, colleagues=sorted(found, key=_order), why=why)


def _order(one: Colleague) -> tuple[bool, datetime, str]:
    """What is done at once comes first."""
    return not one.at_once, one.fit.row.starts_at, one.name


def _content() -> str:
    view = gather_shifts(agent_here())
    return render_template(
        "shifts/content.html", view=view, today=today_here(), now=now_words(view.outlook), next=next_words(view.outlook),
        longest_reason=LONGEST_REASON,
    )  # fmt: skip
