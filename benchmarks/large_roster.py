"""A month of a large contact center: how near the bound the roster is, by time."""

import math
import random
from datetime import date
from itertools import pairwise

from benchmarks.report import Report
from core.errors import BadInput
from workforce.roster_check.check import hard_ones
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_file import shipped_rules
from workforce.rosters.solve import solve
from workforce.rosters.solving import Effort, Progress

_MINUTES = 30
_A_DAY = 1440 // _MINUTES
_NIGHT_QUEUES = 4
_PEAKS = ((1.0, 10.5, 2.8), (0.8, 15.5, 3.0), (0.35, 19.5, 2.0))  # height, hour, width in hours


def measure(report: Report, agents: int, queues: int, days: int, seconds: float, six_days: float = 0.0) -> None:
    """Fill the report."""
    problem = large_month(agents, queues, days, six_days=six_days)
    told: list[Progress] = []
    found = solve(problem, Effort(limit_s=seconds, tell=told.append))
    if found.roster is None or found.cost is None or hard_ones(found.broken):
        raise BadInput("No roster that the checker lets pass.", "Give it more time, by --seconds.")
    title = f"{agents} agents, {queues} queues, {days} days by {_MINUTES} minutes, {six_days:.0%} on six days a week, {seconds:g} s"
    table = report.table(title, "s", "doing", "cost", "bound", "gap")
    for each, after in (*pairwise(told), (told[-1], None)):
        last_of_tenth = after is None or int(after.seconds / seconds * 10) > int(each.seconds / seconds * 10)
        if each.cost is not None and last_of_tenth and each.gap is not None:
            table.add(f"{each.seconds:.0f}", each.doing, f"{each.cost:.0f}", f"{each.bound:.0f}", f"{each.gap:.1%}")
    table.add(f"{found.seconds:.0f}", "answer", f"{found.cost:.0f}", f"{found.bound:.0f}", f"{found.gap or 0:.1%}")
    costs = report.table("What the roster costs", "rule", "cases", "points")
    for rule in sorted({each.rule for each in found.broken}):
        own = [each.points for each in found.broken if each.rule == rule]
        costs.add(rule, len(own), f"{sum(own):.0f}")
    report.figures["gap"] = found.gap
    report.figures["cost"], report.figures["bound"] = found.cost, found.bound
    report.remarks.append("The bound is of the staffing alone: wishes, fairness and rotation count as if they cost nothing.")


def large_month(agents: int, queues: int, days: int, seed: int = 3, six_days: float = 0.0) -> RosterProblem:
    """Invented: queues of many sizes, a third of the agents with one skill, a fifth part-time; needs as large as the hours on
    contract, with a morning's and an afternoon's peak, quieter weekends, and nights in some queues. `six_days`: the share of those
    who work on six days of a week."""
    chance = random.Random(seed)
    names = [f"queue-{number:02d}" for number in range(queues)]
    contracts = []
    for number in range(agents):
        own = number if number < queues else chance.choices(range(queues), [1 / (each + 2) for each in range(queues)])[0]
        skills = {names[own]} if number % 3 == 0 else {names[own], names[min(own ^ 1, queues - 1)]}
        hours = 1200 if number % 5 == 4 else 2400
        days_a_week = 6 if int((number + 1) * six_days) > int(number * six_days) else 5
        contracts.append(Contract(f"{1000 + number}", frozenset(skills), hours, days_a_week))
    needs = {}
    for number, name in enumerate(names):
        hours_a_week = sum(one.week_min / 60 / len(one.queues) for one in contracts if name in one.queues)
        shape = [
            _shape(day, slot, number < _NIGHT_QUEUES) * chance.uniform(1, 1.1) for day in range(days) for slot in range(_A_DAY)
        ]
        scale = 0.97 * hours_a_week * days / 7 / (sum(shape) * _MINUTES / 60)
        needs[name] = [round(each * scale) for each in shape]
    shipped = shipped_rules()
    return RosterProblem(date(2026, 6, 1), days, _MINUTES, shipped.patterns, tuple(contracts), shipped.rules, needs)


def _shape(day: int, slot: int, nights: bool) -> float:
    hour = slot * _MINUTES / 60
    if not 6 <= hour < 23:
        return 0.12 if nights else 0.0
    high = sum(height * math.exp(-(((hour - at) / width) ** 2)) for height, at, width in _PEAKS)
    return high * (0.6 if day % 7 >= 5 else 1.0)
