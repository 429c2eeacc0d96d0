"""Unlike the given roster: each agent's day that differs from it costs, so that little changes."""

from workforce.rosters.model import SCALE, RosterModel
from workforce.rosters.worth import among


def add(model: RosterModel) -> None:
    """For each cell that is chosen."""
    form, given = model.problem.rules.rules.unlike_given, model.problem.given
    if form is None or given is None:
        return
    weight = form.weight * SCALE
    for agent, day in model.options:
        placed = given.get((agent, day))
        if placed is None:
            model.cost(model.work(agent, day), weight)
        else:
            model.cost(model.sum_of(agent, day, among((placed.shift.key,))), -weight)
            model.cost_constant += weight
