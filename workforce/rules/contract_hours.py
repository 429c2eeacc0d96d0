"""Contract hours: agents get the hours that were agreed, in every whole week, less a day's share for each day off granted."""

from workforce.rosters.contract import Contract
from workforce.rosters.model import About, RosterModel, total
from workforce.rosters.problem import RosterProblem
from workforce.rosters.worth import paid_minutes
from workforce.rules.weekly_hours import week_min


def agreed_min(problem: RosterProblem, contract: Contract, week: range) -> int:
    """Minutes that the agent is to get in a week; 0 for a part of one, of which nothing was agreed."""
    if len(week) < 7:
        return 0
    away = sum((contract.agent, day) in problem.time_off for day in week)
    whole = week_min(problem, contract)
    return max(0, whole - away * whole // max(1, contract.days_a_week))


def add(model: RosterModel) -> None:
    """For each agent and whole calendar week."""
    for contract in model.agents:
        for week in model.problem.weeks():
            worked = total(model.sum_of(contract.agent, day, paid_minutes) for day in week)
            agreed = agreed_min(model.problem, contract, week)
            if worked.parts and agreed:
                model.at_least(About("contract_hours", contract.agent, week.start, week.stop - 1), worked, agreed, hours=True)
