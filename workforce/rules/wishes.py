"""Wishes: a shift or a day off that an agent would like, or would not; one that is not met costs."""

from workforce.rosters.model import SCALE, RosterModel
from workforce.rosters.worth import of_pattern


def add(model: RosterModel) -> None:
    """For each wish."""
    form = model.problem.rules.rules.wishes
    if form is None:
        return
    for wish in model.problem.wishes:
        if (wish.agent, wish.day) not in model.options:
            continue
        weight = (form.weight if wish.weight is None else wish.weight) * SCALE
        got = model.sum_of(wish.agent, wish.day, of_pattern(wish.pattern)) if wish.pattern else model.work(wish.agent, wish.day)
        bad_when_there = wish.against if wish.pattern else not wish.against
        model.cost(got, weight if bad_when_there else -weight)
        model.cost_constant += 0 if bad_when_there else weight
