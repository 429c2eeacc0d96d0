"""Nights in a row: so many at most."""

from workforce.rosters.model import About, RosterModel, total
from workforce.rosters.worth import among


def add(model: RosterModel) -> None:
    """For each agent and each run of nights."""
    form, nights = model.problem.rules.rules.nights_in_a_row, model.problem.nights
    if form is None:
        return
    days = model.known_days()
    for contract in model.agents:
        for first in range(days.start, days.stop - form.most):
            last = first + form.most
            run = total(model.sum_of(contract.agent, day, among(nights)) for day in range(first, last + 1))
            model.at_most(About("nights_in_a_row", contract.agent, first, last, amount=form.most), run, form.most)
