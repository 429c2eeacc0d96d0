"""Erlang's formulas, by law, limit and published number."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.erlang import agents_needed, asa_s, erlang_b, erlang_c, service_level

loads = st.floats(0.01, 300)
staff = st.integers(1, 400)
seconds = st.floats(1, 1000)


def test_erlang_b_by_its_definition_for_small_groups() -> None:
    """Erlang (1917): B is the last term of the truncated Poisson law."""
    for agents in range(8):
        for load in (0.3, 1.0, 2.5, 7.0):
            terms = [load**k / math.factorial(k) for k in range(agents + 1)]
            assert erlang_b(load, agents) == pytest.approx(terms[-1] / sum(terms))


def test_erlang_b_by_a_published_number() -> None:
    """Westbay's manual of its Erlang B calculator: 15 lines carry 8.108 erlangs at a blocking of 0.01."""
    assert erlang_b(8.108, 15) == pytest.approx(0.01, abs=2e-5)


def test_erlang_b_by_a_published_trunk_group() -> None:
    """Westbay's forum, "Trunk Engineering" (2001): 33.333 erlangs at one call in a hundred lost take 45 lines."""
    assert erlang_b(33.333, 45) < 0.01 < erlang_b(33.333, 44)


def test_erlang_c_by_a_published_staffing_example() -> None:
    """Call Centre Helper, "Erlang C formula made simple": 100 calls in 30 minutes of 3 minutes, 14 agents:
    17.4 % wait, 88.8 % within 20 s, 7.8 s mean wait; 14 is the fewest for 80 % in 20 s."""
    load = 100 * 180 / 1800
    assert erlang_c(load, 14) == pytest.approx(0.174, abs=0.0005)
    assert service_level(load, 14, 20, 180) == pytest.approx(0.888, abs=0.0005)
    assert asa_s(load, 14, 180) == pytest.approx(7.8, abs=0.05)
    assert agents_needed(load, 20, 180, 0.8) == 14


def test_one_agent_waits_as_in_the_single_server_line() -> None:
    """M/M/1 (Cooper 1981): an arrival waits with probability A, on average A/(1-A) service times."""
    for load in (0.1, 0.5, 0.9):
        assert erlang_c(load, 1) == pytest.approx(load)
        assert asa_s(load, 1, 100) == pytest.approx(100 * load / (1 - load))


def test_two_agents_wait_by_the_closed_form() -> None:
    """M/M/2: C = A² / (2 + A)."""
    for load in (0.2, 1.0, 1.7):
        assert erlang_c(load, 2) == pytest.approx(load * load / (2 + load))


@given(loads, staff)
def test_waiting_is_likelier_than_being_lost(load: float, agents: int) -> None:
    """C ≥ B: a line only lengthens the busy time."""
    assert 0 <= erlang_b(load, agents) <= erlang_c(load, agents) <= 1


@given(loads, staff, seconds, seconds)
def test_one_more_agent_never_makes_it_worse(load: float, agents: int, within_s: float, aht_s: float) -> None:
    assert erlang_c(load, agents + 1) <= erlang_c(load, agents)
    assert service_level(load, agents + 1, within_s, aht_s) >= service_level(load, agents, within_s, aht_s) - 1e-12


@given(loads, seconds, seconds, st.floats(0.01, 0.99))
def test_agents_needed_reach_the_target_and_one_fewer_does_not(load: float, within_s: float, aht_s: float, target: float) -> None:
    needed = agents_needed(load, within_s, aht_s, target)
    assert service_level(load, needed, within_s, aht_s) >= target
    assert service_level(load, needed - 1, within_s, aht_s) < target or needed - 1 <= load


@given(loads, staff, seconds)
def test_the_wait_is_the_area_under_its_tail(load: float, agents: int, aht_s: float) -> None:
    """E[W] = ∫ P(W > t) dt, and the tail is exponential: ASA = (1 - SL(0)) · AHT / (N - A)."""
    if load < agents:
        assert asa_s(load, agents, aht_s) == pytest.approx((1 - service_level(load, agents, 0, aht_s)) * aht_s / (agents - load))


def test_without_load_nobody_is_needed_and_nobody_waits() -> None:
    assert agents_needed(0, 20, 300, 0.8) == 0
    assert erlang_c(0, 3) == 0
    assert service_level(0, 3, 20, 300) == 1


def test_a_load_not_below_the_agents_never_drains() -> None:
    assert erlang_c(10, 10) == 1
    assert service_level(10, 9, 20, 300) == 0
    assert asa_s(10, 10, 300) == math.inf


def test_thousands_of_agents_stay_finite_and_follow_the_square_root_rule() -> None:
    """Halfin and Whitt (1981): N = A + β·√A, where C tends to 1 / (1 + β·Φ(β)/φ(β))."""
    load, beta = 40_000.0, 1.0
    phi = math.exp(-beta * beta / 2) / math.sqrt(2 * math.pi)
    cumulative = (1 + math.erf(beta / math.sqrt(2))) / 2
    expected = 1 / (1 + beta * cumulative / phi)
    assert erlang_c(load, round(load + beta * math.sqrt(load))) == pytest.approx(expected, rel=0.01)


def test_a_target_of_all_still_ends() -> None:
    needed = agents_needed(20, 20, 300, 1.0)
    assert service_level(20, needed, 20, 300) > 0.999999


@pytest.mark.parametrize(
    ("load", "within_s", "aht_s", "target", "told"),
    [
        (-1, 20, 300, 0.8, "load is -1"),
        (math.nan, 20, 300, 0.8, "load is nan"),
        (5, 20, 0, 0.8, "AHT 0 s"),
        (5, -1, 300, 0.8, "within -1 s"),
        (5, 20, 300, 80, "service_target is 80"),
    ],
)
def test_numbers_out_of_range_are_refused(load: float, within_s: float, aht_s: float, target: float, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        agents_needed(load, within_s, aht_s, target)
