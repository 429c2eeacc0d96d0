"""Wishes: a shift or a day off that an agent would like, or would not; one that is not met costs."""

from workforce.rosters.model import SCALE, RosterModel


def add(model: RosterModel) -> None:
    """For each wish."""
    form = model.problem.rules.rules.wishes
    if form is None:
        return
    for wish in model.problem.wishes:
        if (wish.agent, wish.day) not in model.options:
            continue
        weight = (form.weight if wish.weight is None else wish.weight) * SCALE
        if wish.pattern:
            got = model.sum_of(wish.agent, wish.day, lambda shift, wanted=wish.pattern: int(shift.pattern.name == wanted))
        else:
            got = model.work(wish.agent, wish.day)
        bad_when_there = wish.against if wish.pattern else not wish.against
        model.cost(got, weight if bad_when_there else -weight)
        model.cost_constant += 0 if bad_when_there else weight
