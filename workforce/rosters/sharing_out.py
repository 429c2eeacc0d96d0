"""Of the shifts counted for a lot in a week: how many those with the same hours have, by day and length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workforce.rosters.contract import Contract
from workforce.rosters.counts import allowed_shifts, lengths_of
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
    open_days: dict[str, dict[int, frozenset[int]]] = {one.agent: {} for one in lot}
    for day in week:
        free = [one for one in lot if (one.agent, day) not in problem.kept]
        for agent, lengths in lengths_of(problem, allowed_shifts(problem, free, day)).items():
            open_days[agent][day] = lengths
    several = hold_hours(program, problem, week, lot, open_days, questions, whole=True)
    answer = program.solve(_LIMIT_S, seed)
    return [
        Share(
            frozenset(one.agent for one in each.agents),
            {place: round(answer.values[question]) for place, question in each.worked.items()} if answer.values else {},
        )
        for each in several
    ]
