"""What a planner of the demo finds: contracts for its agents and a plan of staff, so that a first roster is made in a minute."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from core.clock import Clock
from core.database import Database
from routing.policy_in_force import PolicyInForce
from workforce.forecast import ForecastRow
from workforce.roster_store import contracts_on_record, keep_contracts
from workforce.rosters.contract import Contract
from workforce.staff_plans import keep_plan
from workforce.staffing import Wishes, staffed

_BY, _DAYS, _MINUTES = "Halo", 14, 30
_DAYTIME = dict.fromkeys(range(7), ((6 * 60, 23 * 60),))
CONTRACTS = (
    Contract("1001", week_min=2400), Contract("1002", week_min=2400, overtime=True),
    Contract("1003", week_min=2400, available=_DAYTIME, protected=True), Contract("1004", week_min=1200, days_a_week=4),
    Contract("1009", week_min=2400),
)  # fmt: skip
_A_DAY = {"sales": 18.0, "billing": 22.0, "technical": 14.0}
"""Callers of a Monday by queue; the other weekdays have these shares of it, and the hours those."""
_WEEK = (1.0, 0.95, 0.9, 0.9, 0.95, 0.5, 0.0)
_HOURS = {9: 1.2, 10: 1.4, 11: 1.2, 12: 0.8, 13: 0.9, 14: 1.2, 15: 1.2, 16: 1.0}
_AHT_S = 240.0


def set_up_demo_rosters(database: Database, clock: Clock, zone: tzinfo) -> bool:
    """Write them down where nobody has a contract yet; returns whether it did."""
    policy, now = PolicyInForce(database).current(), clock.now()
    today = now.astimezone(zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    with database.writing() as session:
        if contracts_on_record(session, policy, policy.names):
            return False
        keep_contracts(session, CONTRACTS, now, _BY)
        rows = [row for queue in _A_DAY if policy.find(queue) for row in _expected(queue, monday, zone)]
        if rows:
            wishes = Wishes()
            keep_plan(session, "Demo", staffed(policy, rows, wishes, lambda _queue: None), wishes, zone, _BY, now)
        session.commit()
    return True


def _expected(queue: str, first: date, zone: tzinfo) -> Iterator[ForecastRow]:
    for number in range(_DAYS):
        day = first + timedelta(days=number)
        callers_of_day = _A_DAY[queue] * _WEEK[day.weekday()]
        for slot in range(24 * 60 // _MINUTES):
            hour = slot * _MINUTES // 60
            share = _HOURS.get(hour, 0.0) / sum(_HOURS.values()) * _MINUTES / 60
            callers = round(callers_of_day * share, 2)
            at = datetime.combine(day, time(hour, slot * _MINUTES % 60), zone)
            yield ForecastRow(queue, at, _MINUTES, callers, callers, callers, _AHT_S, callers)
