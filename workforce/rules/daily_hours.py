"""Daily hours: a shift has no more hours of work than a day may have, with overtime for those who agreed to it."""

from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.shift_pattern import Shift


def day_min(problem: RosterProblem, contract: Contract) -> int | None:
    """Minutes of work that a day has without overtime; None without such a rule."""
    form = problem.rules.rules.daily_hours
    if form is None:
        return None
    six = contract.days_a_week >= 6 and form.six_days_h is not None
    return round((form.six_days_h if six and form.six_days_h is not None else form.most_h) * 60)


def forbids(problem: RosterProblem, contract: Contract, day: int, shift: Shift) -> bool:
    """Whether the shift is too long for this agent."""
    usual, overtime = day_min(problem, contract), problem.rules.rules.overtime
    if usual is None:
        return False
    more = round(overtime.most_day_h * 60) if overtime is not None and contract.overtime else 0
    return shift.pattern.paid_min > usual + more
