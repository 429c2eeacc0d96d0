"""Consecutive days: from the least to the most of work in a row. What the ends of the time cut off is not short."""

from workforce.rosters.model import About, RosterModel, Terms, total


def add(model: RosterModel) -> None:
    """For each agent and each run of days."""
    form = model.problem.rules.rules.consecutive_days
    if form is None:
        return
    days = model.known_days()
    for contract in model.agents:
        most = form.most if contract.most_in_a_row is None else contract.most_in_a_row
        least = form.least if contract.least_in_a_row is None else contract.least_in_a_row
        work = {day: model.work(contract.agent, day) for day in days}
        for first in range(days.start, days.stop - most):
            run = total(work[day] for day in range(first, first + most + 1))
            model.at_most(About("consecutive_days", contract.agent, first, first + most, amount=most), run, most)
        for length in range(1, least):
            for before in range(days.start, days.stop - length - 1):
                inside = total(work[day] for day in range(before + 1, before + length + 1))
                alone = inside.add(work[before], -1).add(work[before + length + 1], -1)
                about = About("consecutive_days", contract.agent, before + 1, before + length, amount=least)
                model.at_most(about, Terms(alone.parts, alone.constant), length - 1)
