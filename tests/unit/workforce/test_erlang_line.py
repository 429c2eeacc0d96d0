"""Lines of callers by Erlang A and C: by limit, law, published table and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from routing.demand import Exponential, Stream
from routing.replications import replicate
from routing.simulate import simulate
from tests.unit.routing.simulated_floors import ANYBODY, alike, steady
from workforce import erlang
from workforce.erlang_line import blocked, line_of

loads = st.floats(0.05, 2000)
staff = st.integers(1, 2500)
times = st.floats(1, 2000)
patiences = st.floats(1, 1e5)


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9])
def test_erlang_c_by_the_closed_forms_of_small_floors(load: float) -> None:
    """M/M/1, M/M/2 and M/M/3 (L. Kleinrock, "Queueing Systems" I (1975), section 3.5, written out): waits in handling times."""
    one, two, three = load, 2 * load, 3 * load
    closed = {1: one, 2: two**2 / (2 + two), 3: three**3 / (6 + 4 * three + three**2)}
    for agents, waits in closed.items():
        line = line_of(agents * load, agents, 1)
        assert line.wait_share == pytest.approx(waits)
        assert line.mean_wait_s == pytest.approx(waits / (agents - agents * load))


# T. S. Rappaport, "Wireless Communications" (1996), table 3.4, "Capacity of an Erlang B System": by share lost and channels.
_CAPACITY = {
    0.01: {4: 0.869, 5: 1.36, 10: 4.46, 20: 12.0, 24: 15.3, 40: 29.0, 70: 56.1, 100: 84.1},
    0.005: {4: 0.701, 5: 1.13, 10: 3.96, 20: 11.1, 24: 14.2, 40: 27.3, 70: 53.7, 100: 80.9},
    0.001: {4: 0.439, 5: 0.762, 10: 3.09, 20: 9.41, 24: 12.2, 40: 24.5, 70: 49.2, 100: 75.2},
}


@pytest.mark.parametrize("lost", _CAPACITY)
def test_erlang_b_by_a_published_table(lost: float) -> None:
    """Erlangs to three digits: one unit of the last digit more loses more than this share, one unit less loses less."""
    for lines, load in _CAPACITY[lost].items():
        unit = 10.0 ** (math.floor(math.log10(load)) - 2)
        assert blocked(load - unit, lines) < lost < blocked(load + unit, lines)


def test_erlang_a_by_birth_and_death() -> None:
    """M/M/100+M with a load of 100 and callers twice as patient as the handling is long: the stationary distribution by its
    detailed balance, as in tests/unit/routing/test_simulate_laws.py."""
    line = line_of(100, 100, 1, 2)
    assert line.wait_share == pytest.approx(0.59670314, rel=1e-7)
    assert line.abandoned_share == pytest.approx(0.033030153, rel=1e-7)
    assert line.mean_wait_s == pytest.approx(0.066060305, rel=1e-7)


@settings(max_examples=40)
@given(st.floats(0.1, 60), st.integers(1, 80), times, times, st.floats(0, 300))
def test_erlang_a_by_summing_over_who_is_there(load: float, agents: int, aht_s: float, patience_s: float, within_s: float) -> None:
    """The same without any gamma function: states there and back, and a caller who comes k-th in line waits for k departures."""
    places, comes = agents * patience_s / aht_s, load * patience_s / aht_s
    weight, total, waits, in_line = 1.0, 1.0, 0.0, 0.0
    for there in range(1, agents + 1):
        weight *= load / there
        total += weight
    if weight > 1e-250 and comes < 500:
        at = 0
        while weight > total * 1e-18:
            waits += weight
            in_line += weight * at
            at += 1
            weight *= comes / (places + at)
            total += weight if at else 0.0
        line = line_of(load, agents, aht_s, patience_s)
        assert line.wait_share == pytest.approx(waits / total, rel=1e-9)
        assert line.mean_wait_s == pytest.approx(in_line / total * aht_s / load, rel=1e-6, abs=1e-9)
    assert 0 <= line_of(load, agents, aht_s, patience_s).answered_within(within_s) <= 1


@settings(max_examples=40)
@given(st.floats(0.5, 300), st.integers(1, 400), times)
def test_with_endless_patience_it_is_erlang_c(load: float, agents: int, aht_s: float) -> None:
    if load < 0.97 * agents:
        patient, endless = line_of(load, agents, aht_s, 1e8 * aht_s), line_of(load, agents, aht_s)
        for measure in ("wait_share", "asa_s", "mean_wait_s", "occupancy"):
            assert getattr(patient, measure) == pytest.approx(getattr(endless, measure), rel=1e-3, abs=1e-9)
        assert patient.service_level(20) == pytest.approx(float(endless.service_level(20)), abs=1e-4)


@settings(max_examples=40)
@given(st.floats(0.5, 300), st.integers(1, 400), times)
def test_without_patience_it_is_erlang_b(load: float, agents: int, aht_s: float) -> None:
    assert line_of(load, agents, aht_s, 1e-9 * aht_s).abandoned_share == pytest.approx(float(blocked(load, agents)), rel=1e-4)


@settings(max_examples=40)
@given(loads, st.integers(1, 400))
def test_it_is_what_the_recurrence_gives(load: float, agents: int) -> None:
    assert float(blocked(load, agents)) == pytest.approx(erlang.erlang_b(load, agents), rel=1e-9, abs=1e-300)
    assert float(line_of(load, agents, 1).wait_share) == pytest.approx(erlang.erlang_c(load, agents), rel=1e-7, abs=1e-300)


@settings(max_examples=40)
@given(loads, staff, times, patiences)
def test_little_s_law_and_the_balance_of_who_leaves(load: float, agents: int, aht_s: float, patience_s: float) -> None:
    """Callers in line / patience leave by giving up: λ·P(gives up) = L/θ, and L = λ·E[W]. Who waits for an answer and who gives up
    together wait E[W]."""
    line = line_of(load, agents, aht_s, patience_s)
    per_s = load / aht_s
    in_line = per_s * line.mean_wait_s
    assert in_line / patience_s == pytest.approx(float(per_s * line.abandoned_share), rel=1e-9, abs=1e-15)
    assert line.occupancy * agents == pytest.approx(float(load * (1 - line.abandoned_share)), rel=1e-9)
    assert line.asa_s * (1 - line.abandoned_share) <= line.mean_wait_s * (1 + 1e-4) + 1e-9


@settings(max_examples=40)
@given(loads, staff, times, patiences, st.floats(0, 500))
def test_all_callers_are_accounted_for(load: float, agents: int, aht_s: float, patience_s: float, within_s: float) -> None:
    line = line_of(load, agents, aht_s, patience_s)
    early, late = line.answered_within(within_s), line.answered_within(within_s + 30)
    gone_early, gone_late = line.abandoned_within(within_s), line.abandoned_within(within_s + 30)
    assert 0 <= early <= late + 1e-9
    assert 0 <= gone_early <= gone_late + 1e-9
    assert late + gone_late <= 1 + 1e-9
    assert gone_late <= line.abandoned_share + 1e-9
    assert line.answered_within(1e9) + line.abandoned_share == pytest.approx(1, abs=1e-9)
    assert line.answered_within(0) == pytest.approx(float(1 - line.wait_share), abs=1e-9)


@settings(max_examples=40)
@given(loads, staff, times, patiences)
def test_one_more_agent_never_makes_it_worse(load: float, agents: int, aht_s: float, patience_s: float) -> None:
    line = line_of(load, [agents, agents + 1], aht_s, patience_s)
    for falls in (line.wait_share, line.abandoned_share, line.mean_wait_s, line.occupancy):
        assert falls[1] <= falls[0] * (1 + 1e-9) + 1e-12
    assert line.service_level(20)[1] >= line.service_level(20)[0] - 1e-8


@settings(max_examples=40)
@given(st.floats(0.1, 900), staff, times, patiences)
def test_more_load_never_makes_it_better(load: float, agents: int, aht_s: float, patience_s: float) -> None:
    line = line_of([load, load * 1.01], agents, aht_s, patience_s)
    assert line.wait_share[1] >= line.wait_share[0] - 1e-12
    assert line.abandoned_share[1] >= line.abandoned_share[0] - 1e-9
    assert line.answered_within(20)[1] <= line.answered_within(20)[0] + 1e-8


def test_ten_thousand_erlangs_stay_finite() -> None:
    line = line_of(10_000, [5000, 9000, 9999, 10_000, 10_001, 11_000, 20_000], 240, [[0.5], [60], [3600], [1e7], [math.inf]])
    for measure in (line.wait_share, line.abandoned_share, line.service_level(20, 5), line.occupancy):
        assert np.isfinite(measure).all()
        assert ((measure >= 0) & (measure <= 1)).all()
    assert (np.diff(line.service_level(20), axis=1) >= -1e-8).all()
    assert (np.isfinite(line.asa_s) | (line.patience_s == math.inf)).all()


def test_in_overload_the_surplus_gives_up() -> None:
    """The fluid limit: with far more callers than agents, agents are always busy and 1 - 1/ρ give up."""
    line = line_of(2000, 1000, 240, 120)
    assert line.abandoned_share == pytest.approx(0.5, abs=1e-6)
    assert line.mean_wait_s == pytest.approx(60, rel=1e-5)
    # All who are served have waited for about as long as it takes until half have given up.
    assert line.asa_s == pytest.approx(120 * math.log(2), rel=0.01)


def test_the_simulator_agrees() -> None:
    """Ten agents, a load of 11: many give up. Each figure lies in the 99 % interval of some simulated days."""
    warm_s = 50.0
    stream = Stream("all", ANYBODY, steady(11, 1200), Exponential(1), Exponential(1.5), answer_within_s=0.2, short_abandon_s=0.1)
    figures = {
        "waits": lambda day: day.figures(from_s=warm_s).delayed_share,
        "gives_up": lambda day: day.figures(from_s=warm_s).abandoned_share,
        "asa_s": lambda day: day.figures(from_s=warm_s).asa_s,
        "service_level": lambda day: day.figures(from_s=warm_s).service_level,
        "short": lambda day: (found := day.figures(from_s=warm_s)).short_abandons / found.offered,
    }
    found = replicate(lambda number: simulate(alike(10), [stream], 11, number), figures, 12, 0.99)
    line = line_of(11, 10, 1, 1.5)
    exact = {
        "waits": line.wait_share, "gives_up": line.abandoned_share, "asa_s": line.asa_s,
        "service_level": line.service_level(0.2, 0.1), "short": line.abandoned_within(0.1),
    }  # fmt: skip
    for name, value in exact.items():
        assert found[name].holds(float(value)), name


def test_without_load_or_agents() -> None:
    line = line_of([0, 0, 2], [0, 3, 0], 240, [[60], [math.inf]])
    assert line.wait_share.tolist() == [[0, 0, 1]] * 2
    assert line.service_level(20).tolist() == [[1, 1, 0]] * 2
    assert line.abandoned_share.tolist() == [[0, 0, 1], [0, 0, 0]]
    assert line.mean_wait_s.tolist() == [[0, 0, 60], [0, 0, math.inf]]


@pytest.mark.parametrize(
    ("load", "agents", "aht_s", "patience_s", "told"),
    [
        (-1, 3, 240, 60, "load: -1 erlangs is below zero"),
        (math.nan, 3, 240, 60, "load: nan erlangs is no number"),
        ([], 3, 240, 60, "load: there is no number"),
        (None, 3, 240, 60, "load: nan erlangs is no number"),
        ("many", 3, 240, 60, "load: 'many' is no number"),
        (2, 2.5, 240, 60, "agents: 2.5 is no whole number"),
        (2, 3, 0, 60, "handling time: 0 seconds must be above zero"),
        (2, 3, -5, 60, "handling time: -5 seconds is below zero"),
        (2, 3, 240, 0, "patience: 0 seconds must be above zero"),
        ([1, 2], [1, 2, 3], 240, 60, "do not go together"),
        (math.inf, 3, 240, 60, "load: inf erlangs is above 1e"),
    ],
)
def test_what_can_t_be_is_refused_by_name(load: object, agents: object, aht_s: object, patience_s: object, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        line_of(load, agents, aht_s, patience_s)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="time: -1 seconds"):
        line_of(1, 2, 3).service_level(-1)
