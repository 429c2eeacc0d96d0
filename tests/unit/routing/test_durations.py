"""What is learned of how long things last: against closed forms of the distributions."""

import math
from statistics import NormalDist, fmean

import numpy as np
import pytest

from routing.durations import Durations, Forbearance

CHANCES = (np.arange(20_000) + 0.5) / 20_000


def test_before_anything_is_known_it_is_what_was_assumed() -> None:
    drawn = Durations(180, 0.8).drawn(CHANCES)
    assert np.median(drawn) == pytest.approx(180, rel=0.01)
    assert drawn.mean() == pytest.approx(180 * math.exp(0.8**2 / 2), rel=0.02)


def test_what_is_seen_often_is_learned() -> None:
    chance = np.random.default_rng(7)
    times = Durations(180, 0.8)
    for lasted_s in np.exp(chance.normal(math.log(60), 0.4, 2000)):
        times.learn(float(lasted_s))
    drawn = times.drawn(CHANCES)
    assert np.median(drawn) == pytest.approx(60, rel=0.1)
    assert np.log(drawn).std() == pytest.approx(0.4, rel=0.15)


@pytest.mark.parametrize("passed_s", [0.0, 60.0, 240.0, 900.0])
def test_what_is_left_is_the_distribution_of_those_that_lasted_so_long(passed_s: float) -> None:
    left = Durations(180, 0.8).left(np.array(passed_s), CHANCES)
    normal, mean = NormalDist(), math.log(180)
    reached = (math.log(passed_s) - mean) / 0.8 if passed_s else -math.inf
    # Mean excess of a lognormal: E[X; X > t] / P(X > t) - t.
    beyond = 1 - normal.cdf(reached) if passed_s else 1.0
    partial = math.exp(mean + 0.32) * ((1 - normal.cdf(reached - 0.8)) if passed_s else 1.0)
    assert left.mean() == pytest.approx(partial / beyond - passed_s, rel=0.03)
    assert (left >= 0).all()


def test_what_lasts_beyond_all_measure_ends_at_any_moment() -> None:
    assert Durations(10, 0.1).left(np.array(1e6), CHANCES).max() == 0


def test_patience_is_the_time_waited_over_how_many_gave_up() -> None:
    patience, chance = Forbearance(), np.random.default_rng(3)
    for own_s, answered_s in zip(chance.exponential(120, 5000), chance.exponential(90, 5000), strict=True):
        patience.learn(min(own_s, answered_s), own_s < answered_s)
    assert fmean(patience.drawn(CHANCES)) == pytest.approx(120, rel=0.15)
