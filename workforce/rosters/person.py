"""An agent while shifts are handed out: what they work until now, and what one more would cost."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem, Wish
from workforce.rosters.rule_book import unary
from workforce.rosters.shift_pattern import DAY_MIN, Placed, Shift
from workforce.rules.contract_hours import agreed_min
from workforce.rules.weekly_hours import most_min
from workforce.rules.weekly_rest import most_days

NEVER = 1e9
"""More than anything costs: what a hard rule forbids."""
_SATURDAY, _SHUTS_OUT, _TRAINED = 5, 100.0, 10_000.0
_URGENT, _LATER = 200.0, 0.5
"""Points of a day off to whom nothing may be off any more, and by what they shrink with each day that is to spare."""


class Person:
    """An agent, what they work until now, and what they wish."""

    def __init__(
        self, problem: RosterProblem, contract: Contract, days: Mapping[int, Placed], wishes: Iterable[Wish],
        lengths: tuple[int, ...],
    ) -> None:  # fmt: skip
        """`days`: what is settled already, by day, also of days before the time; `lengths`: of the shifts that the agent may have,
        in minutes of work."""
        self.agent, self._problem, self._contract = contract.agent, problem, contract
        self._days = dict(days)
        self._weeks = list(problem.weeks())
        rules = problem.rules.rules
        self._unary = [rule for name, rule in unary(problem).items() if getattr(getattr(rules, name), "weight", None) is None]
        self._lengths = lengths
        row = rules.consecutive_days
        self._most_in_a_row = math.inf
        if row is not None and row.weight is None:
            self._most_in_a_row = row.most if contract.most_in_a_row is None else contract.most_in_a_row
        self._nights = problem.nights
        self._wishes: dict[int, list[Wish]] = defaultdict(list)
        for wish in wishes:
            self._wishes[wish.day].append(wish)

    def takes(self, day: int, placed: Placed) -> None:
        """The agent works this."""
        self._days[day] = placed

    def gives(self, day: int) -> Placed:
        """The agent has the day off; what was worked."""
        return self._days.pop(day)

    def works(self, day: int) -> Placed | None:
        """What the agent works on a day."""
        return self._days.get(day)

    def has_room(self, week: range) -> bool:
        """Whether agreed minutes of the week are still to be worked, and may be."""
        worked = [self._days[one].shift.pattern.paid_min for one in week if one in self._days]
        wanted = agreed_min(self._problem, self._contract, week)
        return sum(worked) < wanted and len(worked) < most_days(self._problem, self._contract, week)

    def can(self, day: int, shift: Shift) -> bool:
        """Whether no hard rule that this looks at forbids the shift on a day that is off."""
        week = next(each for each in self._weeks if day in each)
        worked = [self._days[one].shift.pattern.paid_min for one in week if one in self._days]
        if len(worked) >= most_days(self._problem, self._contract, week) or sum(worked) + shift.pattern.paid_min > self._most_min():
            return False
        return self._is_open(day) and day not in self._days and self._breaks(day, shift) < NEVER

    def costs(self, day: int, shifts: Sequence[Shift], blocks: Mapping[tuple[str, int], float]) -> list[float]:
        """What each of the shifts costs more than a day off; `blocks`: how much of tomorrow it shuts out."""
        week = next(each for each in self._weeks if day in each)
        worked = [self._days[one].shift.pattern.paid_min for one in week if one in self._days]
        agreed = agreed_min(self._problem, self._contract, week)
        left = [one for one in range(day + 1, week.stop) if self._is_open(one)]
        may_days, may_min = most_days(self._problem, self._contract, week) - len(worked), self._most_min() - sum(worked)
        off = self._price(agreed - sum(worked), len(left), may_days)
        found: dict[tuple[str, int], float] = {}
        for shift in shifts:
            if shift.key not in found:
                paid = shift.pattern.paid_min
                cost = self._breaks(day, shift)
                if may_days < 1 or paid > may_min:
                    cost = NEVER
                rest_min = agreed - sum(worked) - paid
                cost += self._price(rest_min, len(left), may_days - 1) - off
                if self._problem.training.get((self.agent, day)) and self._problem.rules.rules.training is not None:
                    cost -= _TRAINED
                if left and rest_min > 0:  # whoever must work tomorrow, too
                    needed = _least_short(rest_min, max(0, min(len(left), may_days - 1)), self._lengths)[1]
                    cost += _SHUTS_OUT * blocks[shift.key] * (needed / len(left)) ** 2
                found[shift.key] = cost
        return [found[shift.key] for shift in shifts]

    def _price(self, short_min: int, days: int, may_days: int) -> float:
        """What comes of it when so many minutes are still to be worked on so many days, of which so many may be days of work."""
        rule = self._problem.rules.rules.contract_hours
        weight = 20.0 if rule is None or rule.weight is None else float(rule.weight)
        lost, needed = _least_short(max(0, short_min), max(0, min(days, may_days)), self._lengths)
        spare = days - needed
        return weight * lost / 60 + (_URGENT * _LATER**spare if short_min > 0 else 0.0)

    def _breaks(self, day: int, shift: Shift) -> float:
        """Points of the rules that a shift would break; `NEVER` for a hard one."""
        if any(forbids(self._problem, self._contract, day, shift) for forbids in self._unary):
            return NEVER
        rules, cost = self._problem.rules.rules, 0.0
        before, after = self._days.get(day - 1), self._days.get(day + 1)
        cost += pair_cost(self._problem, before.shift, shift) if before is not None else 0.0
        cost += pair_cost(self._problem, shift, after.shift) if after is not None else 0.0
        if self._run(day, lambda placed: True) > self._most_in_a_row:
            return NEVER
        if shift.key in self._nights:
            form = rules.nights_in_a_row
            run = self._run(day, lambda placed: placed.shift.key in self._nights)
            if form is not None and run > form.most:
                cost += NEVER if form.weight is None else form.weight
            if rules.fair_nights is not None:
                cost += rules.fair_nights.weight * sum(placed.shift.key in self._nights for placed in self._days.values())
        if rules.fair_weekends is not None and self._problem.weekday(day) >= _SATURDAY:
            at_weekends = sum(self._problem.weekday(one) >= _SATURDAY for one in self._days)
            cost += rules.fair_weekends.weight * at_weekends
        for wish in self._wishes.get(day, ()):
            if wish.pattern in {"", shift.pattern.name} and rules.wishes is not None:
                weight = rules.wishes.weight if wish.weight is None else wish.weight
                cost += -weight if wish.against == (wish.pattern == "") else weight
        return min(cost, NEVER)

    def _run(self, day: int, such: Callable[[Placed], bool]) -> int:
        """How many days in a row it makes with those before and after."""
        first, last = day, day
        while first - 1 in self._days and such(self._days[first - 1]):
            first -= 1
        while last + 1 in self._days and such(self._days[last + 1]):
            last += 1
        return last - first + 1

    def _is_open(self, day: int) -> bool:
        cell = (self.agent, day)
        return cell not in self._problem.kept and cell not in self._problem.time_off

    def _most_min(self) -> float:
        return math.inf if self._problem.rules.rules.weekly_hours is None else most_min(self._problem, self._contract)


def pair_cost(problem: RosterProblem, before: Shift, after: Shift) -> float:
    """Points of one shift on the day after another; `NEVER` where a hard rule forbids it."""
    rules, cost = problem.rules.rules, 0.0
    if rules.rest_between_shifts is not None and after.start + DAY_MIN - before.end < round(rules.rest_between_shifts.least_h * 60):
        cost += _or_never(rules.rest_between_shifts.weight)
    if rules.shift_sequence is not None and after.pattern.name in before.pattern.not_followed_by:
        cost += _or_never(rules.shift_sequence.weight)
    if rules.rotation is not None and before.start - after.start > rules.rotation.earlier_by_min:
        cost += rules.rotation.weight
    return cost


def _or_never(weight: int | None) -> float:
    return NEVER if weight is None else weight


@cache
def _least_short(minutes: int, days: int, lengths: tuple[int, ...]) -> tuple[int, int]:
    """Of so many minutes: how many stay undone whatever shifts are worked on so many days, none of them in vain; and how many
    days that takes."""
    best = (minutes, 0)
    if days > 0:
        for length in lengths:
            if 0 < length <= minutes:
                short, needed = _least_short(minutes - length, days - 1, lengths)
                best = min(best, (short, needed + 1))
    return best
