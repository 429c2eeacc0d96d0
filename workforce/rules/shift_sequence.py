"""Shift sequence: after a shift of one pattern none of certain others on the next day."""

from workforce.rosters.model import About, RosterModel
from workforce.rosters.worth import of_pattern


def add(model: RosterModel) -> None:
    """For each agent, day and pattern that not all can follow."""
    days = model.known_days()
    for contract in model.agents:
        for day in days[:-1]:
            for pattern in model.problem.patterns:
                if not pattern.not_followed_by:
                    continue
                first = model.sum_of(contract.agent, day, of_pattern(pattern.name))
                then = model.sum_of(contract.agent, day + 1, of_pattern(*pattern.not_followed_by))
                model.at_most(About("shift_sequence", contract.agent, day, day + 1, queue=pattern.name), first.add(then), 1)
