"""Why there is no roster: in words, and as few as will do."""

from dataclasses import replace

import pytest

from tests.unit.workforce.rosters.small import QUICK, problem
from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.check import hard_ones
from workforce.roster_check.words import RULES_WITH_WORDS, words
from workforce.rosters.conflict import _RULES, conflict_words, find_conflict
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_form import RuleSet
from workforce.rosters.solve import solve

TECHNICAL = frozenset({"technical"})


def night_of_tuesday() -> RosterProblem:
    """Three technicians at ten in the evening; of the four one is protected and one is away."""
    people = [Contract(name, TECHNICAL, 10_000, 7) for name in ("ani", "budi", "citra", "dedi")]
    people[2] = replace(people[2], protected=True, patterns=frozenset({"early", "night"}))
    people[3] = replace(people[3], patterns=frozenset({"night"}))
    needs = [0] * (48 + 46) + [3] + [0]
    return problem(
        2, people, {"least_staff": {"share": 1.0}, "time_off": {}, "night_protection": {"from": "23:00", "until": "07:00"},
        "availability": {}, "weekly_hours": {"most_h": 40}, "rest_between_shifts": {"least_h": 11}},
        needs={"technical": needs}, time_off=frozenset({("dedi", 1)}),
    )  # fmt: skip


def test_the_smallest_set_of_rules_in_conflict_is_named() -> None:
    asked = night_of_tuesday()
    assert solve(asked, QUICK).roster is None
    found = find_conflict(asked, QUICK)
    assert found is not None
    assert found.smallest
    assert {(each.rule, each.agent) for each in found.rules} >= {("least_staff", ""), ("time_off", "dedi")}
    lines = conflict_words(asked, found)
    assert lines[0] == "Tue 2026-12-08 23:00 needs 3 people for technical; of the 4 who serve it only 2 can be there (ani, budi)"
    assert any(line.startswith("dedi: has time off") for line in lines)
    assert any(line.startswith("citra: ") for line in lines)
    told = conflict_words(asked, found, "id", {"technical": "Teknisi malam"})
    assert told[0].startswith("Sel 2026-12-08 23:00 butuh 3 orang untuk Teknisi malam; dari 4")


def test_a_time_that_no_shift_reaches_is_said_and_the_rest_is_rostered_all_the_same() -> None:
    """The hours after midnight of the first day, into which no night before reaches; and a queue that nobody serves."""
    people = [Contract("ani", TECHNICAL, 10_000, 7), Contract("budi", TECHNICAL, 10_000, 7)]
    at_one = problem(1, people, {"least_staff": {"share": 1.0}}, needs={"technical": [0, 0, 1] + [0] * 13 + [1] * 16 + [0] * 16})
    found = find_conflict(at_one, QUICK)
    assert found is not None
    assert conflict_words(at_one, found) == [
        "Mon 2026-12-07 01:00 needs 1 person for technical; no shift of this roster reaches that time"
    ]
    assert conflict_words(at_one, found, "id")[0].endswith("tidak ada shift di roster ini yang mencakup jam itu")
    assert found.partial.roster is not None
    assert len(hard_ones(found.partial.broken)) == 1, "the day itself has its people"
    unserved = problem(1, people, {"least_staff": {"share": 1.0}}, needs={"sales": [0] * 18 + [1] + [0] * 29})
    found = find_conflict(unserved, QUICK)
    assert found is not None
    assert conflict_words(unserved, found) == ["Mon 2026-12-07 09:00 needs 1 person for sales; nobody in this roster serves it"]


def test_each_rule_of_the_conflict_is_needed_for_it() -> None:
    asked = night_of_tuesday()
    assert solve(replace(asked, time_off=frozenset()), QUICK).roster is not None, "with dedi back"
    others = tuple(replace(one, protected=False, patterns=frozenset()) for one in asked.contracts)
    assert solve(replace(asked, contracts=others), QUICK).roster is not None, "with citra allowed"


def test_the_partial_roster_breaks_as_few_as_can_be() -> None:
    asked = night_of_tuesday()
    found = find_conflict(asked, QUICK)
    assert found is not None
    assert found.partial.roster is not None
    assert len(hard_ones(found.partial.broken)) == 1


def test_where_there_is_a_roster_there_is_no_conflict() -> None:
    assert find_conflict(replace(night_of_tuesday(), time_off=frozenset()), QUICK) is None


def test_what_is_settled_can_be_in_conflict_too() -> None:
    asked = replace(night_of_tuesday(), time_off=frozenset(), kept={("ani", 1): None})
    found = find_conflict(asked, QUICK)
    assert found is not None
    assert ("kept", "ani") in {(each.rule, each.agent) for each in found.rules}


@pytest.mark.parametrize("language", ["en", "id"])
def test_there_are_words_for_everything_in_both_languages(language: str) -> None:
    asked = night_of_tuesday()
    for rule in RuleSet.model_fields:
        said = words(asked, BrokenRule(rule, True, 1, "ani", 0, 1, 60, 30, "technical", 3), language)
        assert "{" not in said
        assert said
    short = BrokenRule("least_staff", True, 1, "", 0, None, 1, 3, "technical", 3)
    assert words(asked, short, language, {"technical": "Night desk"}).startswith("Night desk ")
    soft = {"rotation", "fair_nights", "fair_weekends", "wishes", "unlike_given", "understaffed", "overstaffed", "least_staff"}
    assert set(_RULES) == set(RuleSet.model_fields) - soft
    assert set(RuleSet.model_fields) <= RULES_WITH_WORDS
