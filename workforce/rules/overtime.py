"""Overtime: what goes over the hours of a day or of a week is little, and costs."""

from workforce.rosters.model import About, RosterModel, Terms, total
from workforce.rosters.shift_pattern import Shift
from workforce.rosters.worth import paid_minutes
from workforce.rules.daily_hours import day_min
from workforce.rules.weekly_hours import week_min


def add(model: RosterModel) -> None:
    """For each agent and calendar week: the larger of what the days and the week have too much."""
    form = model.problem.rules.rules.overtime
    if form is None:
        return
    for contract in model.agents:
        if not contract.overtime:
            continue
        usual = day_min(model.problem, contract)

        def over(shift: Shift, usual: int | None = usual) -> int:
            return 0 if usual is None else max(0, shift.pattern.paid_min - usual)

        for week in model.problem.weeks():
            by_days = total(model.sum_of(contract.agent, day, over) for day in week)
            worked = total(model.sum_of(contract.agent, day, paid_minutes) for day in week)
            limit = week_min(model.problem, contract)
            most = max(sum(factor for _, factor in terms.parts) + terms.constant for terms in (by_days, worked))
            if not worked.parts or most <= 0:
                continue
            both = model.cp.new_int_var(0, most, "")
            for terms, allowed in ((by_days, 0), (worked, limit)):
                if terms.parts:
                    model.cp.add(terms.expression - both <= allowed - terms.constant)
            about = About("overtime", contract.agent, week.start, week.stop - 1)
            model.at_most(about, by_days, round(form.most_week_h * 60))
            model.cost(Terms([(both, 1)]), form.weight)
