"""Total hours: from the least to the most that a contract says for the whole time."""

from workforce.rosters.model import About, RosterModel, total
from workforce.rosters.worth import paid_minutes


def add(model: RosterModel) -> None:
    """For each agent whose contract says so."""
    days = range(model.problem.days)
    for contract in model.agents:
        worked = total(model.sum_of(contract.agent, day, paid_minutes) for day in days)
        about = About("total_hours", contract.agent, 0, days.stop - 1)
        if contract.most_total_min is not None:
            model.at_most(about, worked, contract.most_total_min, hours=True)
        if contract.least_total_min is not None:
            model.at_least(about, worked, contract.least_total_min, hours=True)
