"""Shifts of a kind: so many of a pattern at most, for agents whose contract says so."""

from workforce.rosters.model import About, RosterModel, total
from workforce.rosters.worth import of_pattern


def add(model: RosterModel) -> None:
    """For each agent and pattern."""
    for contract in model.agents:
        for pattern, most in contract.most_of.items():
            worked = total(model.sum_of(contract.agent, day, of_pattern(pattern)) for day in range(model.problem.days))
            model.at_most(About("shifts_of_a_kind", contract.agent, queue=pattern, amount=most), worked, most)
