"""How many shifts of which length agents can have in a week: the hours of each, told of many together and as strictly."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workforce.rosters.contract import Contract
from workforce.rosters.linear_program import LinearProgram
from workforce.rosters.problem import RosterProblem
from workforce.rules.contract_hours import agreed_min
from workforce.rules.daily_hours import day_min
from workforce.rules.weekly_hours import most_min, week_min
from workforce.rules.weekly_rest import most_days

_MOST_MIXES = 300
Mix = tuple[int, ...]
"""Of each length of shift, how many."""
Lengths = Mapping[int, frozenset[int]]
"""By day, the minutes of work of the shifts that an agent may have; days on which they may have none are not there."""


@dataclass(frozen=True, slots=True)
class _Hours:
    """What an agent's week allows. `held_min` are minutes that are settled; `most_min` can be infinite; `usual_min`: what of a
    day is no overtime (infinite without such a rule), None for who has none."""

    days: int
    held_min: int
    most_min: float
    week_min: int
    agreed_min: int
    usual_min: float | None


@dataclass(frozen=True, slots=True)
class Together:
    """Agents whose week has the same rules, and the questions of how many of them work, by day and minutes of work."""

    agents: tuple[Contract, ...]
    worked: Mapping[tuple[int, int], int]


def hold_hours(
    program: LinearProgram, problem: RosterProblem, week: range, lot: Sequence[Contract],
    open_days: Mapping[str, Lengths], worked: Mapping[tuple[int, int], Sequence[int]], *, whole: bool = False,
) -> list[Together]:  # fmt: skip
    """Add the weekly rules of a lot's agents, by `open_days`: what each may have. `worked` are the questions of how many have a
    shift, by its day and its minutes of work.

    Each agent has one mix of lengths in a week; of agents who are alike some have one, some another, and none has two shifts on a
    day. With very many lengths only the sums of all are held. `whole`: no parts of people."""
    several: dict[tuple[_Hours, frozenset[int]], list[Contract]] = defaultdict(list)
    for one in lot:
        own = open_days[one.agent]
        several[_hours(problem, one, week, len(own)), frozenset().union(*own.values())].append(one)
    totals: dict[tuple[int, int], list[tuple[int, float]]] = {
        place: [(question, -1.0) for question in questions] for place, questions in worked.items() if place[1]
    }
    found = []
    for (hours, lengths), agents in several.items():
        asked: dict[tuple[int, int], int] = {}
        of_each: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for day in sorted({day for day, _length in totals}):
            here = {}
            for length in sorted(each for each in lengths if (day, each) in totals):
                able = sum(length in open_days[one.agent].get(day, ()) for one in agents)
                here[length] = program.ask(able, whole=whole)
            program.hold([(count, 1.0) for count in here.values()], most=sum(day in open_days[one.agent] for one in agents))
            for length, count in here.items():
                of_each[length].append((count, -1.0))
                totals[day, length].append((count, 1.0))
                asked[day, length] = count
        _hold_weeks(program, problem, hours, len(agents), of_each, whole)
        found.append(Together(tuple(agents), asked))
    for parts in totals.values():
        program.hold(parts, 0, 0)
    return found


def _hold_weeks(
    program: LinearProgram, problem: RosterProblem, hours: _Hours, agents: int, worked: Mapping[int, list[tuple[int, float]]],
    whole: bool,
) -> None:  # fmt: skip
    lengths = sorted(worked)
    mixes = list(_mixes(hours, lengths))
    if len(mixes) > _MOST_MIXES:
        _hold_sums(program, problem, hours, agents, worked)
        return
    shares = []
    for mix in mixes:
        cost = _cost(problem, hours, _minutes(mix, lengths), _over_days(mix, lengths, hours))
        if cost is not None:
            share = program.ask(agents, whole=whole, cost=cost)
            shares.append((share, 1.0))
            for count, length in zip(mix, lengths, strict=True):
                if count:
                    worked[length].append((share, count))
    program.hold(shares, agents, agents)
    for parts in worked.values():
        program.hold(parts, 0, 0)


def _hours(problem: RosterProblem, one: Contract, week: range, open_days: int) -> _Hours:
    rules = problem.rules.rules
    whole = next(each for each in problem.weeks() if each.stop == week.stop)
    settled = [problem.kept.get((one.agent, day)) or problem.before.get((one.agent, day)) for day in whole]
    held = [placed.shift.pattern.paid_min for placed in settled if placed is not None]
    hard_rest = rules.weekly_rest is not None and rules.weekly_rest.weight is None
    return _Hours(
        days=min(open_days, most_days(problem, one, whole) - len(held)) if hard_rest else open_days,
        held_min=sum(held),
        most_min=math.inf if rules.weekly_hours is None else most_min(problem, one),
        week_min=week_min(problem, one),
        agreed_min=agreed_min(problem, one, whole),
        usual_min=_usual_min(problem, one) if one.overtime else None,
    )


def _usual_min(problem: RosterProblem, one: Contract) -> float:
    usual = day_min(problem, one)
    return math.inf if usual is None else usual


def _mixes(hours: _Hours, lengths: Sequence[int]) -> Iterator[Mix]:
    """All, shortest first; one more than the most at most."""
    found: list[Mix] = [()]
    for _length in lengths:
        found = [
            (*mix, count) for mix in found[: _MOST_MIXES + 1] for count in range(max(0, hours.days) - sum(mix) + 1)
        ]  # fmt: skip
    yield from found[: _MOST_MIXES + 1]


def _minutes(mix: Mix, lengths: Sequence[int]) -> int:
    return sum(count * length for count, length in zip(mix, lengths, strict=True))


def _over_days(mix: Mix, lengths: Sequence[int], hours: _Hours) -> float:
    if hours.usual_min is None:
        return 0.0
    return sum(count * max(0, length - hours.usual_min) for count, length in zip(mix, lengths, strict=True))


def _cost(problem: RosterProblem, hours: _Hours, minutes: int, over_days: float) -> float | None:
    """Points of a week with so many minutes; None where a rule forbids it."""
    rules, cost = problem.rules.rules, 0.0
    worked = minutes + hours.held_min
    over = max(0.0, worked - hours.most_min)
    if over and rules.weekly_hours is not None and minutes:
        if rules.weekly_hours.weight is None:
            return None
        cost += rules.weekly_hours.weight * over / 60
    if rules.overtime is not None and hours.usual_min is not None:
        cost += rules.overtime.weight * max(over_days, worked - hours.week_min, 0) / 60
    short = max(0, hours.agreed_min - worked)
    if rules.contract_hours is not None and short:
        if rules.contract_hours.weight is None:
            return None
        cost += rules.contract_hours.weight * short / 60
    return cost


def _hold_sums(
    program: LinearProgram, problem: RosterProblem, hours: _Hours, agents: int, worked: Mapping[int, list[tuple[int, float]]]
) -> None:  # fmt: skip
    rules = problem.rules.rules
    days = [(count, 1.0) for parts in worked.values() for count, _ in parts]
    program.hold(days, most=agents * max(0, hours.days))
    minutes = [(count, float(length)) for length, parts in worked.items() for count, _ in parts]
    if rules.weekly_hours is not None and rules.weekly_hours.weight is None:
        program.hold(minutes, most=agents * max(0.0, hours.most_min - hours.held_min))
    if rules.overtime is not None and hours.usual_min is not None:
        over = program.ask(math.inf, cost=rules.overtime.weight / 60)
        program.hold([*minutes, (over, -1.0)], most=agents * (hours.week_min - hours.held_min))
    if rules.contract_hours is not None and hours.agreed_min > hours.held_min:
        least = agents * (hours.agreed_min - hours.held_min)
        if rules.contract_hours.weight is None:
            program.hold(minutes, least=least)
        else:
            short = program.ask(math.inf, cost=rules.contract_hours.weight / 60)
            program.hold([*minutes, (short, 1.0)], least=least)


def week_ends(problem: RosterProblem, one: Contract, week: range, lengths: Collection[int]) -> dict[tuple[int, int], float]:
    """The days and minutes that an agent may have worked at the end of a week in shifts of these lengths, and the points of
    each."""
    hours = replace(_hours(problem, one, week, 7), held_min=0)
    rest = problem.rules.rules.weekly_rest
    days = min(len(week), most_days(problem, one, week)) if rest is not None and rest.weight is None else len(week)
    sums = {(0, 0)}
    edge = sums
    for _day in range(days):
        edge = {(worked + 1, minutes + length) for worked, minutes in edge for length in lengths}
        sums = sums | edge
    return {each: cost for each in sorted(sums) if (cost := _cost(problem, hours, each[1], 0.0)) is not None}
