"""Whatever is wrong with rules of rosters has words on the page."""

import pytest

from agent_desktop.roster_rule_words import is_known
from core.problem import Faults
from workforce.rosters.rules_file import read_rules

PATTERN = "{name: early, from: 06:00, hours: 9, breaks: [{name: lunch, minutes: 60, after_min: [240, 240]}]}"
WRONG = (
    "patterns: [", "- 1", "patterns: []\nrules: {}", "patterns: [{name: E, from: 6, hours: 9}]\nrules: {}",
    "patterns: [{name: early, from: 06:00, until: 05:00, hours: 9}]\nrules: {}",
    "patterns: [{name: early, from: 06:00, hours: 30}]\nrules: {}", "patterns: [{name: early, from: 06:00, hours: 0}]\nrules: {}",
    "patterns: [{name: early, from: 06:00, hours: long}]\nrules: {}", f"patterns: [{PATTERN}, {PATTERN}]\nrules: {{}}",
    "patterns: [{name: early, from: 06:00, hours: 9, not_followed_by: [dawn]}]\nrules: {}",
    "patterns: [{name: early, from: 06:00, hours: 9}]\nrules: {rest_in_shift: {after_h: 4, least_min: 30}}",
    "patterns: [{name: early, from: 06:00, hours: 9, breaks: [{name: a, minutes: 60, after_min: [9, 2]}]}]\nrules: {}",
    "patterns: [{name: early, from: 06:00, hours: 4, breaks: [{name: a, minutes: 60, after_min: [200, 200]}]}]\nrules: {}",
    "patterns: [{name: a, from: 06:00, hours: 9, breaks: [{name: a, minutes: 60, after_min: [60, 60], paid: 3}]}]\nrules: {}",
    f"patterns: [{PATTERN}]\nrules: {{nights_in_a_row: {{most: many}}, wishes: {{weight: -1}}, holidays: {{}}}}",
)  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_every_fault_has_words(text: str) -> None:
    with pytest.raises(Faults) as faults:
        read_rules(text, "rules")
    assert [str(problem) for problem in faults.value.problems if not is_known(problem)] == []
