"""Availability: a shift lies within the times that the agent has, and is of a pattern that they work."""

from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.shift_pattern import Shift


def forbids(problem: RosterProblem, contract: Contract, day: int, shift: Shift) -> bool:
    """Whether the agent can't have this shift on this day."""
    return not (contract.works_as(shift.pattern) and contract.can_be_there(problem.weekday(day), shift))
