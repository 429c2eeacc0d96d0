"""Counted shifts find their people: all of them where that can be, and nobody against a hard rule."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from tests.unit.workforce.rosters.small import EARLY, LATE, MONDAY, NIGHT, rules
from workforce.roster_check.check import broken_rules, hard_ones
from workforce.rosters.contract import Contract
from workforce.rosters.counts import parts_of
from workforce.rosters.handing_out import hand_out
from workforce.rosters.linear_program import LinearProgram
from workforce.rosters.problem import Roster, RosterProblem, Training
from workforce.rosters.shift_pattern import Placed, ShiftPattern
from workforce.rosters.week_mixes import hold_hours

RULES = {
    "weekly_hours": {"most_h": 40}, "weekly_rest": {"least_days": 1}, "rest_between_shifts": {"least_h": 11}, "shift_sequence": {},
    "consecutive_days": {"most": 6}, "nights_in_a_row": {"most": 3}, "contract_hours": {"weight": 20}, "time_off": {},
    "training": {},
}  # fmt: skip
SALES = frozenset({"sales"})
HALF = ShiftPattern("half", (480,), 240)
WEEKS = some.lists(some.permutations(range(7)).map(lambda days: frozenset(days[:5])), min_size=2, max_size=2)


def lot(agents: int, patterns: tuple[ShiftPattern, ...], days: int = 14) -> RosterProblem:
    people = tuple(Contract(f"a{number:02d}", SALES) for number in range(agents))
    return RosterProblem(MONDAY, days, 30, patterns, people, rules(**RULES), {"sales": [1] * (days * 48)})


def counted(problem: RosterProblem, roster: Roster) -> Counter[tuple[int, tuple[str, int]]]:
    return Counter((day, placed.shift.key) for (_agent, day), placed in roster.items())


@settings(max_examples=10)
@given(some.lists(WEEKS, min_size=3, max_size=12))
def test_days_that_somebody_could_work_are_all_worked(several: Sequence[Sequence[frozenset[int]]]) -> None:
    problem = lot(len(several), (EARLY,))
    wanted: Counter[tuple[int, tuple[str, int]]] = Counter()
    for weeks in several:
        wanted.update((week * 7 + day, problem.shifts[0].key) for week, days in enumerate(weeks) for day in days)
    found = hand_out(replace(problem, rules=rules(**{**RULES, "consecutive_days": None})), problem.contracts, wanted, {})
    assert counted(problem, found) == wanted


@settings(max_examples=10)
@given(
    some.dictionaries(some.tuples(some.integers(0, 13), some.sampled_from(range(4))), some.integers(1, 5), max_size=30),
    some.frozensets(some.tuples(some.sampled_from(["a00", "a01", "a02"]), some.integers(0, 13)), max_size=4),
)
def test_nobody_gets_what_a_hard_rule_forbids_and_no_shift_twice(
    counts: dict[tuple[int, int], int], off: frozenset[tuple[str, int]]
) -> None:
    problem = replace(lot(6, (EARLY, LATE, NIGHT, HALF)), time_off=off)
    keys = [shift.key for shift in problem.shifts]
    wanted = Counter({(day, keys[kind % len(keys)]): count for (day, kind), count in counts.items()})
    found = hand_out(problem, problem.contracts, wanted, {})
    assert hard_ones(broken_rules(problem, found)) == []
    assert not counted(problem, found) - wanted


def test_a_training_is_within_a_shift() -> None:
    problem = lot(3, (EARLY, LATE))
    training = {("a01", 2): (Training("safety", EARLY.starts[0] + 60, EARLY.starts[0] + 120),)}
    problem = replace(problem, training=training)
    wanted = {(2, problem.shifts[0].key): 1}
    assert list(hand_out(problem, problem.contracts, wanted, {})) == [("a01", 2)]


def test_what_is_settled_stays_and_counts() -> None:
    problem = lot(1, (EARLY,), days=7)
    kept = {("a00", day): Placed(problem.shifts[0], tuple(each.first_min for each in EARLY.breaks)) for day in range(3)}
    problem = replace(problem, kept=kept)
    wanted = {(day, problem.shifts[0].key): 1 for day in range(3, 7)}
    found = hand_out(problem, problem.contracts, wanted, kept)
    assert len(found) == 2, "five days a week, three of them settled"


def test_hours_that_no_mix_of_shifts_reaches_are_short() -> None:
    people = (replace(Contract("a00", SALES), week_min=1200),)
    problem = replace(lot(1, (EARLY,), days=7), contracts=people)
    program = LinearProgram()
    shifts = {(day, EARLY.minutes): [program.ask(1, whole=True)] for day in range(7)}
    hold_hours(program, problem, range(7), people, {"a00": dict.fromkeys(range(7), frozenset({EARLY.minutes}))}, shifts)
    paid = EARLY.minutes
    assert program.solve(5, seed=1).cost == 20 * (1200 - 1200 // paid * paid) / 60


def test_overtime_of_a_week_costs_also_where_no_rule_speaks_of_days() -> None:
    people = (Contract("a00", SALES, overtime=True),)
    overtime = {"overtime": {"most_day_h": 4, "most_week_h": 18, "weight": 60}}
    problem = replace(lot(1, (EARLY,), days=7), contracts=people, rules=rules(**RULES, **overtime))
    program = LinearProgram()
    days = {(day, 720): [program.ask(1, whole=True)] for day in range(4)}
    for (question,) in days.values():
        program.hold([(question, 1.0)], 1, 1)
    hold_hours(program, problem, range(7), people, {"a00": dict.fromkeys(range(7), frozenset({720}))}, days)
    assert program.solve(5, seed=1).cost == 60 * (48 - 40)


def test_parts_share_no_queue() -> None:
    several = [{"a"}, {"a", "b"}, {"c"}, {"d", "e"}, {"b"}]
    people = tuple(Contract(f"a{number}", frozenset(queues)) for number, queues in enumerate(several))
    problem = replace(lot(1, (EARLY,)), contracts=people, needs={"f": [1] * (14 * 48)})
    parts = parts_of(problem)
    assert [part.agents for part in parts] == [3, 1, 1]
    assert sorted(map(sorted, (part.queues for part in parts))) == [["a", "b", "f"], ["c"], ["d", "e"]]
