"""Time off: who has it granted does not work on that day, nor into it from the night before."""

from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.shift_pattern import DAY_MIN, Shift


def forbids(problem: RosterProblem, contract: Contract, day: int, shift: Shift) -> bool:
    """Whether the shift falls into time off."""
    into = shift.end > DAY_MIN and (contract.agent, day + 1) in problem.time_off
    return into or (contract.agent, day) in problem.time_off
