"""What is still to come, seen from what came so far: by laws, and on days made by a rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.reforecast import goes_on, reforecast

SHAPE = np.array([2.0, 4, 6, 8, 8, 6, 4, 2]) * 10


def test_where_whole_days_are_off_all_of_it_goes_on() -> None:
    factors = np.random.default_rng(1).uniform(0.5, 1.5, 200)
    shares = goes_on(np.tile(SHAPE, (200, 1)), factors[:, None] * SHAPE)
    assert shares[0] == 0, "nothing came yet"
    assert min(shares[1:-1]) > 0.9


def test_where_parts_of_a_day_are_off_by_themselves_nothing_goes_on() -> None:
    chance = np.random.default_rng(2)
    shares = goes_on(np.tile(SHAPE, (2000, 1)), chance.uniform(0.5, 1.5, (2000, 8)) * SHAPE)
    assert max(shares[1:-1]) < 0.15


def test_few_callers_speak_for_little() -> None:
    expected, came = np.tile(SHAPE / 400, (5, 1)), np.tile(SHAPE / 200, (5, 1))
    assert max(goes_on(expected, came)) < 0.3


def test_days_that_are_not_on_record_say_nothing() -> None:
    came = np.tile(1.5 * SHAPE, (30, 1))
    with_holes = came.copy()
    with_holes[::2, 3] = np.nan
    assert goes_on(np.tile(SHAPE, (30, 1)), with_holes)[4] == pytest.approx(goes_on(np.tile(SHAPE, (15, 1)), came[:15])[4])


@given(
    came=st.lists(st.integers(0, 300), max_size=8),
    share=st.floats(0, 1),
)
def test_what_came_stays_and_the_rest_lies_between_the_forecast_and_the_ratio(came: list[int], share: float) -> None:
    found = reforecast(SHAPE.tolist(), came, [share] * 9)
    assert list(found.callers[: len(came)]) == came
    least, most = sorted((1.0, found.so_far))
    assert least - 1e-9 <= found.factor <= most + 1e-9
    assert found.callers[len(came) :] == pytest.approx((found.factor * SHAPE[len(came) :]).tolist())


def test_before_the_first_interval_is_over_and_without_a_test_nothing_changes() -> None:
    assert reforecast(SHAPE.tolist(), [], [0.8] * 9).callers == SHAPE.tolist()
    assert reforecast(SHAPE.tolist(), [90, 90], ()).factor == 1
