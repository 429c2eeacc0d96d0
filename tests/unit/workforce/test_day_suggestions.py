"""Suggestions for the rest of a day, and how agents of several skills are counted."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.unit.workforce.rosters.small import EARLY, LONG, rules, shift
from tests.unit.workforce.small_day import POLICY, hour, outlook_of
from workforce.day_cover import first_to_come, shared_out, there_in
from workforce.day_suggestions import DayNow, Kind, Suggestion, longer, moved, shorter, suggestions
from workforce.rosters.shift_pattern import Placed, ShiftPattern

DAY, ZONE = date(2026, 12, 1), ZoneInfo("Asia/Jakarta")
STARTS = [hour(number / 2) for number in range(48)]
LAW = rules(rest_in_shift={"after_h": 4, "least_min": 30})


def day_now(now: float, sales: float, shifts: dict[str, Placed]) -> DayNow:
    outlooks = {"sales": outlook_of("sales", sales)}
    here = DayNow(
        DAY, ZONE, hour(now), outlooks, STARTS, 30, dict.fromkeys(shifts, frozenset({"sales"})), {},
        {"sales": (POLICY.queue("sales").answer_within_s, POLICY.queue("sales").short_abandon_s)},
    )  # fmt: skip
    on_queue = {}
    for agent, placed in shifts.items():
        edges = [placed.shift.start, *(edge for rest in placed.rests() for edge in rest), placed.shift.end]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        on_queue[agent] = there_in([(hour(start / 60), hour(end / 60)) for start, end in pairs], STARTS, 30)
    return DayNow(here.day, here.zone, here.now, outlooks, STARTS, 30, here.serves, on_queue, here.within)


def found(
    now: float, sales: float, shifts: dict[str, Placed], patterns: tuple[ShiftPattern, ...] = ()
) -> dict[Kind, list[Suggestion]]:
    made = suggestions(day_now(now, sales, shifts), shifts, LAW, patterns)
    return {kind: [one for one in made if one.kind is kind] for kind in Kind}


def test_who_ends_before_a_gap_could_stay_after_the_rest_that_the_law_asks_for() -> None:
    early = {f"{number}": shift(EARLY) for number in range(4)}  # 06:00 to 15:00, callers until 18:00
    made = found(13, 5, early)
    best = made[Kind.STAY][0]
    assert best.after.shift.end == 15 * 60 + 30 + 120
    assert best.after.rests()[-1] == (900, 930)
    assert best.callers > 0.5
    assert best.effects[0].before == 0.0
    assert best.effects[0].after > 0.3
    assert best.effects[0].rest_after > best.effects[0].rest_before
    assert len({one.agent for one in made[Kind.STAY]}) == len(made[Kind.STAY]) == 4
    short = found(13, 40, early)
    assert short[Kind.LEAVE] == [], "nobody who is needed goes home"
    assert (short[Kind.STAY][0].callers, short[Kind.STAY][0].lack_h) == (0.0, 2.0), (
        "one more helps nobody in time, and is lacking all the same"
    )


def test_who_is_too_many_could_go_home_and_nobody_need_stay() -> None:
    late = {f"{number}": shift(EARLY, 540) for number in range(9)}  # 09:00 to 18:00
    made = found(13, 3, late)
    assert made[Kind.STAY] == []
    best = made[Kind.LEAVE][0]
    assert (best.after.shift.end, best.saved_min) == (16 * 60, 120)
    assert found(17.5, 3, late)[Kind.LEAVE] == [], "half an hour before the end it is too late for an hour"


def test_a_break_moves_within_its_window_and_only_while_it_has_not_begun() -> None:
    shifts = {"a": shift(LONG), "b": shift(LONG), "c": moved(shift(LONG), 0, 300)}  # breaks from 12:00 or 13:00
    made = found(9, 11, shifts, (LONG,))
    assert made[Kind.BREAK]
    for one in made[Kind.BREAK]:
        assert one.after.breaks[0] in LONG.breaks[0].places
        assert one.after.breaks != one.before.breaks
    assert found(12.5, 11, {"a": shift(LONG)}, (LONG,))[Kind.BREAK] == []


def test_shifts_get_longer_and_shorter() -> None:
    early = shift(EARLY)
    assert longer(early, 60, rules()).shift.end == early.shift.end + 60
    assert longer(early, 60, LAW).shift.pattern.paid_min == EARLY.paid_min + 60
    assert (shorter(early, 300).shift.end, shorter(early, 300).breaks) == (10 * 60, ())
    assert shorter(early, 60).breaks == early.breaks


def test_agents_of_two_skills_go_where_the_load_is() -> None:
    loads = {"sales": np.array([10.0, 10.0, 0.0]), "billing": np.array([5.0, 20.0, 5.0])}
    supply = {frozenset({"sales"}): np.array([10.0, 10.0, 4.0]), frozenset({"sales", "billing"}): np.array([10.0, 10.0, 4.0])}
    agents = shared_out(supply, loads)
    total = agents["sales"] + agents["billing"]
    assert total == pytest.approx([20, 20, 8])
    assert agents["sales"][0] / 10 == pytest.approx(agents["billing"][0] / 5, rel=0.02), "as even as can be"
    assert agents["billing"][1] == pytest.approx(10, abs=0.3), "all who can"
    assert agents["billing"][2] == pytest.approx(4, abs=0.1), "nobody is kept where nobody calls"
    assert shared_out({}, loads)["sales"].tolist() == [0, 0, 0]


def test_parts_of_intervals_count_as_parts() -> None:
    there = there_in([(hour(0.25), hour(1)), (hour(1.75), hour(30))], STARTS[:4], 30)
    assert there.tolist() == [0.5, 1.0, 0.0, 0.5]
    assert first_to_come(STARTS, 30, hour(8.75)) == 17
