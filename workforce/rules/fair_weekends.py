"""Fair weekends: among agents who are alike, who works on the most has few more than who works on the fewest."""

from workforce.rosters.alike import spread_of
from workforce.rosters.model import SCALE, RosterModel, total


def add(model: RosterModel) -> None:
    """Each day of a weekend that the most and the fewest are apart costs."""
    form = model.problem.rules.rules.fair_weekends
    if form is None:
        return
    days = [day for weekend in model.problem.weekends() for day in weekend]
    for cost in spread_of(model, lambda agent: total(model.work(agent, day) for day in days)):
        model.cost(cost, form.weight * SCALE)
