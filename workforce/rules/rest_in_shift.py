"""Rest in a shift: no work longer on end than allowed without a break, wherever the pattern's breaks come to lie."""

from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_file import longest_on_end_min
from workforce.rosters.shift_pattern import Shift


def forbids(problem: RosterProblem, contract: Contract, day: int, shift: Shift) -> bool:
    """Whether the pattern allows too long a stretch."""
    form = problem.rules.rules.rest_in_shift
    return form is not None and longest_on_end_min(shift.pattern, form.least_min) > form.after_h * 60
