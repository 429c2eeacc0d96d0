"""The day, for planners and supervisors: who is where the roster has them, now and on days past."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from agent_desktop.accounts import PLANNING_ROLES, Role
from agent_desktop.day_bars import DayAxis
from agent_desktop.day_rows import DayRow, chosen, draw_rows, people, team_totals, teams_seen, totals
from agent_desktop.days import day_asked, span_of, today_here, zone_here
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import tabs, written
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from core.errors import NotFound
from routing.agents import AgentRecord
from workforce.adherence import IN_PLACE
from workforce.adherence_table import write_adherence
from workforce.changed_shifts import ChangedBy, ChangedShift, changes_of
from workforce.day_adherence import AgentDay, DayPlan, day_plan, held_day, lived_between
from workforce.day_what_if import group_of

blueprint = Blueprint("the_day", __name__)
CHANGING_ROLES = (Role.PLANNER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for: a day, and of whom."""

    day: date
    team: str
    queue: str
    seen: tuple[str, ...]

    @property
    def live(self) -> bool:
        """Whether it is today, and goes on."""
        return self.day == today_here()

    def rows(self, rows: list[DayRow] | tuple[DayRow, ...]) -> list[DayRow]:
        """Those of them."""
        return chosen(rows, self.seen, self.team, self.queue)

    def address(self, endpoint: str = "the_day.page", **other: Any) -> str:
        """The same with something else chosen; what is empty is left out."""
        fields: dict[str, Any] = {"day": "" if self.live else self.day.isoformat(), "team": self.team, "queue": self.queue}
        return url_for(endpoint, **{name: value for name, value in (fields | other).items() if value})


@blueprint.get("/the-day")
@needs_role(*PLANNING_ROLES)
def page() -> ResponseReturnValue:
    asked, today = chosen_here(), today_here()
    axis, rows, teams = day_here(asked)
    return render_template(
        "the_day/page.html",
        tabs=tabs(), asked=asked, day=asked.day, today=today, earlier=asked.day - timedelta(days=1),
        later=asked.day + timedelta(days=1) if asked.day < today else None, queues=services().policy().queues, teams=teams,
        language=language_here(), axis=axis, rows=rows, now=services().clock.now(),
        next_half=_next_half_hour(), able=_able(rows), groups=_groups(rows), **figures(rows),
    )  # fmt: skip


@blueprint.get("/the-day/agents/<agent_id>")
@needs_role(*PLANNING_ROLES)
def agent(agent_id: str) -> ResponseReturnValue:
    """One agent's day in full: every stretch out of place, sums by activity, excuses, and changes of the shift."""
    asked, here = chosen_here(), services()
    found, record = agent_day(asked, agent_id)
    with here.database.reading() as session:
        changes = [one for one in changes_of(session, asked.day, asked.day) if one.agent_id == agent_id]
    out = [piece for piece in found.held.pieces if piece.kept not in IN_PLACE]
    return render_template(
        "the_day/agent.html", asked=asked, record=record, day=found, out=out, changes=changes, newest=_undoable(changes),
        may_change=user_here().role in CHANGING_ROLES, zone=zone_here(),
    )  # fmt: skip


@blueprint.get("/the-day/adherence.csv")
@needs_role(*PLANNING_ROLES)
def download() -> ResponseReturnValue:
    """The same table as the command writes, of those whom the reader has chosen; `form=xlsx` for Excel."""
    asked, here = chosen_here(), services()
    _axis, rows, _teams = day_here(asked)
    with here.database.reading() as session:
        agents = {record.id: record for record in session.scalars(select(AgentRecord))}
    days = sorted((row.day for row in rows), key=lambda one: one.agent_id)

    def write(file: Path) -> None:
        write_adherence(file, asked.day.isoformat(), days, agents)

    return written(f"halo-adherence-{asked.day.isoformat()}", write)


def chosen_here() -> Chosen:
    """By the address. Raises BadInput for a day that is none, NotFound for a queue that is not there."""
    queue = request.args.get("queue", "")
    if queue:
        services().policy().queue(queue)
    return Chosen(day_asked(), request.args.get("team", "")[:40], queue, teams_seen(user_here()))


def day_here(asked: Chosen) -> tuple[DayAxis, list[DayRow], list[str]]:
    """The rows that were chosen; and every team that the reader may see."""
    here, now = services(), services().clock.now()
    with here.database.reading() as session:
        known = people(session, here.policy())
    if asked.live:
        today = here.today.look()
        axis, rows = draw_rows(today.plan, today.days, known, now, True)
    else:
        plan, days = past_day(asked.day, now)
        axis, rows = draw_rows(plan, days, known, now, False)
    teams = {person.team for person in known.values() if person.team}
    return axis, asked.rows(rows), sorted(team for team in teams if not asked.seen or team in asked.seen)


def past_day(day: date, now: datetime, agent_id: str = "") -> tuple[DayPlan, list[AgentDay]]:
    """A day from the records."""
    with services().database.reading() as session:
        plan = day_plan(session, day, zone_here(), agent_id)
        return plan, held_day(plan, lived_between(session, plan.look_from, min(plan.look_to, now), agent_id), now)


def agent_day(asked: Chosen, agent_id: str) -> tuple[AgentDay, AgentRecord]:
    """Of an agent whom the reader may see. Raises NotFound."""
    here = services()
    with here.database.reading() as session:
        record = session.get(AgentRecord, agent_id)
    if record is None or (asked.seen and record.team not in asked.seen):
        raise NotFound(f"There is no agent {agent_id} for you.", "Choose one of the list.")
    if asked.live:
        days = [each for each in here.today.look().days if each.agent_id == agent_id]
    else:
        days = [each for each in past_day(asked.day, here.clock.now(), agent_id)[1] if each.agent_id == agent_id]
    if not days:
        raise NotFound(f"Agent {agent_id} was neither rostered nor logged in on this day.", "Choose another.")
    return days[0], record


def figures(rows: list[DayRow]) -> dict[str, Any]:
    """Totals of these rows, for the head of the page."""
    now = services().clock.now()
    return {"totals": totals(rows, now), "team_totals": team_totals(rows, now)}


def _undoable(changes: list[ChangedShift]) -> int | None:
    """The newest change of a shift, unless it was itself an undoing or the day is over."""
    newest = changes[-1] if changes else None
    _start, end = span_of(newest.day) if newest else (None, None)
    return newest.id if newest and newest.kind == ChangedBy.HOURS and newest.why and end and services().clock.now() < end else None


def _next_half_hour() -> str:
    """For the field of what if."""
    now = services().clock.now().astimezone(zone_here())
    return f"{now.replace(minute=0) + timedelta(minutes=30 * (now.minute // 30 + 1)):%H:%M}"


def _able(rows: list[DayRow]) -> dict[str, int]:
    """Of each queue, how many of the rostered serve it."""
    queues = [queue for row in rows if row.day.planned for queue in row.person.queues]
    return {queue: queues.count(queue) for queue in services().policy().names}


def _groups(rows: list[DayRow]) -> list[tuple[str, list[str], int]]:
    """Of each group of the rostered who serve the same queues: its name, those queues, how many there are; the largest first."""
    names = services().policy().names
    counted = Counter(row.person.queues for row in rows if row.day.planned and row.person.queues)
    ordered = sorted(counted.items(), key=lambda one: (-one[1], group_of(one[0])))
    return [(group_of(queues), [name for name in names if name in queues], count) for queues, count in ordered]
