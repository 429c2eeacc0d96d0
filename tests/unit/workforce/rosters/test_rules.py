"""Each rule alone: everybody would like a roster that breaks it. Without the rule they get that roster; with it they don't."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.workforce.rosters.small import EARLY, QUICK, problem, roster, rules, shift, wishes_for
from workforce.roster_check.check import broken_rules, hard_ones
from workforce.rosters.contract import Contract
from workforce.rosters.problem import Training
from workforce.rosters.rule_book import _OF_ONE_SHIFT, _OF_SEVERAL
from workforce.rosters.rules_form import RuleSet
from workforce.rosters.solve import solve

ANI, BUDI = Contract("ani", week_min=10_000, days_a_week=7), Contract("budi", week_min=10_000, days_a_week=7)
AT_EIGHT = [0] * 16 + [1] + [0] * 31
HARD: dict[str, tuple[Any, int, dict[str, str], dict[str, Any], dict[str, Any]]] = {
    # rule: its form, days, the roster that breaks it, what is special about ani, what else there is
    "availability": ({}, 2, {"ani": "E-"}, {"available": {0: ((840, 1440),)}}, {}),
    "time_off": ({}, 2, {"ani": "N-", "budi": "EE"}, {}, {"time_off": frozenset({("ani", 1)})}),
    "training": ({}, 2, {"ani": "L-"}, {}, {"training": {("ani", 0): (Training("safety", 540, 660),)}}),
    "daily_hours": ({"most_h": 8}, 1, {"ani": "X"}, {}, {}),
    "weekly_hours": ({"most_h": 16}, 4, {"ani": "EEE-"}, {}, {}),
    "total_hours": ({}, 3, {"ani": "EEE"}, {"most_total_min": 960}, {}),
    "rest_between_shifts": ({"least_h": 11}, 2, {"ani": "LE"}, {}, {}),
    "rest_in_shift": ({"after_h": 4, "least_min": 30}, 1, {"ani": "X"}, {}, {}),
    "weekly_rest": ({"least_days": 1}, 7, {"ani": "EEEEEEE"}, {}, {}),
    "consecutive_days": ({"most": 3}, 5, {"ani": "EEEE-"}, {}, {}),
    "days_off_in_a_row": ({"least": 2}, 5, {"ani": "EE-EE"}, {}, {}),
    "nights_in_a_row": ({"most": 2}, 4, {"ani": "NNN-"}, {}, {}),
    "night_protection": ({"from": "23:00", "until": "07:00"}, 1, {"ani": "N", "budi": "N"}, {"protected": True}, {}),
    "weekends": ({"most": 1}, 14, {"ani": "-----E------E-"}, {}, {}),
    "shifts_of_a_kind": ({}, 3, {"ani": "LLL"}, {"most_of": {"late": 2}}, {}),
    "shift_sequence": ({}, 2, {"ani": "NE"}, {}, {}),
    "contract_hours": ({}, 7, {"ani": "E------"}, {"week_min": 960}, {}),
    "kept": ({}, 2, {"ani": "EE"}, {}, {"kept": {("ani", 0): None}}),
    "least_staff": ({"share": 1.0}, 1, {"ani": "-"}, {"queues": frozenset({"sales"})}, {"needs": {"sales": AT_EIGHT}}),
}  # fmt: skip
SOFT: dict[str, tuple[Any, int, dict[str, str], dict[str, Any]]] = {
    "rotation": ({"weight": 500}, 2, {"ani": "LE"}, {}),
    "fair_nights": ({"weight": 500}, 2, {"ani": "NN", "budi": "--"}, {}),
    "fair_weekends": ({"weight": 500}, 7, {"ani": "-----EE", "budi": "-------"}, {}),
    "unlike_given": ({"weight": 500}, 2, {"ani": "EE"}, {"given": roster(ani="LL")}),
    "overtime": ({"weight": 500, "most_day_h": 4, "most_week_h": 18}, 7, {"ani": "EEEEEEE"}, {}),
}


def broken_names(one: Any, wanted: Any) -> set[str]:
    return {each.rule for each in broken_rules(one, wanted)} - {"wishes", "understaffed", "overstaffed"}


@pytest.mark.parametrize("rule", HARD)
def test_a_hard_rule_is_kept_whatever_people_would_like(rule: str) -> None:
    form, days, letters, special, others = HARD[rule]
    agents = (replace(ANI, **special), replace(BUDI, week_min=0) if rule == "contract_hours" else BUDI)
    wanted = roster(**letters)
    free = problem(days, agents, {"wishes": {"weight": 1}}, wishes=wishes_for(wanted, agents, days, 100), **others)
    if rule not in ("kept",):
        unbound = replace(free, training={}) if rule == "training" else free
        assert solve(unbound, QUICK).roster == wanted, "what people would like, without the rule"
    bound = replace(free, rules=rules(wishes={"weight": 1}, **{rule: form}))
    assert broken_names(bound, wanted) == {rule}, "the checker names this rule and no other"
    found = solve(bound, QUICK)
    assert found.roster is not None
    assert found.roster != wanted
    assert hard_ones(found.broken) == []
    assert found.proved


@pytest.mark.parametrize("rule", SOFT)
def test_a_soft_rule_counts_for_more_than_lighter_wishes(rule: str) -> None:
    form, days, letters, others = SOFT[rule]
    agents = (replace(ANI, overtime=True, week_min=2400), replace(BUDI, overtime=True, week_min=2400))
    wanted = roster(**letters)
    free = problem(days, agents, {"wishes": {"weight": 1}}, wishes=wishes_for(wanted, agents, days, 10), **others)
    assert solve(free, QUICK).roster == wanted
    bound = replace(free, rules=rules(wishes={"weight": 1}, **{rule: form}))
    assert broken_names(bound, wanted) == {rule}
    found = solve(bound, QUICK)
    assert rule not in broken_names(bound, found.roster)


@pytest.mark.parametrize(
    "rule", [name for name, (form, *_) in HARD.items() if name not in ("rest_in_shift", "kept", "least_staff")]
)
def test_a_hard_rule_with_a_weight_is_broken_where_that_is_worth_it(rule: str) -> None:
    form, days, letters, special, others = HARD[rule]
    agents = (replace(ANI, **special), BUDI)
    wanted = roster(**letters)
    asked = wishes_for(wanted, agents, days, 1000)
    soft = problem(days, agents, {"wishes": {"weight": 1}, rule: {**form, "weight": 1}}, wishes=asked, **others)
    found = solve(soft, QUICK)
    assert found.roster == wanted
    assert [each.rule for each in found.broken if not each.hard and each.points] == [rule] * len(found.broken)
    assert found.cost == pytest.approx(found.bound)


def test_wishes_against_a_shift_and_for_work() -> None:
    from workforce.rosters.problem import Wish

    asked = (Wish("ani", 0, "early", against=True), Wish("ani", 1, "", against=True), Wish("budi", 0, "early"))
    found = solve(problem(2, (ANI, BUDI), {"wishes": {"weight": 3}}, wishes=asked), QUICK)
    assert found.cost == 0
    assert found.roster is not None
    assert ("ani", 1) in found.roster, "a wish to work"
    assert found.roster["budi", 0] == shift(EARLY)
    against = problem(2, (ANI, BUDI), {"wishes": {"weight": 3}}, wishes=asked)
    assert sum(each.points for each in broken_rules(against, roster(ani="E-", budi="--"))) == 9


def test_every_rule_has_its_place_in_the_yaml_and_is_tested() -> None:
    names = set(RuleSet.model_fields)
    assert set(_OF_ONE_SHIFT) | set(_OF_SEVERAL) | {"kept", "least_staff", "understaffed", "overstaffed"} == names
    assert set(HARD) | set(SOFT) | {"wishes", "understaffed", "overstaffed"} == names
