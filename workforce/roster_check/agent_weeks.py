"""What one agent's roster breaks of the rules that look at several days: weeks, rows, rests, weekends, wishes."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from workforce.roster_check.agent_days import minutes_at_night, weight_of
from workforce.roster_check.broken import BrokenRule
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.shift_pattern import Placed

_DAY = 24 * 60


def is_night(problem: RosterProblem, placed: Placed) -> bool:
    """Whether a shift counts as a night."""
    form = problem.rules.nights
    start = placed.shift.start
    return minutes_at_night(start, start + placed.shift.pattern.minutes, form.from_time, form.until) >= form.least_min


def broken_weeks(problem: RosterProblem, one: Contract, days: dict[int, Placed]) -> Iterator[BrokenRule]:
    """All of them."""
    known = range(min((day for _agent, day in problem.before), default=0), problem.days)
    yield from _weeks(problem, one, days, known)
    yield from _pairs(problem, one, days, known)
    yield from _rows(problem, one, days, known)
    yield from _whole(problem, one, days)


def paid(placed: Placed | None) -> int:
    """Minutes of work; 0 for a day off."""
    if placed is None:
        return 0
    return placed.shift.pattern.minutes - sum(rest.minutes for rest in placed.shift.pattern.breaks if not rest.paid)


def _over(
    problem: RosterProblem, rule: str, one: Contract, span: tuple[int, int], amount: int, limit: int, over: int,
    hours: bool = False, what: str = "",
) -> Iterator[BrokenRule]:  # fmt: skip
    if over > 0:
        weight = weight_of(problem, rule)
        points = 0.0 if weight is None else weight * over / (60 if hours else 1)
        yield BrokenRule(rule, weight is None, points, one.agent, span[0], span[1], amount, limit, what)


def _weeks(problem: RosterProblem, one: Contract, days: dict[int, Placed], known: range) -> Iterator[BrokenRule]:
    rules = problem.rules.rules
    for _week, members in groupby(known, lambda day: (problem.first + timedelta(days=day)).isocalendar()[:2]):
        week = list(members)
        if week[-1] < 0:
            continue
        span = (week[0], week[-1])
        worked = sum(paid(days.get(day)) for day in week)
        agreed = one.week_min if rules.weekly_hours is None else min(one.week_min, round(rules.weekly_hours.most_h * 60))
        if rules.weekly_hours is not None:
            more = rules.overtime.most_week_h * 60 if rules.overtime is not None and one.overtime else 0
            limit = agreed + round(more)
            yield from _over(problem, "weekly_hours", one, span, worked, limit, worked - limit, True)
        if rules.overtime is not None and one.overtime:
            usual = None
            if rules.daily_hours is not None:
                six = one.days_a_week >= 6 and rules.daily_hours.six_days_h is not None
                usual = round((rules.daily_hours.six_days_h if six else rules.daily_hours.most_h) * 60)  # type: ignore[operator]
            by_days = 0 if usual is None else sum(max(0, paid(days.get(day)) - usual) for day in week)
            over, most = max(by_days, worked - agreed, 0), round(rules.overtime.most_week_h * 60)
            if by_days > most:
                yield BrokenRule("overtime", True, 0, one.agent, *span, by_days, most)
            if over:
                yield BrokenRule("overtime", False, rules.overtime.weight * over / 60, one.agent, *span, over, most)
        if rules.weekly_rest is not None:
            count, limit = sum(day in days for day in week), min(7 - rules.weekly_rest.least_days, one.days_a_week)
            yield from _over(problem, "weekly_rest", one, span, count, limit, count - limit)
        if rules.contract_hours is not None and len(week) == 7:
            away = sum((one.agent, day) in problem.time_off for day in week)
            wanted = max(0, agreed - away * agreed // max(1, one.days_a_week))
            yield from _over(problem, "contract_hours", one, span, worked, wanted, wanted - worked, True)


def _pairs(problem: RosterProblem, one: Contract, days: dict[int, Placed], known: range) -> Iterator[BrokenRule]:
    rules = problem.rules.rules
    for day in known[:-1]:
        today, tomorrow = days.get(day), days.get(day + 1)
        if today is None or tomorrow is None or day + 1 < 0:
            continue
        span = (day, day + 1)
        if rules.rest_between_shifts is not None:
            gap = tomorrow.shift.start + _DAY - (today.shift.start + today.shift.pattern.minutes)
            least = round(rules.rest_between_shifts.least_h * 60)
            yield from _over(problem, "rest_between_shifts", one, span, gap, least, int(gap < least))
        if rules.shift_sequence is not None and tomorrow.shift.pattern.name in today.shift.pattern.not_followed_by:
            what = f"{today.shift.pattern.name} {tomorrow.shift.pattern.name}"
            yield from _over(problem, "shift_sequence", one, span, 1, 0, 1, what=what)
        if rules.rotation is not None:
            earlier = today.shift.start - tomorrow.shift.start
            yield from _over(
                problem, "rotation", one, span, earlier, rules.rotation.earlier_by_min, int(earlier > rules.rotation.earlier_by_min)
            )  # fmt: skip


def _rows(problem: RosterProblem, one: Contract, days: dict[int, Placed], known: range) -> Iterator[BrokenRule]:
    rules = problem.rules.rules
    row = rules.consecutive_days
    for working, first, last in _runs(known, lambda day: day in days):
        length, at_an_end = last - first + 1, first == known.start or last == known.stop - 1
        if last < 0:
            continue
        if working and row is not None:
            most = row.most if one.most_in_a_row is None else one.most_in_a_row
            least = row.least if one.least_in_a_row is None else one.least_in_a_row
            yield from _over(problem, "consecutive_days", one, (first, last), length, most, length - most)
            if not at_an_end:
                yield from _over(problem, "consecutive_days", one, (first, last), length, least, int(length < least))
        if not working and rules.days_off_in_a_row is not None and not at_an_end:
            least = rules.days_off_in_a_row.least if one.least_off_in_a_row is None else one.least_off_in_a_row
            yield from _over(problem, "days_off_in_a_row", one, (first, last), length, least, int(length < least))
    if rules.nights_in_a_row is not None:
        most = rules.nights_in_a_row.most
        for night, first, last in _runs(known, lambda day: day in days and is_night(problem, days[day])):
            if night and last >= 0:
                length = last - first + 1
                yield from _over(problem, "nights_in_a_row", one, (first, last), length, most, length - most)


def _runs(known: range, what: object) -> Iterator[tuple[bool, int, int]]:
    for there, members in groupby(known, what):  # type: ignore[call-overload]
        run = list(members)
        yield bool(there), run[0], run[-1]


def _whole(problem: RosterProblem, one: Contract, days: dict[int, Placed]) -> Iterator[BrokenRule]:
    rules, span = problem.rules.rules, (0, problem.days - 1)
    own = {day: placed for day, placed in days.items() if day >= 0}
    if rules.total_hours is not None:
        worked = sum(paid(placed) for placed in own.values())
        if one.most_total_min is not None:
            yield from _over(problem, "total_hours", one, span, worked, one.most_total_min, worked - one.most_total_min, True)
        if one.least_total_min is not None:
            yield from _over(problem, "total_hours", one, span, worked, one.least_total_min, one.least_total_min - worked, True)
    if rules.weekends is not None:
        dates = [problem.date_of(day) for day in own]
        worked = len({each - timedelta(days=each.weekday() - 5) for each in dates if each.weekday() >= 5})
        most = rules.weekends.most if one.most_weekends is None else one.most_weekends
        yield from _over(problem, "weekends", one, span, worked, most, worked - most)
    if rules.shifts_of_a_kind is not None:
        for pattern, most in one.most_of.items():
            count = sum(placed.shift.pattern.name == pattern for placed in own.values())
            yield from _over(problem, "shifts_of_a_kind", one, span, count, most, count - most, what=pattern)
    for wish in problem.wishes if rules.wishes is not None else ():
        if wish.agent == one.agent:
            name = own[wish.day].shift.pattern.name if wish.day in own else ""
            if (name == wish.pattern) == wish.against:
                points = rules.wishes.weight if wish.weight is None else wish.weight  # type: ignore[union-attr]
                yield BrokenRule("wishes", False, points, one.agent, wish.day, wish.day, 1, 0, wish.pattern)
    if rules.unlike_given is not None and problem.given is not None:
        for day in range(problem.days):
            before, now = problem.given.get((one.agent, day)), own.get(day)
            if (before and before.shift.key) != (now and now.shift.key) and (one.agent, day) not in problem.kept:
                yield BrokenRule("unlike_given", False, rules.unlike_given.weight, one.agent, day, day, 1)
