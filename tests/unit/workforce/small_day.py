"""A day of two queues with a few agents, made by hand."""

from datetime import UTC, datetime, timedelta

from routing.policy import Policy
from routing.policy_file import shipped_policy
from routing.shifts import RosteredAgent, Shift
from workforce.day_outlook import QueueOutlook
from workforce.forecast import ForecastRow
from workforce.reforecast import reforecast
from workforce.staffing import Wishes, learned, queue_plan, staffed

MIDNIGHT = datetime(2026, 11, 30, 17, tzinfo=UTC)  # in Jakarta
POLICY: Policy = shipped_policy().policy
AHT_S = 240.0


def hour(number: float) -> datetime:
    """This hour of the day."""
    return MIDNIGHT + timedelta(hours=number)


def outlook_of(queue: str, per_half_hour: float, came: int = 0, busier: float = 1.0) -> QueueOutlook:
    """From 08:00 to 18:00 as many callers in each half hour; `came` of the first intervals are over, with as many times more."""
    callers = [per_half_hour if 16 <= number < 36 else 0.0 for number in range(48)]
    rows = [
        ForecastRow(queue, hour(number / 2), 30, each, each * 0.8, each * 1.2, AHT_S, each) for number, each in enumerate(callers)
    ]
    seen = reforecast(callers, [busier * each for each in callers[:came]], ())
    now_rows = [
        ForecastRow(queue, row.starts_at, 30, each, row.low, row.high, AHT_S, row.computed)
        for row, each in zip(rows, seen.callers, strict=True)
    ]
    needed = staffed(POLICY, now_rows, Wishes(), lambda _queue: None)[queue]
    plan = queue_plan(POLICY, queue, Wishes(), learned(Wishes(), None))
    return QueueOutlook(queue, rows, [], seen, needed, plan.patience_s, POLICY.queue(queue).service_target)


def team_of(count: int, skill: str, from_hour: float = 8, to_hour: float = 18) -> list[RosteredAgent]:
    """Agents on duty at these hours."""
    shifts = [Shift(from_hour * 3600, to_hour * 3600)]
    return [RosteredAgent(f"{skill}{number:02d}", {skill: 3}, shifts=shifts) for number in range(count)]
