"""Training: who has one works on that day, in a shift that holds all of it."""

from workforce.rosters.contract import Contract
from workforce.rosters.model import About, RosterModel
from workforce.rosters.problem import RosterProblem
from workforce.rosters.shift_pattern import Shift


def forbids(problem: RosterProblem, contract: Contract, day: int, shift: Shift) -> bool:
    """Whether a training of that day does not lie within the shift."""
    return any(one.start < shift.start or shift.end < one.end for one in problem.training.get((contract.agent, day), ()))


def add(model: RosterModel) -> None:
    """Whoever has a training is there."""
    for agent, day in model.problem.training:
        if (agent, day) in model.options:
            model.at_least(About("training", agent, day), model.work(agent, day), 1)
