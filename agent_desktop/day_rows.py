"""The rows of a day: each agent's strip and figures as HTML, those out of place first; drawn once for all who look."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from agent_desktop.accounts import Role, User
from agent_desktop.day_bars import DayAxis, axis_of, bars_of
from routing.agents import AgentRecord
from routing.policy import Policy
from workforce.adherence import IN_PLACE, Adherence, HeldPiece, share_in_place, share_worked
from workforce.day_adherence import AgentDay, DayPlan
from workforce.roster_store import queues_served


@dataclass(frozen=True, slots=True)
class Person:
    """An agent as the page shows them."""

    agent_id: str
    name: str
    team: str
    queues: frozenset[str]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One agent's row. `out`: the stretch out of place that lasts still."""

    person: Person
    day: AgentDay
    out: HeldPiece | None
    html: str


@dataclass(frozen=True, slots=True)
class DrawnDay:
    """All rows, those out of place first, the longest so at the top."""

    version: int
    plan_number: int
    at: datetime
    plan: DayPlan
    axis: DayAxis
    rows: tuple[DayRow, ...]


@dataclass(frozen=True, slots=True)
class DayTotals:
    """Of some agents together. `planned_now` are to work at this moment, `in_place` of them are where they should be."""

    agents: int
    planned_now: int
    in_place: int
    adherence: float | None
    conformance: float | None
    unplanned_s: float

    @property
    def out(self) -> int:
        return self.planned_now - self.in_place


def people(session: Session, policy: Policy) -> dict[str, Person]:
    """Every agent on record."""
    return {
        record.id: Person(
            record.id, record.name, record.team,
            queues_served(policy, policy.names, {skill.skill: skill.proficiency for skill in record.skills}),
        )
        for record in session.scalars(select(AgentRecord).options(selectinload(AgentRecord.skills)))
    }  # fmt: skip


def teams_seen(user: User) -> tuple[str, ...]:
    """The teams whose agents somebody sees; () for all."""
    return user.team_names if user.role == Role.SUPERVISOR else ()


def chosen(rows: Iterable[DayRow], seen: Sequence[str], team: str, queue: str) -> list[DayRow]:
    """Those whom the reader may see and has chosen."""
    return [
        row for row in rows
        if (not seen or row.person.team in seen) and (not team or row.person.team == team)
        and (not queue or queue in row.person.queues)
    ]  # fmt: skip


def totals(rows: Sequence[DayRow], now: datetime) -> DayTotals:
    """Of these agents together."""
    held = [row.day.held for row in rows]
    planned_now = [row for row in rows if any(each.start <= now < each.end for each in row.day.planned)]
    in_place = sum(row.out is None for row in planned_now)
    return DayTotals(
        len(rows), len(planned_now), in_place, share_in_place(held), share_worked(held), sum(day.unplanned_s for day in held)
    )


def team_totals(rows: Sequence[DayRow], now: datetime) -> dict[str, DayTotals]:
    """The same of each team ("" for none), where there are several."""
    by_team: dict[str, list[DayRow]] = {}
    for row in rows:
        by_team.setdefault(row.person.team, []).append(row)
    return {team: totals(own, now) for team, own in sorted(by_team.items())} if len(by_team) > 1 else {}


def draw_rows(
    plan: DayPlan, days: Sequence[AgentDay], known: Mapping[str, Person], now: datetime, live: bool,
    known_rows: DrawnDay | None = None,
) -> tuple[DayAxis, list[DayRow]]:  # fmt: skip
    """In order; a row that is drawn already, of the same day on the same axis, is taken from there."""
    axis, rows = axis_of(plan, days, now), []
    drawn = {row.person: row for row in known_rows.rows} if known_rows and known_rows.axis == axis else {}
    for day in days:
        person = known.get(day.agent_id) or Person(day.agent_id, day.agent_id, "", frozenset())
        before = drawn.get(person)
        if before is not None and before.day is day:
            rows.append(before)
            continue
        out = _out_now(day.held, now) if live else None
        html = render_template(
            "the_day/row.html", person=person, day=day, out=out, bars=bars_of(day, axis, now), axis=axis, live=live, now=now
        )
        rows.append(DayRow(person, day, out, html))
    return axis, sorted(rows, key=_order)


def _out_now(held: Adherence, now: datetime) -> HeldPiece | None:
    """The stretch that lasts still, whole: also over breaks in which they were no better."""
    last = held.pieces[-1] if held.pieces else None
    if last is None or last.kept in IN_PLACE or now - last.end >= timedelta(minutes=2):
        return None
    for before in reversed(held.pieces[:-1]):
        if before.kept is not last.kept or before.end != last.start:
            break
        last = replace(last, start=before.start)
    return last


def _order(row: DayRow) -> tuple[bool, float, str, str]:
    return row.out is None, row.out.start.timestamp() if row.out else 0.0, row.person.name, row.person.agent_id
