"""Weekly rest: days off in each calendar week, as the law and the contract's days a week leave."""

from workforce.rosters.contract import Contract
from workforce.rosters.model import About, RosterModel, total
from workforce.rosters.problem import RosterProblem


def most_days(problem: RosterProblem, contract: Contract, week: range) -> int:
    """Days of work that the week may have; a part of a week may have those that a whole one may."""
    form = problem.rules.rules.weekly_rest
    return 7 if form is None else min(7 - form.least_days, contract.days_a_week)


def add(model: RosterModel) -> None:
    """For each agent and calendar week."""
    for contract in model.agents:
        for week in model.problem.weeks():
            worked = total(model.work(contract.agent, day) for day in week)
            about = About("weekly_rest", contract.agent, week.start, week.stop - 1)
            model.at_most(about, worked, most_days(model.problem, contract, week))
