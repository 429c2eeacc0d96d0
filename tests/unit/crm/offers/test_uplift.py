"""Intervals of shares, of their differences and of amounts: published numbers and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.two_groups import difference, mean_difference, share
from crm.offers.uplift import Bought, uplift

counts = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def test_wilson_as_published() -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3: 81 of 263 and 15 of 148."""
    for count, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = share(count, of)
        assert found is not None
        assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_newcombe_as_published() -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10."""
    for first, second, low, high in (
        ((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775), ((10, 10), (0, 20), 0.6791, 1.0),
    ):  # fmt: skip
        found = difference(share(*first), share(*second))
        assert found is not None
        assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(counts, counts)
def test_an_interval_holds_its_value_and_turns_with_the_groups(first: tuple[int, int], second: tuple[int, int]) -> None:
    found, turned = difference(share(*first), share(*second)), difference(share(*second), share(*first))
    assert found is not None
    assert turned is not None
    assert -1 - 1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9
    assert (turned.low, turned.value, turned.high) == pytest.approx((-found.high, -found.value, -found.low))


def test_welch_as_published() -> None:
    """Example 1 of Wikipedia's "Welch's t-test": t = -2.46 at 25.0 degrees of freedom, where 2.0595 bounds 95 %."""
    first = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4]
    second = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4]
    found = mean_difference(first, second)
    assert found is not None
    assert found.value / ((found.high - found.low) / 2 / 2.0595) == pytest.approx(-2.46, abs=0.01)
    assert (found.low + found.high) / 2 == pytest.approx(found.value)


def test_groups_that_are_too_small_say_nothing() -> None:
    assert share(0, 0) is None
    assert difference(share(1, 2), None) is None
    assert mean_difference([1.0], [1.0, 2.0]) is None
    assert uplift([], []).rate is None


def test_two_groups_beside_each_other() -> None:
    found = uplift(
        [Bought(True, 100), Bought(False, 0), Bought(True, 50), Bought(False, 50)], [Bought(False, 0), Bought(False, 20)]
    )
    assert (found.offered, found.held_out) == (4, 2)
    assert found.taken is not None
    assert found.taken.value == 0.5
    assert found.rate is not None
    assert found.rate.value == 0.75 - 0.5
    assert not found.rate.is_clear
    assert found.revenue_idr is not None
    assert found.revenue_idr.value == 50 - 10


def test_amounts_that_do_not_vary_are_exact() -> None:
    found = mean_difference([5.0, 5.0], [3.0, 3.0])
    assert found is not None
    assert (found.low, found.value, found.high) == (2.0, 2.0, 2.0)
