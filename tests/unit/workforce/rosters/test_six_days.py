"""Who works six days a week has shifts of seven hours and less, as shipped; who works five never sees them."""

import re
from collections import Counter
from pathlib import Path

import agent_desktop
from tests.unit.workforce.rosters.small import MONDAY, QUICK, shift
from workforce.roster_check.check import broken_rules, hard_ones
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_file import shipped_rules
from workforce.rosters.solve import solve

RULES = shipped_rules()
NEED = {"sales": ([0] * 16 + [2] * 16 + [0] * 16) * 7}


def shipped(*contracts: Contract) -> RosterProblem:
    return RosterProblem(MONDAY, 7, 30, RULES.patterns, contracts, RULES.rules, NEED)


def test_a_week_of_six_days_has_its_forty_hours_by_the_shipped_rules() -> None:
    """UU 13/2003 art. 77: seven hours a day and forty a week on six days: five times seven and once five."""
    six = Contract("ani", frozenset({"sales"}), 2400, 6)
    found = solve(shipped(six), QUICK)
    assert found.roster is not None
    assert not hard_ones(broken_rules(shipped(six), found.roster))
    assert Counter(placed.shift.pattern.paid_min for placed in found.roster.values()) == {420: 5, 300: 1}


def test_each_shipped_shift_has_a_colour_of_its_own() -> None:
    styles = (Path(agent_desktop.__file__).parent / "frontend/src/styles/rosters.css").read_text(encoding="utf-8")
    assert set(re.findall(r'shift\[data-kind="(\d+)"\]', styles)) == {str(number) for number in range(len(RULES.patterns))}


def test_whoever_works_five_days_gets_no_shift_meant_for_six() -> None:
    five, six = Contract("budi", frozenset({"sales"}), 2400, 5), Contract("ani", frozenset({"sales"}), 2400, 6)
    assert {one.pattern.name for one in shipped(five).shifts}.isdisjoint({"seven", "five", "night7"})
    found = solve(shipped(five, six), QUICK)
    assert found.roster is not None
    own = {placed.shift.pattern.days_a_week for (agent, _day), placed in found.roster.items() if agent == "budi"}
    assert own == {1}
    seven = next(pattern for pattern in RULES.patterns if pattern.name == "seven")
    told = hard_ones(broken_rules(shipped(five, six), {("budi", 0): shift(seven)}))
    assert [(one.rule, one.agent) for one in told] == [("availability", "budi")]
