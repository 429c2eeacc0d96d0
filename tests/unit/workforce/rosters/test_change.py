"""What a change to a roster makes worse is told alone, and costs what the checker says of both."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.workforce.rosters.small import EARLY, LATE, MONDAY, problem, roster, shift
from workforce.roster_brought import BroughtAlong, as_record, from_record
from workforce.roster_check.change import judge
from workforce.roster_check.check import broken_rules, changed, points
from workforce.rosters.contract import Contract
from workforce.rosters.plan_need import needs_of
from workforce.rosters.problem import Training, Wish
from workforce.staff_need import StaffRow

JAKARTA = ZoneInfo("Asia/Jakarta")
RULES = {"rest_between_shifts": {"least_h": 11}, "understaffed": {"weight": 100}, "overstaffed": {"weight": 20}}


def test_only_what_gets_worse_is_told_and_its_cost_is_the_difference() -> None:
    agents = [Contract(name, frozenset({"sales"})) for name in ("ani", "budi")]
    found = problem(2, agents, RULES, needs={"sales": ([0] * 12 + [3] * 18 + [0] * 18) * 2})
    before = roster(ani="LE", budi="EE")  # ani rests too short already
    change = {("budi", 0): None}
    judged = judge(found, before, change)
    assert judged.hard == (), "that ani rests too short is nothing new"
    assert {each.rule for each in judged.soft} == {"understaffed"}
    assert all(each.points == 50 for each in judged.soft), "half an hour more is missing in each interval"
    whole = points(broken_rules(found, changed(before, change))) - points(broken_rules(found, before))
    assert judged.points == pytest.approx(whole)
    assert judge(found, changed(before, change), {("budi", 0): shift(EARLY)}).points == pytest.approx(-whole)
    worse = judge(found, before, {("budi", 0): shift(LATE)})
    assert [(each.rule, each.agent) for each in worse.hard] == [("rest_between_shifts", "budi")]


def test_a_plan_becomes_needs_by_the_wall_clock() -> None:
    def row(day: int, hour: int, heads: int) -> StaffRow:
        at = datetime(2026, 12, 7 + day, hour, 30, tzinfo=JAKARTA)
        return StaffRow("sales", at, 30, 4.0, 240.0, 0.5, heads - 1, heads, 0.9, 5.0, 0.0, 0.6, 0.95, 0.8, "")

    needs = needs_of([row(0, 8, 3), row(1, 9, 5), row(2, 9, 7)], MONDAY, 2, JAKARTA)
    assert {at: people for at, people in enumerate(needs.by_queue["sales"]) if people} == {17: 3, 48 + 19: 5}
    assert needs_of([row(0, 8, 3)], MONDAY, 1, JAKARTA, paid=False).by_queue["sales"][17] == 2


def test_what_is_brought_along_comes_back_from_its_record() -> None:
    brought = BroughtAlong(
        (Wish("ani", 1, "late", True, 5),), frozenset({("budi", 0)}), {("ani", 0): (Training("phones", 540, 600),)}
    )
    assert from_record(as_record(brought)) == brought
    assert from_record({}) == BroughtAlong()
