"""Rotation: shifts move forward; one that begins earlier than the day before's costs."""

from workforce.rosters.model import About, RosterModel
from workforce.rosters.worth import starting_before, starting_from


def add(model: RosterModel) -> None:
    """For each agent and pair of days: 1 where the second begins too early."""
    form = model.problem.rules.rules.rotation
    if form is None:
        return
    days = model.known_days()
    for contract in model.agents:
        for day in days[:-1]:
            cells = [model.options.get((contract.agent, one)) for one in (day, day + 1)]
            if not any(cells):
                continue
            starts = {shift.start for shift, _ in cells[0] or ()}
            placed = model.placed.get((contract.agent, day))
            starts |= {placed.shift.start} if placed else set()
            pairs = []
            for start in sorted(starts):
                late = model.sum_of(contract.agent, day, starting_from(start))
                early = model.sum_of(contract.agent, day + 1, starting_before(start - form.earlier_by_min))
                if (late.parts or late.constant) and (early.parts or early.constant):
                    pairs.append(late.add(early))
            if any(pair.parts for pair in pairs):
                model.never_both(About("rotation", contract.agent, day, day + 1), pairs, form.weight)
