"""Weeks of single agents made anew: what intervals cost is what the checker says, and no week of the agent's is better."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from tests.unit.workforce.rosters.small import EARLY, LATE, NIGHT, PATTERNS, problem, rules, shift
from tests.unit.workforce.rosters.test_laws import ROAMING, RULES, problems
from workforce.roster_check.check import broken_rules, hard_ones, points
from workforce.roster_check.staffing import broken_staffing
from workforce.rosters.contract import Contract
from workforce.rosters.counts import parts_of
from workforce.rosters.part_roster import PartRoster, can_be_priced
from workforce.rosters.problem import Roster, RosterProblem, Training, Wish
from workforce.rosters.shift_pattern import Placed, Shift
from workforce.rosters.slot_costs import SlotCosts, few_enough
from workforce.rosters.weeks_anew import WeeksAnew

NAMES = ("sales", "billing", "repairs", "orders")
GROUPS = some.lists(some.frozensets(some.sampled_from(NAMES), min_size=1), min_size=1, max_size=5, unique=True)
STRICT = {
    "weekly_hours": {"most_h": 40}, "weekly_rest": {"least_days": 1}, "rest_between_shifts": {"least_h": 11}, "shift_sequence": {},
    "consecutive_days": {"most": 2}, "nights_in_a_row": {"most": 1}, "contract_hours": {"weight": 20}, "time_off": {},
    "training": {}, "wishes": {"weight": 9}, "rotation": {"weight": 4, "earlier_by_min": 60}, "understaffed": {"weight": 60},
    "overstaffed": {"weight": 11},
}  # fmt: skip
ANI = Contract("ani", frozenset({"sales"}))
BUDI = Contract("budi", frozenset({"sales"}), 1200)
OWN_CELLS = some.tuples(some.just("ani"), some.integers(0, 2))
COURSES = some.sampled_from(((Training("product", 540, 600),), (Training("talk", 960, 1020),)))
TRAININGS = some.dictionaries(OWN_CELLS, COURSES, max_size=2)
KEPT = some.dictionaries(OWN_CELLS, some.sampled_from((None, shift(EARLY), shift(LATE), shift(NIGHT))), max_size=1)
WISHES = some.builds(Wish, some.just("ani"), some.integers(0, 2), some.sampled_from(("", "early", "night")), some.booleans()).map(
    lambda wish: (wish,)
)


@given(
    GROUPS,
    some.lists(some.integers(0, 4), min_size=9, max_size=9),
    some.lists(some.sampled_from((50, 70, 90)), min_size=4, max_size=4),
)
def test_an_interval_costs_what_the_checker_says(groups: list[frozenset[str]], sizes: list[int], weights: list[int]) -> None:
    named = {"understaffed": {"weight": 50, "queues": dict(zip(NAMES, weights, strict=True))}, "overstaffed": {"weight": 20}}
    people = [Contract(f"a{number}", group) for number, group in enumerate(groups)]
    served = {name for group in groups for name in group}
    needs = {name: [size] * 48 for name, size in zip(NAMES, sizes[:4], strict=True) if name in served}
    one_day = problem(1, people, named, needs=needs)
    costs = SlotCosts(one_day, groups)
    for place, size in enumerate(sizes[4 : 4 + len(groups)]):
        costs.load[5, place] = size * 30
    load = {group: int(costs.load[5, place]) for place, group in enumerate(groups)}
    assert few_enough(one_day, groups)
    assert costs.now([5])[0] == pytest.approx(points(broken_staffing(one_day, {5: load}, [5])))


@settings(max_examples=12)
@given(
    some.lists(some.integers(0, 2), min_size=6, max_size=6),
    some.sampled_from(("---", "E--", "NL-", "-EE", "L-L")),
    some.builds(dict, training=TRAININGS, time_off=some.frozensets(OWN_CELLS, max_size=1), kept=KEPT, wishes=WISHES),
)
@example([0] * 6, "---", {"training": {("ani", 1): (Training("product", 540, 600),)}})
@example([0] * 6, "E--", {"kept": {("ani", 0): shift(LATE)}, "training": {("ani", 2): (Training("product", 540, 600),)}})
def test_no_other_week_of_the_agent_is_better(blocks: list[int], others: str, own: dict[str, Any]) -> None:
    needs = {"sales": [block for block in blocks for _ in range(24)]}
    several = problem(3, [ANI, BUDI], STRICT, needs=needs, **own)
    patterns = tuple(each for each in PATTERNS if each.name != "long")
    several = replace(several, patterns=(*patterns, ROAMING), before={("ani", -1): shift(EARLY)})
    base = {("budi", day): shift({"E": EARLY, "L": LATE, "N": NIGHT}[letter]) for day, letter in enumerate(others) if letter != "-"}
    settled = {cell: placed for cell, placed in several.kept.items() if placed is not None}
    before = points(broken_rules(several, base | settled))
    part = PartRoster(several, parts_of(several)[0], base | settled)
    saved = part.anew(range(3), ["ani"])
    broken = broken_rules(several, part.roster())
    assert points(broken) == pytest.approx(before - saved, abs=1e-3)
    best = min(
        (points(found) for each in every_week(several, base) if not hard_ones(found := broken_rules(several, each))), default=None
    )
    if best is not None:
        assert hard_ones(broken) == []
        assert points(broken) == pytest.approx(best, abs=1e-3)
    assert part.cost() == pytest.approx(points(broken))


def every_week(several: RosterProblem, base: Roster) -> Iterator[dict[tuple[str, int], Placed]]:
    choices: list[Placed | None] = [None]
    for each in several.shifts:
        choices += [Placed(each, breaks) for breaks in product(*(rest.places for rest in each.pattern.breaks))]
    for chosen in product(choices, repeat=several.days):
        yield dict(base) | {("ani", day): placed for day, placed in enumerate(chosen) if placed is not None}


@settings(max_examples=8)
@given(problems(agents=4, days=9, patterns=(EARLY, LATE, NIGHT, ROAMING)), some.sampled_from(range(7)))
def test_what_is_said_to_be_saved_is_saved_and_no_hard_rule_breaks(several: RosterProblem, day: int) -> None:
    trained = {(one.agent, day): (Training("product", 900, 960),) for one in several.contracts}
    trained = {cell: each for cell, each in trained.items() if cell not in several.time_off}
    several = replace(several, training=trained, rules=rules(**RULES, training={}))
    before = points(broken_rules(several, {}))
    weeks = WeeksAnew(several, {}, [0.0] * len(parts_of(several)), 1)
    saved: list[float] = []
    weeks.once(lambda: False, saved.append)
    saved.append(weeks.some(20, lambda: False))
    after = broken_rules(several, weeks.roster)
    assert hard_ones(after) == []
    assert before - sum(saved) == pytest.approx(points(after), abs=1e-3)
    assert all(weeks.roster[cell].shift.pattern.name == "late" for cell in trained)


def test_what_is_settled_stays_with_its_breaks_and_what_is_no_pattern_is_left_alone() -> None:
    settled = Placed(Shift(ROAMING, 600), (150,))
    needs = {"sales": [2] * (7 * 48)}
    week = replace(
        problem(7, [ANI, BUDI], STRICT, needs=needs), patterns=(EARLY, ROAMING), kept={("ani", 2): settled, ("ani", 3): None}
    )
    part = PartRoster(week, parts_of(week)[0], {("ani", 2): settled})
    assert part.anew(range(7), ["ani", "budi"]) > 0
    found = part.roster()
    assert found["ani", 2] == settled
    assert ("ani", 3) not in found
    foreign = replace(week, kept={("ani", 2): Placed(Shift(LATE, 840), (240,))})
    part = PartRoster(foreign, parts_of(foreign)[0], {})
    assert [part.can_change(agent, range(7)) for agent in ("ani", "budi")] == [False, True]


def test_a_least_staff_and_many_kinds_of_agents_are_not_priced_here() -> None:
    plain = problem(2, [ANI], {"understaffed": {"weight": 50}}, needs={"sales": [1] * 96})
    assert can_be_priced(plain, parts_of(plain)[0])
    held = replace(plain, rules=rules(understaffed={"weight": 50}, least_staff={"share": 0.5}))
    assert not can_be_priced(held, parts_of(held)[0])
    names = [f"q{number}" for number in range(9)]
    people = [Contract(name, frozenset({name, names[0]})) for name in names]
    many = problem(2, people, {"understaffed": {"weight": 50}}, needs=dict.fromkeys(names, [1] * 96))
    assert not can_be_priced(many, parts_of(many)[0])


def test_in_the_night_before_the_time_rest_is_kept() -> None:
    needs = {"sales": [1 if slot < 30 else 0 for slot in range(48)] * 7}
    week = replace(problem(7, [ANI], STRICT, needs=needs), patterns=(EARLY, NIGHT), before={("ani", -1): shift(NIGHT)})
    part = PartRoster(week, parts_of(week)[0], {})
    part.anew(range(7), ["ani"])
    assert ("ani", 0) not in part.roster()
    assert hard_ones(broken_rules(week, part.roster())) == []


def test_agents_of_the_same_hours_may_each_have_shifts_of_other_lengths() -> None:
    """What a week can come to is told apart by the patterns of the contract."""
    short = replace(ANI, patterns=frozenset({"roaming"}))
    named = {"weekly_hours": {"most_h": 40}, "contract_hours": {"weight": 20}, "understaffed": {"weight": 60}, "availability": {}}
    long = replace(BUDI, week_min=2400, patterns=frozenset({"early"}))
    week = replace(problem(7, [short, long], named, needs={"sales": [2] * (7 * 48)}), patterns=(EARLY, ROAMING))
    part = PartRoster(week, parts_of(week)[0], {})
    part.anew(range(7), ["ani"])
    part.anew(range(7), ["budi"])
    assert sum(placed.shift.pattern.paid_min for (agent, _day), placed in part.roster().items() if agent == "budi") == 2400
