"""Rest from one day to the next, told of many agents together: who works late is not among those who begin early on the day after.

Without it a week of counts may ask for more people on two days than can be on both, and whoever hands the shifts out loses some.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from workforce.rosters.linear_program import LinearProgram
from workforce.rosters.person import NEVER, pair_cost
from workforce.rosters.problem import RosterProblem
from workforce.rosters.shift_pattern import Shift

Key = tuple[str, int]
Able = Mapping[str, frozenset[Key]]
"""By agent, the keys of the shifts that they may have on a day."""


def hold_rest(
    program: LinearProgram, problem: RosterProblem, today: Able, tomorrow: Able, counts: tuple[Mapping[Key, Sequence[int]], ...]
) -> None:  # fmt: skip
    """Of a lot: on two days in a row, those on shifts that end from some time on and those on shifts that can come after none of
    them are different people. `counts`: by shift, the questions of how many work it today, and tomorrow. Holds for all together,
    and for those alone who have shifts that nobody else has."""
    kinds: dict[frozenset[Key], int] = defaultdict(int)
    for agent in today.keys() | tomorrow.keys():
        own = today.get(agent, frozenset()) | tomorrow.get(agent, frozenset())
        if own:
            kinds[own] += 1
    several = [frozenset().union(*kinds)] + (list(kinds) if len(kinds) > 1 else [])
    before, after = ([shift for shift in problem.shifts if counts[day].get(shift.key)] for day in (0, 1))
    blocked = {shift.key: {each.key for each in after if pair_cost(problem, shift, each) >= NEVER} for shift in before}
    for keys in several:
        own = frozenset(key for key in keys if all(key not in other or other <= keys for other in kinds))
        people = sum(count for other, count in kinds.items() if other <= keys)
        late: list[Shift] = []
        barred: set[Key] | None = None
        for shift in sorted((each for each in before if each.key in own), key=lambda each: -each.end):
            now = blocked[shift.key] if barred is None else barred & blocked[shift.key]
            now = {key for key in now if key in own}
            if late and barred and now != barred:
                _apart(program, late, barred, counts, people)
            late, barred = [*late, shift], now
            if not barred:
                break
        if late and barred:
            _apart(program, late, barred, counts, people)


def _apart(
    program: LinearProgram, late: Sequence[Shift], barred: set[Key], counts: tuple[Mapping[Key, Sequence[int]], ...], people: int
) -> None:  # fmt: skip
    today = [(question, 1.0) for shift in late for question in counts[0][shift.key]]
    tomorrow = [(question, 1.0) for key in sorted(barred) for question in counts[1][key]]
    program.hold([*today, *tomorrow], most=people)
