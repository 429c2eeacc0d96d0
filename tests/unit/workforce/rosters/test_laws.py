"""Laws of the solver: its answers pass the checker at the cost that it says, and on tiny rosters nothing is better."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.unit.workforce.rosters.small import EARLY, LATE, MONDAY, NIGHT, QUICK, rules
from workforce.roster_check.check import broken_rules, hard_ones, points, swap
from workforce.rosters.contract import Contract
from workforce.rosters.problem import Cell, RosterProblem, ShiftNeed, Wish
from workforce.rosters.shift_pattern import Break, Placed, Shift, ShiftPattern
from workforce.rosters.solve import solve, solve_again, solve_whole
from workforce.rosters.solving import Progress
from workforce.rosters.weeks_first import solve_large

ROAMING = ShiftPattern("roaming", (480, 600), 300, (Break("pause", 30, 120, 150),))
TINY = ShiftPattern("tiny", (480, 600), 300, (Break("pause", 30, 120, 150),))
RULES = {
    "weekly_hours": {"most_h": 40}, "rest_between_shifts": {"least_h": 11}, "consecutive_days": {"most": 3, "weight": 40},
    "contract_hours": {"weight": 7}, "fair_nights": {"weight": 9}, "rotation": {"weight": 4, "earlier_by_min": 60},
    "shift_sequence": {}, "time_off": {}, "wishes": {"weight": 6}, "overstaffed": {"weight": 11},
    "understaffed": {"weight": 60, "queues": {"billing": 90}},
}  # fmt: skip
QUEUES = (frozenset({"sales"}), frozenset({"billing"}), frozenset({"sales", "billing"}))


@some.composite
def problems(draw: Any, agents: int, days: int, patterns: tuple[ShiftPattern, ...]) -> RosterProblem:
    people = tuple(
        Contract(f"a{number}", draw(some.sampled_from(QUEUES)), draw(some.sampled_from((1200, 2400)))) for number in range(agents)
    )
    needs = {}
    for queue in ("sales", "billing"):
        blocks = draw(some.lists(some.integers(0, 2), min_size=days * 4, max_size=days * 4))
        needs[queue] = [block for block in blocks for _ in range(12)]
    cells = some.tuples(some.sampled_from([one.agent for one in people]), some.integers(0, days - 1))
    off = draw(some.frozensets(cells, max_size=2))
    asked = draw(
        some.lists(some.tuples(cells, some.sampled_from(("", *(one.name for one in patterns))), some.booleans()), max_size=3)
    )
    wishes = tuple(Wish(agent, day, pattern, against) for (agent, day), pattern, against in asked)
    return RosterProblem(MONDAY, days, 30, patterns, people, rules(**RULES), needs, time_off=off, wishes=wishes)


@settings(max_examples=6)
@given(problems(agents=2, days=3, patterns=(EARLY, LATE, NIGHT, ROAMING)))
def test_every_answer_passes_the_checker_at_the_cost_that_the_solver_says(problem: RosterProblem) -> None:
    found = solve_whole(problem, replace(QUICK, limit_s=3))
    assert found.roster is not None
    broken = broken_rules(problem, found.roster)
    assert hard_ones(broken) == []
    assert points(broken) == pytest.approx(found.cost, abs=1e-4)
    assert found.bound <= points(broken) + 1e-4


@settings(max_examples=3)
@given(problems(agents=2, days=2, patterns=(TINY,)))
def test_nothing_is_better_than_the_answer_on_a_tiny_roster(problem: RosterProblem) -> None:
    found = solve_whole(problem, QUICK)
    assert found.proved
    best = min(points(broken) for each in every_roster(problem) if not hard_ones(broken := broken_rules(problem, each)))
    assert found.cost == pytest.approx(best, abs=1e-4)


def every_roster(problem: RosterProblem) -> Iterator[dict[Cell, Placed]]:
    cells = [(one.agent, day) for one in problem.contracts for day in range(problem.days)]
    choices: list[Placed | None] = [None]
    for shift in problem.shifts:
        choices += [Placed(shift, breaks) for breaks in product(*(each.places for each in shift.pattern.breaks))]
    for chosen in product(choices, repeat=len(cells)):
        yield {cell: placed for cell, placed in zip(cells, chosen, strict=True) if placed is not None}


@settings(max_examples=3)
@given(problems(agents=4, days=7, patterns=(EARLY, LATE, ROAMING)))
def test_weeks_first_keeps_all_rules_and_its_bound_is_one(problem: RosterProblem) -> None:
    whole = solve_whole(problem, replace(QUICK, limit_s=3))
    assert whole.cost is not None
    large = solve_large(problem, replace(QUICK, limit_s=4, repeatable=False))
    assert large.roster is not None
    broken = broken_rules(problem, large.roster)
    assert hard_ones(broken) == []
    assert points(broken) == pytest.approx(large.cost, abs=1e-4)
    assert large.bound <= whole.cost + 1e-4, "no roster is below the bound"
    assert points(broken) >= whole.bound - 1e-4


def plain(**others: Any) -> RosterProblem:
    people = tuple(Contract(f"a{number}", frozenset({"sales"})) for number in range(4))
    needs = {"sales": ([0] * 12 + [2] * 18 + [1] * 18) * 5}
    return RosterProblem(MONDAY, 5, 30, (EARLY, LATE, ROAMING), people, rules(**RULES, unlike_given={"weight": 5}), needs, **others)


def test_the_same_seed_gives_the_same_roster() -> None:
    effort = replace(QUICK, limit_s=1.0)
    assert solve_whole(plain(), effort).roster == solve_whole(plain(), effort).roster


def test_a_part_is_made_anew_and_the_rest_stays() -> None:
    problem = plain()
    before = solve(problem, QUICK).roster
    assert before is not None
    ill = replace(problem, time_off=frozenset({("a0", 2)}))
    free = {(one.agent, 2) for one in problem.contracts}
    after = solve_again(ill, before, free, QUICK)
    assert after.roster is not None
    assert {cell: placed for cell, placed in after.roster.items() if cell[1] != 2} == {
        cell: placed for cell, placed in before.items() if cell[1] != 2
    }
    assert ("a0", 2) not in after.roster
    assert hard_ones(after.broken) == []


def test_little_changes_where_little_has_to() -> None:
    problem = plain()
    before = solve(problem, QUICK).roster
    assert before is not None
    again = solve(replace(problem, given=before), QUICK)
    assert again.roster is not None
    assert not [each for each in again.broken if each.rule == "unlike_given"]


def test_it_stops_when_asked_and_keeps_the_best() -> None:
    told: list[Progress] = []

    def stopped() -> bool:
        return any(one.gap is not None for one in told)

    found = solve_whole(plain(), replace(QUICK, limit_s=600, repeatable=False, tell=told.append, stopped=stopped))
    assert found.roster is not None
    assert hard_ones(broken_rules(plain(), found.roster)) == []
    assert found.seconds < 300


def test_stopped_before_the_counts_stand_there_is_no_roster_rather_than_one_in_which_nobody_works() -> None:
    people = tuple(Contract(f"b{number}", frozenset({"sales"})) for number in range(40))
    found = solve(replace(plain(), contracts=people), replace(QUICK, limit_s=600, stopped=lambda: True))
    assert (found.roster, found.proved) == (None, False)
    assert found.seconds < 300


def test_people_wanted_on_a_shift() -> None:
    needs = (ShiftNeed(0, "early", 2, 50, 5), ShiftNeed(1, "late", 1, 50, 5))
    problem = replace(plain(), needs={}, shift_needs=needs, rules=rules())
    found = solve(problem, QUICK)
    assert found.cost == 0
    assert found.roster is not None
    assert sum(day == 0 and placed.shift.pattern.name == "early" for (_agent, day), placed in found.roster.items()) == 2


@settings(max_examples=6)
@given(problems(agents=4, days=5, patterns=(EARLY, LATE, NIGHT, ROAMING)), some.data())
def test_what_a_change_breaks_is_what_the_whole_then_breaks_there(problem: RosterProblem, data: Any) -> None:
    cells = some.tuples(some.sampled_from([one.agent for one in problem.contracts]), some.integers(0, problem.days - 1))
    shifts = some.sampled_from([Placed(each, tuple(one.first_min for one in each.pattern.breaks)) for each in problem.shifts])
    roster: dict[Cell, Placed] = data.draw(some.dictionaries(cells, shifts, max_size=12))
    cell = data.draw(cells)
    change = {cell: data.draw(some.none() | shifts)}
    found = broken_rules(problem, roster, change)
    after = dict(roster)
    after.pop(cell, None)
    after |= {key: placed for key, placed in change.items() if placed is not None}
    whole = broken_rules(problem, after)
    assert set(found) <= set(whole)
    assert {each for each in whole if each.agent == cell[0]} <= set(found)


def test_a_swap_gives_each_the_other_s_shift() -> None:
    early, late = (Placed(Shift(pattern, pattern.starts[0]), (240,)) for pattern in (EARLY, LATE))
    change = swap({("a0", 1): early, ("a1", 3): late}, ("a0", 1), ("a1", 3))
    assert change == {("a0", 1): None, ("a1", 3): None, ("a1", 1): early, ("a0", 3): late}
