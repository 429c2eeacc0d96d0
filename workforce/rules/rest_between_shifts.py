"""Rest between shifts: so many hours from the end of one to the start of the next."""

from workforce.rosters.model import About, RosterModel
from workforce.rosters.shift_pattern import DAY_MIN
from workforce.rosters.worth import ending_from, starting_before


def add(model: RosterModel) -> None:
    """For each end of a shift: whoever works until then or longer has none that begins too early on the day after."""
    form = model.problem.rules.rules.rest_between_shifts
    if form is None:
        return
    least = round(form.least_h * 60)
    days = model.known_days()
    for contract in model.agents:
        for day in days[:-1]:
            tomorrow = model.options.get((contract.agent, day + 1)) or []
            today = model.options.get((contract.agent, day)) or []
            if not tomorrow and not today:
                continue
            ends = {shift.end for shift, _ in today}
            placed = model.placed.get((contract.agent, day))
            ends |= {placed.shift.end} if placed else set()
            pairs = []
            for end in sorted(ends):
                late = model.sum_of(contract.agent, day, ending_from(end))
                early = model.sum_of(contract.agent, day + 1, starting_before(end + least - DAY_MIN))
                if early.parts or early.constant:
                    pairs.append(late.add(early))
            if pairs:
                model.never_both(About("rest_between_shifts", contract.agent, day, day + 1), pairs, form.weight)
