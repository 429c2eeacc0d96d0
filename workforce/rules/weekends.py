"""Weekends: so many at most on which an agent works on a Saturday or a Sunday."""

from workforce.rosters.model import About, RosterModel, total


def add(model: RosterModel) -> None:
    """For each agent."""
    form = model.problem.rules.rules.weekends
    if form is None:
        return
    for contract in model.agents:
        most = form.most if contract.most_weekends is None else contract.most_weekends
        worked = total(
            model.any_of([model.work(contract.agent, day) for day in weekend]) for weekend in model.problem.weekends()
        )  # fmt: skip
        model.at_most(About("weekends", contract.agent, amount=most), worked, most)
