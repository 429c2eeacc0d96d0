"""Mean patience from waits of which most were cut short by an answer."""

import math

import numpy as np
import pytest

from workforce.mean_patience import mean_patience


def drawn(patience_s: float, count: int, seed: int) -> list[tuple[float, bool]]:
    chance = np.random.default_rng(seed)
    patient, answered = chance.exponential(patience_s, count), chance.exponential(60, count)
    return [(min(p, a), bool(p < a)) for p, a in zip(patient.tolist(), answered.tolist(), strict=True)]


def test_waits_cut_short_by_an_answer_still_tell_the_patience() -> None:
    found = mean_patience(drawn(240, 4000, 1))
    assert found.low_s < 240 < found.high_s
    assert found.mean_s == pytest.approx(240, rel=0.1)
    assert found.off < 0.05


def test_the_interval_holds_as_often_as_it_says() -> None:
    held = sum((found := mean_patience(drawn(240, 60, seed))).low_s <= 240 <= found.high_s for seed in range(400))
    assert held / 400 == pytest.approx(0.95, abs=0.03)


def test_by_hand() -> None:
    """100 s waited by three of whom one gave up; who did not wait says nothing."""
    found = mean_patience([(50, True), (20, False), (30, False), (0, False), (0, True)])
    assert (found.mean_s, found.gave_up, found.waited) == (100, 1, 3)


def test_when_nobody_gave_up_only_a_lower_end_is_known() -> None:
    """Rule of three: with no event in W the rate is below -log(0.025)/W."""
    found = mean_patience([(30, False)] * 10)
    assert found.mean_s == math.inf
    assert found.low_s == pytest.approx(300 / -math.log(0.025))


def test_callers_who_leave_at_a_fixed_time_are_told_to_be_no_exponential() -> None:
    assert mean_patience([(120.0, True)] * 100).off > 0.3
