"""Agents for forecast intervals: the formulas' own numbers, heads, chats, and reasons."""

import math
from datetime import UTC, datetime

import pytest

from core.errors import BadInput
from tests.unit.workforce.small_day import POLICY
from workforce.erlang_line import line_of
from workforce.erlang_need import Target
from workforce.forecast import ForecastRow
from workforce.staff_need import Handled, QueuePlan, staff_rows
from workforce.staffing import Learned, Wishes, WishWrong, queue_plan

AT = datetime(2026, 3, 2, tzinfo=UTC)
EIGHTY_IN_20 = Target(0.8, 20)


def row(callers: float, aht_s: float | None = 180.0) -> ForecastRow:
    return ForecastRow("sales", AT, 30, callers, callers, callers, aht_s, callers)


def test_the_published_example_with_a_third_away() -> None:
    """100 calls of 3 minutes in 30 minutes: 14 agents for 80 % in 20 s (Call Centre Helper), 20 heads with 30 % shrinkage."""
    found = staff_rows([row(100)], QueuePlan(EIGHTY_IN_20, shrinkage=0.3))[0]
    assert (found.agents, found.heads) == (14, 20)
    assert found.load_erlang == pytest.approx(10)
    assert found.service_level == pytest.approx(0.888, abs=0.0005)
    assert found.asa_s == pytest.approx(7.8, abs=0.05)
    assert found.level_with_fewer < 0.8
    assert found.level_with_fewer < found.service_level < found.level_with_more
    assert found.because == "100.0 callers in 30 min = 10.00 erlangs; Erlang C: 14 agents; / (1 - 0.30)"


def test_patience_makes_it_erlang_a() -> None:
    found = staff_rows([row(100)], QueuePlan(EIGHTY_IN_20, patience_s=60))[0]
    assert found.agents == 12
    assert found.abandoned_share == pytest.approx(float(line_of(10, 12, 180, 60).abandoned_share))
    assert "Erlang A, patience 60 s" in found.because


def test_nobody_for_an_empty_interval() -> None:
    found = staff_rows([row(0, None), row(0)], QueuePlan(EIGHTY_IN_20, shrinkage=0.3))
    assert [(each.agents, each.heads, each.because) for each in found] == [(0, 0, "nobody is expected")] * 2
    assert staff_rows([], QueuePlan(EIGHTY_IN_20)) == []


def test_chats_at_once_are_places_and_each_takes_longer() -> None:
    """Three at once, each further one a tenth slower: 1.2 times as long, a third as many agents as places."""
    calls = staff_rows([row(100)], QueuePlan(EIGHTY_IN_20))[0]
    chats = staff_rows([row(100)], QueuePlan(EIGHTY_IN_20, handled=Handled(3, 0.1)))[0]
    places = staff_rows([row(100, 216.0)], QueuePlan(EIGHTY_IN_20))[0].agents
    assert chats.agents == math.ceil(places / 3)
    assert chats.agents < calls.agents
    assert chats.aht_s == pytest.approx(216)
    assert "3 at once, each 1.20 times as long" in chats.because


def test_chats_that_slow_each_other_too_much_win_no_capacity() -> None:
    """Two at once, each twice as long: the load still takes ten agents, and only the first words come sooner."""
    calls = staff_rows([row(100)], QueuePlan(EIGHTY_IN_20))[0]
    assert calls.agents - 1 <= staff_rows([row(100)], QueuePlan(EIGHTY_IN_20, handled=Handled(2, 1.0)))[0].agents


def test_an_unknown_handling_time_is_said_or_given() -> None:
    with pytest.raises(BadInput, match="sales: nothing is known of handling times"):
        staff_rows([row(5, None)], QueuePlan(EIGHTY_IN_20))
    assert staff_rows([row(100, None)], QueuePlan(EIGHTY_IN_20, aht_s=180))[0].agents == 14


@pytest.mark.parametrize(("at_once", "slower"), [(0, 0.1), (2, -0.1)])
def test_what_can_t_be_handled(at_once: int, slower: float) -> None:
    with pytest.raises(BadInput, match="at once"):
        Handled(at_once, slower)


def test_a_target_stands_alone_when_the_service_level_is_none() -> None:
    """What is asked for holds, with the fewest agents, whatever the level then is; without any target nothing could be said."""
    plan = queue_plan(POLICY, "sales", Wishes(service_level=0.0, asa_s=60.0), Learned(math.inf, None))
    alone = staff_rows([row(100)], plan)[0]
    assert alone.asa_s <= 60 < float(line_of(10, alone.agents - 1, 180, math.inf).asa_s)
    assert alone.agents < staff_rows([row(100)], QueuePlan(EIGHTY_IN_20))[0].agents
    with pytest.raises(WishWrong):
        Wishes(service_level=0.0)
