"""A day of the contact center held against its roster: what was planned for each agent, what they lived, and what is excused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy.orm import Session

from core.event_archive import events_between, last_of_each_agent
from core.events import EventKind
from routing.wait_facts import Span, spans_between
from workforce.adherence import Adherence, Planned, adherence, within
from workforce.adherence_excuses import AdherenceExcuse, excuses_between
from workforce.roster_in_force import joined, planned_in_force
from workforce.roster_store import rules_in_force
from workforce.rosters.rules_form import AdherenceForm

_LOOK_BACK = timedelta(days=1)
Lived = Mapping[str, Sequence[Span]]
"""By agent: the states that they were in; offline is none."""


@dataclass(frozen=True, slots=True)
class AgentDay:
    """One agent's day: all that lies in it of what was planned, lived, excused, and how both fit."""

    agent_id: str
    planned: tuple[Planned, ...]
    lived: tuple[Span, ...]
    excuses: tuple[AdherenceExcuse, ...]
    held: Adherence


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What a day is held against: by agent the shifts that touch it, whole, and the excuses."""

    day: date
    start: datetime
    end: datetime
    planned: Mapping[str, tuple[Planned, ...]]
    excuses: Mapping[str, Sequence[AdherenceExcuse]]
    rules: AdherenceForm

    @property
    def look_from(self) -> datetime:
        """From when on states are looked at: shifts of the evening before run into the day."""
        return self.start - _LOOK_BACK

    @property
    def look_to(self) -> datetime:
        return self.end + _LOOK_BACK


def bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The day's first moment and the next day's: 23, 24 or 25 hours apart."""
    start, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return start, end


def day_plan(session: Session, day: date, zone: tzinfo, agent_id: str = "") -> DayPlan:
    """As it was in force at each minute. Rules of adherence are those in force now."""
    start, end = bounds(day, zone)
    found = planned_in_force(session, day - timedelta(days=1), 2, zone, agent_id)
    planned = {agent: joined(each for own in days.values() for each in own) for agent, days in found.items()}
    touching = {agent: own for agent, own in planned.items() if any(each.start < end and each.end > start for each in own)}
    excuses = excuses_between(session, start - _LOOK_BACK, end + _LOOK_BACK, agent_id)
    return DayPlan(day, start, end, touching, excuses, rules_in_force(session).rules.adherence)


def lived_between(session: Session, start: datetime, end: datetime, agent_id: str = "") -> dict[str, tuple[Span, ...]]:
    """The states of agents in [start, end), as they are archived."""
    kind = EventKind.AGENT_STATE_CHANGED
    before = last_of_each_agent(session, kind, start - _LOOK_BACK, start, agent_id)
    return spans_between(before, events_between(session, start, end, [kind], agent_id), start, end)


def held_day(plan: DayPlan, lived: Lived, now: datetime) -> list[AgentDay]:
    """Every agent who had a shift in the day or was logged in, by agent."""
    agents = {agent for agent, own in lived.items() if any(each.start < plan.end and each.end > plan.start for each in own)}
    return [held_agent(plan, agent, lived.get(agent, ()), now) for agent in sorted(agents | plan.planned.keys())]


def held_agent(plan: DayPlan, agent_id: str, lived: Sequence[Span], now: datetime) -> AgentDay:
    """One agent's day."""
    planned, excuses = plan.planned.get(agent_id, ()), plan.excuses.get(agent_id, ())
    whole = adherence(planned, lived, [(one.starts_at, one.ends_at) for one in excuses], plan.rules, min(now, plan.look_to))
    there = (plan.start, plan.end)
    return AgentDay(
        agent_id, tuple(each for each in planned if _touches(each, there)), tuple(each for each in lived if _touches(each, there)),
        tuple(one for one in excuses if one.starts_at < plan.end and one.ends_at > plan.start),
        within(whole, lived, plan.start, min(now, plan.end)),
    )  # fmt: skip


def load_day(session: Session, day: date, zone: tzinfo, now: datetime, agent_id: str = "") -> list[AgentDay]:
    """All of it from the records. Today's last states may be a moment behind."""
    plan = day_plan(session, day, zone, agent_id)
    return held_day(plan, lived_between(session, plan.look_from, min(plan.look_to, now), agent_id), now)


def by_team(days: Iterable[AgentDay], teams: Mapping[str, str]) -> Mapping[str, list[Adherence]]:
    """Of each team ("" for none) the days of its agents."""
    found = defaultdict[str, list[Adherence]](list)
    for each in days:
        found[teams.get(each.agent_id, "")].append(each.held)
    return dict(sorted(found.items()))


def _touches(each: Planned | Span, there: tuple[datetime, datetime]) -> bool:
    return each.start < there[1] and each.end > there[0]
