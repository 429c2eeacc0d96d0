"""A day in the life of the demo's agents: a roster for today, what they lived of it until now, and a forecast."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from core.event_archive import archive
from core.events import Event, EventKind
from routing.agents import load_profiles
from tests.live.page_house import PageHouse
from tests.services.planning_house import fill_history
from workforce.planning_forms import ASKED
from workforce.planning_runs import Kind, place
from workforce.planning_sources import Asked, Sources
from workforce.planning_work import work_on
from workforce.roster_records import RosterState
from workforce.roster_store import keep_contracts, new_version, publish, put_shifts
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_file import shipped_rules
from workforce.rosters.shift_pattern import Placed, Shift

ZONE = ZoneInfo("Asia/Jakarta")
_LATE_MIN = 25


def fill_day(house: PageHouse, agents: Sequence[str] = ()) -> list[str]:
    """Every agent works from four hours ago for nine hours, their break in the third; the first two came late, the third is not
    there. Returns the agents."""
    now = datetime.now(UTC).astimezone(ZONE)
    begins = max(now - timedelta(hours=4), datetime.combine(now.date(), time(), ZONE)).replace(second=0, microsecond=0)
    begins -= timedelta(minutes=begins.minute % 30)
    rules = shipped_rules()
    early = next(pattern for pattern in rules.patterns if pattern.name == "early")
    placed = Placed(Shift(early, begins.hour * 60 + begins.minute), (120,))
    with house.database.writing() as session:
        team = list(agents) or sorted(load_profiles(session))
        keep_contracts(session, [Contract(agent, overtime=True) for agent in team], now, "wayan")
        problem = RosterProblem(now.date(), 1, 30, rules.patterns, (), rules.rules, {})
        version = new_version(session, problem, rules.text, now, "wayan", RosterState.DRAFT)
        put_shifts(session, version, problem, {(agent, 0): placed for agent in team}, ZONE)
        publish(session, version.id, begins - timedelta(days=1), "wayan")
        archive(
            session, [event for number, agent in enumerate(team) if number != 2 for event in _lived(agent, number, begins, now)]
        )
        session.commit()
    means = {"sales": 500.0, "billing": 400.0, "technical": 300.0}
    fill_history(house.database, now.date() - timedelta(days=1), means=means, shape=np.ones(48))
    _forecast(house, now)
    return team


def _lived(agent: str, number: int, begins: datetime, now: datetime) -> list[Event]:
    came = begins + timedelta(minutes=_LATE_MIN if number < 2 else -3)
    steps = [(came, "READY"), (begins + timedelta(minutes=120), "NOT_READY"), (begins + timedelta(minutes=180), "READY")]
    at = came + timedelta(minutes=4 + number)
    while at < now - timedelta(minutes=12):
        steps += [(at, "TALKING"), (at + timedelta(minutes=5), "WRAP_UP"), (at + timedelta(minutes=7), "READY")]
        at += timedelta(minutes=13)
        if begins + timedelta(minutes=100) < at < begins + timedelta(minutes=180):
            at = begins + timedelta(minutes=184)
    return [
        Event(EventKind.AGENT_STATE_CHANGED, when, agent_id=agent, data={"state": state, "reason": "", "before": ""}).placed(
            f"{int(when.timestamp() * 1000)}-{number}"
        )
        for when, state in sorted(steps)
        if when < now
    ]


def _forecast(house: PageHouse, now: datetime) -> None:
    sources = Sources(house.database, ZONE, "", house.clock)
    with house.database.writing() as session:
        run = place(session, Kind.FORECAST, "today", ASKED.fields(Asked((), now.date(), 2, 30)), "wayan", now)
        session.commit()
        number = run.id
    work_on(number, Kind.FORECAST, sources)
