"""Two days in a row of many agents: no counts that they can't work, and none lost that they can."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as some

from tests.unit.workforce.rosters.small import EARLY, LATE, NIGHT, problem
from workforce.rosters.contract import Contract
from workforce.rosters.linear_program import LinearProgram
from workforce.rosters.person import NEVER, pair_cost
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rest_of_many import Key, hold_rest
from workforce.rosters.shift_pattern import Shift

PEOPLE = ("ani", "budi", "citra")
TWO_DAYS = problem(2, [Contract(agent, frozenset({"sales"})) for agent in PEOPLE], {"rest_between_shifts": {"least_h": 11}})
SHIFTS = {shift.key: shift for shift in TWO_DAYS.shifts if shift.pattern in {EARLY, LATE, NIGHT}}
ABLE = some.fixed_dictionaries({agent: some.frozensets(some.sampled_from(sorted(SHIFTS)), max_size=3) for agent in PEOPLE})


def fits(
    today: dict[Key, int], tomorrow: dict[Key, int], able: tuple[dict[str, frozenset[Key]], dict[str, frozenset[Key]]]
) -> bool:
    program = LinearProgram()
    counts = []
    for wanted in (today, tomorrow):
        counts.append({key: [program.ask(len(PEOPLE))] for key in SHIFTS})
        for key, (question,) in counts[-1].items():
            program.hold([(question, 1.0)], wanted.get(key, 0), wanted.get(key, 0))
    hold_rest(program, TWO_DAYS, *able, (counts[0], counts[1]))
    return program.in_parts(5.0).values is not None


def can_follow(before: Shift | None, after: Shift | None, several: RosterProblem = TWO_DAYS) -> bool:
    return before is None or after is None or pair_cost(several, before, after) < NEVER


@given(ABLE, ABLE, some.data())
def test_what_people_can_work_is_never_refused(
    today: dict[str, frozenset[Key]], tomorrow: dict[str, frozenset[Key]], data: some.DataObject
) -> None:
    worked: tuple[dict[Key, int], dict[Key, int]] = ({}, {})
    for agent in PEOPLE:
        both = list(product([None, *sorted(today[agent])], [None, *sorted(tomorrow[agent])]))
        pair = data.draw(some.sampled_from([(a, b) for a, b in both if can_follow(SHIFTS.get(a), SHIFTS.get(b))]))  # type: ignore[arg-type]
        for key, counts in zip(pair, worked, strict=True):
            if key is not None:
                counts[key] = counts.get(key, 0) + 1
    assert fits(*worked, (today, tomorrow))


def test_late_ones_can_t_all_be_early_on_the_day_after() -> None:
    anybody = dict.fromkeys(PEOPLE, frozenset(SHIFTS))
    early, late = (next(key for key in SHIFTS if key[0] == name) for name in ("early", "late"))
    assert fits({late: 1}, {early: 2}, (anybody, anybody))
    assert not fits({late: 2}, {early: 2}, (anybody, anybody))
    assert fits({late: 2}, {late: 3}, (anybody, anybody))


def test_shifts_that_only_some_may_have_are_held_for_those_alone() -> None:
    early, late = (next(key for key in SHIFTS if key[0] == name) for name in ("early", "late"))
    able = {"ani": frozenset({early, late}), "budi": frozenset({early, late}), "citra": frozenset[Key]()}
    assert fits({late: 1}, {early: 1}, (able, able))
    assert not fits({late: 2}, {early: 1}, (able, able))
