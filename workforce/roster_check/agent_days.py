"""What one agent's days break of the rules that look at a single day."""

from collections.abc import Iterator

from workforce.roster_check.broken import BrokenRule
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem, Training
from workforce.rosters.shift_pattern import Placed, ShiftPattern

_DAY = 24 * 60


def broken_days(problem: RosterProblem, one: Contract, days: dict[int, Placed]) -> Iterator[BrokenRule]:
    """In the order of the days."""
    rules = problem.rules.rules
    for day in range(problem.days):
        placed = days.get(day)
        cell = (one.agent, day)
        if rules.training is not None:
            for training in problem.training.get(cell, ()):
                if placed is None or not _holds(placed, training):
                    yield _broken(problem, "training", one, day, what=training.name)
                    break
        if cell in problem.kept and problem.kept[cell] != placed and _shift(problem.kept[cell]) != _shift(placed):
            yield _broken(problem, "kept", one, day)
        if placed is None:
            continue
        pattern, start = placed.shift.pattern, placed.shift.start
        end = start + pattern.minutes
        if rules.availability is not None and not _available(problem, one, day, pattern, start, end):
            yield _broken(problem, "availability", one, day, what=pattern.name)
        if rules.time_off is not None and (cell in problem.time_off or (end > _DAY and (one.agent, day + 1) in problem.time_off)):
            yield _broken(problem, "time_off", one, day)
        paid = pattern.minutes - sum(rest.minutes for rest in pattern.breaks if not rest.paid)
        if rules.daily_hours is not None:
            limit = rules.daily_hours.most_h
            if one.days_a_week >= 6 and rules.daily_hours.six_days_h is not None:
                limit = rules.daily_hours.six_days_h
            if one.overtime and rules.overtime is not None:
                limit += rules.overtime.most_day_h
            if paid > round(limit * 60):
                yield _broken(problem, "daily_hours", one, day, amount=paid, limit=round(limit * 60))
        if rules.night_protection is not None and one.protected:
            first, last = rules.night_protection.from_time, rules.night_protection.until
            if minutes_at_night(start, end, first, last):
                yield _broken(problem, "night_protection", one, day)
        if rules.rest_in_shift is not None:
            longest, limit = _longest_on_end(placed, rules.rest_in_shift.least_min), rules.rest_in_shift.after_h * 60
            if longest > limit:
                yield BrokenRule("rest_in_shift", True, 0, one.agent, day, day, longest, round(limit), pattern.name)


def minutes_at_night(start: int, end: int, first: int, last: int) -> int:
    """How many minutes of [start, end) lie between these times of any day."""
    inside = 0
    for minute in range(start, end, 5):
        of_day = minute % _DAY
        there = first <= of_day < last if first < last else (of_day >= first or of_day < last)
        inside += min(5, end - minute) if there else 0
    return inside


def weight_of(problem: RosterProblem, rule: str) -> int | None:
    """What a case of it costs; None for a hard rule."""
    weight: int | None = getattr(getattr(problem.rules.rules, rule), "weight", None)
    return weight


def _broken(
    problem: RosterProblem, rule: str, one: Contract, day: int, amount: int = 1, limit: int = 0, what: str = ""
) -> BrokenRule:  # fmt: skip
    weight = weight_of(problem, rule)
    return BrokenRule(rule, weight is None, weight or 0, one.agent, day, day, amount, limit, what)


def _holds(placed: Placed, training: Training) -> bool:
    start = placed.shift.start
    return start <= training.start and training.end <= start + placed.shift.pattern.minutes


def _shift(placed: Placed | None) -> tuple[str, int] | None:
    return None if placed is None else (placed.shift.pattern.name, placed.shift.start)


def _available(problem: RosterProblem, one: Contract, day: int, pattern: ShiftPattern, start: int, end: int) -> bool:
    if one.patterns and pattern.name not in one.patterns:
        return False
    if one.days_a_week < pattern.days_a_week:
        return False
    if not one.available:
        return True
    weekday = problem.date_of(day).weekday()
    return any(first <= start and end <= last for first, last in one.available.get(weekday, ()))


def _longest_on_end(placed: Placed, least_min: int) -> int:
    """The longest stretch without a break of so many minutes."""
    pattern = placed.shift.pattern
    edges = [0]
    for at, rest in zip(placed.breaks, pattern.breaks, strict=True):
        if rest.minutes >= least_min:
            edges += [at, at + rest.minutes]
    edges.append(pattern.minutes)
    return max(edges[place + 1] - edges[place] for place in range(0, len(edges), 2))
