"""Agents for a target: enough, and one fewer is not; beside the recurrence, and what one more is worth."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from workforce import erlang
from workforce.erlang_line import line_of
from workforce.erlang_need import Target, agents_for, fewest
from workforce.erlang_worth import heads, worth_curve

loads = st.floats(0.01, 1500)
times = st.floats(1, 1000)
patiences = st.one_of(st.floats(5, 5000), st.just(math.inf))


def test_thirteen_erlangs_take_seventeen_agents() -> None:
    """Four fifths within 20 s at 300 s each: 17, by the recurrence too. No fewer than 14 could carry 13.3 erlangs at all."""
    assert agents_for(Target(0.8, 20), 13.3, 300) == 17
    assert erlang.agents_needed(13.3, 20, 300, 0.8) == 17


def test_a_published_staffing_example() -> None:
    """Call Centre Helper, "Erlang C formula made simple": 100 calls in 30 minutes of 3 minutes need 14 for 80 % in 20 s."""
    assert agents_for(Target(0.8, 20), 10, 180) == 14
    assert agents_for(Target(asa_s=7.9), 10, 180) == 14


@settings(max_examples=40)
@given(loads, times, patiences, st.floats(0.05, 0.999), st.floats(0, 120), st.floats(0, 20))
def test_a_service_level_is_reached_and_one_fewer_does_not(
    load: float, aht_s: float, patience_s: float, level: float, within_s: float, short_s: float
) -> None:
    needed = int(agents_for(Target(level, within_s, short_s), load, aht_s, patience_s))
    line = line_of(load, [needed, max(0, needed - 1)], aht_s, patience_s)
    reached = line.service_level(within_s, short_s)
    assert reached[0] >= level
    assert reached[1] < level or needed == 0


@settings(max_examples=40)
@given(loads, times, patiences, st.floats(0.001, 0.9), st.floats(0.05, 1))
def test_shares_that_may_give_up_and_be_busy(load: float, aht_s: float, patience_s: float, gone: float, busy: float) -> None:
    needed = int(agents_for(Target(abandoned_share=gone, occupancy=busy), load, aht_s, patience_s))
    line = line_of(load, [needed, max(0, needed - 1)], aht_s, patience_s)
    assert line.abandoned_share[0] <= gone
    assert line.occupancy[0] <= busy
    assert needed == 0 or line.abandoned_share[1] > gone or line.occupancy[1] > busy


@settings(max_examples=40)
@given(st.floats(0.1, 200), times, patiences, st.floats(1, 300))
def test_a_mean_wait_is_kept(load: float, aht_s: float, patience_s: float, asa_s: float) -> None:
    needed = int(agents_for(Target(asa_s=asa_s), load, aht_s, patience_s))
    line = line_of(load, [needed, max(0, needed - 1)], aht_s, patience_s)
    assert line.asa_s[0] <= asa_s
    assert line.asa_s[1] > asa_s


def test_many_at_once_are_each_as_alone() -> None:
    chance = np.random.default_rng(5)
    load, level = chance.uniform(0.1, 120, (20, 15)), chance.uniform(0.5, 0.99, (20, 15))
    found = agents_for(Target(level, 20), load, 240)
    alone = [
        [erlang.agents_needed(one, 20, 240, share) for one, share in zip(*row, strict=True)]
        for row in zip(load, level, strict=True)
    ]
    assert found.tolist() == alone


def test_every_part_of_a_target_holds_and_the_strictest_decides() -> None:
    parts = [Target(0.8, 20), Target(asa_s=5), Target(abandoned_share=0.01), Target(occupancy=0.7)]
    alone = [int(agents_for(part, 20, 240, 120)) for part in parts]
    assert agents_for(Target(0.8, 20, asa_s=5, abandoned_share=0.01, occupancy=0.7), 20, 240, 120) == max(alone)
    assert agents_for(Target(0.8, 20), 20, 240, 120, least=50) == 50


def test_impatient_callers_need_fewer() -> None:
    found = agents_for(Target(0.8, 20), 100, 240, [30, 120, 1000, math.inf])
    assert (np.diff(found) >= 0).all()
    assert found[0] < found[-1]


def test_no_load_needs_nobody_and_all_answered_at_once_still_ends() -> None:
    assert agents_for(Target(0.8, 20), [0, 0], 240, least=3).tolist() == [0, 0]
    assert line_of(20, agents_for(Target(1.0, 20), 20, 300), 300).service_level(20) > 0.999999


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 50)), min_size=1))
def test_the_search_finds_the_first_that_is_enough(rows: list[tuple[int, int, int]]) -> None:
    bound, guess, least = (np.array(each) for each in zip(*rows, strict=True))
    assert fewest(lambda at, agents: agents >= bound[at], guess, least).tolist() == np.maximum(bound, least).tolist()


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (Target(), "There is no target"),
        (Target(80), "service level: 80 as a share is above 1. Write 80 % as 0.8"),
        (Target(0.8, -1), "answer within: -1 seconds is below zero"),
        (Target(0.8, math.nan), "answer within: nan seconds is no number"),
        (Target(asa_s=0), "ASA: no number of agents"),
        (Target(abandoned_share=0), "abandoned share: 0 as a share must be above zero"),
        (Target(occupancy=0), "occupancy: 0 as a share must be above zero"),
    ],
)
def test_targets_that_can_t_be_are_refused(target: Target, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        agents_for(target, 10, 240, 60)


def test_what_one_more_agent_is_worth_falls_once_the_target_is_near() -> None:
    curve = worth_curve(Target(0.8, 20), 10, 180, 120)
    assert [each.agents for each in curve] == list(range(26))
    assert curve[0].gain is None
    assert sum(each.gain or 0 for each in curve) == pytest.approx(curve[-1].service_level - curve[0].service_level)
    gains = [each.gain or 0 for each in curve[13:]]
    assert gains == sorted(gains, reverse=True)
    with pytest.raises(BadInput, match="no range"):
        worth_curve(Target(0.8, 20), 10, 180, fewest=9, most=3)


def test_heads_by_shrinkage() -> None:
    """Ten on queue with three tenths away: 14.3, so 15 must be paid."""
    assert heads([10, 7, 0], 0.3).tolist() == [15, 10, 0]
    assert heads(10, 0).tolist() == 10
    for wrong in (1.0, -0.1, 30):
        with pytest.raises(BadInput, match="shrinkage"):
            heads(10, wrong)
