"""Night protection: who is protected does not work between these hours at all."""

from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.shift_pattern import Shift


def forbids(problem: RosterProblem, contract: Contract, day: int, shift: Shift) -> bool:
    """Whether the shift touches the protected hours of this agent."""
    form = problem.rules.rules.night_protection
    return form is not None and contract.protected and shift.in_hours(form.from_time, form.until) > 0
