"""Weekly hours: no more than the contract and the law say, with overtime for those who agreed to it."""

from workforce.rosters.contract import Contract
from workforce.rosters.model import About, RosterModel, total
from workforce.rosters.problem import RosterProblem
from workforce.rosters.worth import paid_minutes


def week_min(problem: RosterProblem, contract: Contract) -> int:
    """Minutes of a week without overtime."""
    form = problem.rules.rules.weekly_hours
    return contract.week_min if form is None else min(contract.week_min, round(form.most_h * 60))


def most_min(problem: RosterProblem, contract: Contract) -> int:
    """Minutes of a week with overtime."""
    overtime = problem.rules.rules.overtime
    more = round(overtime.most_week_h * 60) if overtime is not None and contract.overtime else 0
    return week_min(problem, contract) + more


def add(model: RosterModel) -> None:
    """For each agent and calendar week."""
    for contract in model.agents:
        for week in model.problem.weeks():
            worked = total(model.sum_of(contract.agent, day, paid_minutes) for day in week)
            about = About("weekly_hours", contract.agent, week.start, week.stop - 1)
            model.at_most(about, worked, most_min(model.problem, contract), hours=True)
