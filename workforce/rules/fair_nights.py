"""Fair nights: among agents who are alike, who has the most has few more than who has the fewest."""

from workforce.rosters.alike import spread_of
from workforce.rosters.model import SCALE, RosterModel, total
from workforce.rosters.worth import among


def add(model: RosterModel) -> None:
    """Each night that the most and the fewest are apart costs."""
    form, nights = model.problem.rules.rules.fair_nights, model.problem.nights
    if form is None:
        return
    days = range(model.problem.days)

    for cost in spread_of(model, lambda agent: total(model.sum_of(agent, day, among(nights)) for day in days)):
        model.cost(cost, form.weight * SCALE)
