"""Shift patterns stand in sentences under the label that planners gave, not under their names in the rules."""

from dataclasses import replace

import pytest

from routing.label import Label
from tests.unit.workforce.rosters.small import EARLY, NIGHT, problem, roster
from workforce.roster_check.check import broken_rules, hard_ones
from workforce.roster_check.words import words
from workforce.rosters.conflict import Conflict, conflict_words
from workforce.rosters.contract import Contract
from workforce.rosters.model import About
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_file import read_rules, shipped_rules
from workforce.rosters.shift_pattern import ShiftPattern
from workforce.rosters.solve import Solved

ANI = Contract("ani", name="Ani", patterns=frozenset({"early", "night"}))
LABELLED = (
    replace(EARLY, label=Label(id="Shift pagi", en="Early shift")), replace(NIGHT, label=Label(id="Shift malam", en="Night shift")),
)  # fmt: skip


def labelled(**named: object) -> RosterProblem:
    return replace(problem(2, [ANI], named), patterns=LABELLED)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Ani may not go from Night shift to Early shift: Mon 2026-12-07 and Tue 2026-12-08"),
        ("id", "Ani tidak boleh berpindah dari Shift malam ke Shift pagi: Sen 2026-12-07 dan Sel 2026-12-08"),
    ],
)
def test_a_sequence_is_told_by_both_labels(language: str, told: str) -> None:
    asked = labelled(shift_sequence={})
    broken = hard_ones(broken_rules(asked, roster(ani="NE")))
    assert [words(asked, each, language) for each in broken] == [told]


def test_a_shift_that_an_agent_can_not_work_is_told_by_its_label() -> None:
    asked = replace(labelled(availability={}), contracts=(replace(ANI, patterns=frozenset({"night"})),))
    broken = hard_ones(broken_rules(asked, roster(ani="E-")))
    assert [words(asked, each) for each in broken] == ["Ani can't work on Mon 2026-12-07: Early shift"]


def test_a_queue_of_the_same_name_keeps_its_own() -> None:
    asked = replace(labelled(understaffed={"weight": 5}), needs={"early": [1] + [0] * 95})
    asked = replace(asked, contracts=(replace(ANI, queues=frozenset({"early"})),))
    (broken,) = broken_rules(asked, {})
    assert words(asked, broken, "en", {"early": "Mornings"}).startswith("Mornings lacks")


def test_conflicts_name_the_shifts_too() -> None:
    asked = labelled(shift_sequence={})
    found = Conflict((About("shift_sequence", "ani", 0, 1, queue="night"),), True, Solved(None, None, 0.0, False, 0.0))
    assert conflict_words(asked, found, "id") == [
        "Ani: urutan shift tidak boleh begitu (Shift malam), Sen 2026-12-07 – Sel 2026-12-08"
    ]


def test_without_a_label_the_name_is_read_as_words_and_rules_may_give_one() -> None:
    assert ShiftPattern("deep_night", (0,), 480).shown("id") == "deep night"
    text = shipped_rules().text.replace("{id: Shift pagi, en: Early shift}", "{id: Fajar, en: Dawn}")
    (dawn, *_others) = read_rules(text, "rules").patterns
    assert (dawn.shown("en"), dawn.shown("id")) == ("Dawn", "Fajar")
    assert dawn == shipped_rules().patterns[0], "a label is what people read, and no other shift"
