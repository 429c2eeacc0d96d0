"""Of the shifts counted for a lot in a week: how many those with the same hours have, by day and length."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workforce.rosters.contract import Contract
from workforce.rosters.counts import allowed_shifts
from workforce.rosters.linear_program import LinearProgram
from workforce.rosters.problem import RosterProblem
from workforce.rosters.week_mixes import hold_hours

_LIMIT_S = 2.0


@dataclass(frozen=True, slots=True)
class Share:
    """So many of these agents work, by day and minutes of work."""

    agents: frozenset[str]
    counts: Mapping[tuple[int, int], int]


def share_out(
    problem: RosterProblem, week: range, lot: Sequence[Contract], wanted: Mapping[tuple[int, int], int], seed: int
) -> list[Share]:  # fmt: skip
    """`wanted`: how many shifts, by day and minutes of work; what nobody can have without a broken rule is left out."""
    program = LinearProgram()
    weight = problem.rules.rules.understaffed.weight / 60
    questions: dict[tuple[int, int], list[int]] = {}
    for place, count in wanted.items():
        worked = program.ask(count, whole=True)
        program.hold([(worked, 1.0), (program.ask(count, cost=weight * place[1]), 1.0)], count, count)
        questions[place] = [worked]
    open_days: dict[str, set[int]] = defaultdict(set)
    for day in week:
        free = [one for one in lot if (one.agent, day) not in problem.kept]
        for agent, keys in allowed_shifts(problem, free, day).items():
            if keys:
                open_days[agent].add(day)
    several = hold_hours(program, problem, week, lot, {one.agent: open_days[one.agent] for one in lot}, questions, whole=True)
    answer = program.solve(_LIMIT_S, seed)
    return [
        Share(
            frozenset(one.agent for one in each.agents),
            {place: round(answer.values[question]) for place, question in each.worked.items()} if answer.values else {},
        )
        for each in several
    ]
