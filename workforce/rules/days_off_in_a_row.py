"""Days off in a row: never fewer between two days of work. What the ends of the time cut off is not short."""

from workforce.rosters.model import About, RosterModel, Terms, total


def add(model: RosterModel) -> None:
    """For each agent and each gap that would be too short."""
    form = model.problem.rules.rules.days_off_in_a_row
    if form is None:
        return
    days = model.known_days()
    for contract in model.agents:
        least = form.least if contract.least_off_in_a_row is None else contract.least_off_in_a_row
        work = {day: model.work(contract.agent, day) for day in days}
        for length in range(1, least):
            for before in range(days.start, days.stop - length - 1):
                ends = Terms().add(work[before]).add(work[before + length + 1])
                gap = ends.add(total(work[day] for day in range(before + 1, before + length + 1)), -1)
                about = About("days_off_in_a_row", contract.agent, before + 1, before + length, amount=least)
                model.at_most(about, gap, 1)
