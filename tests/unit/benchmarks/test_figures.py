"""Percentiles and the way times are written."""

import pytest

from benchmarks.figures import ms_text, spread


def test_percentiles_of_one_to_a_hundred_lie_where_they_should():
    found = spread([float(number) for number in range(101)])
    assert (found.count, found.p50_ms, found.p95_ms, found.p99_ms, found.max_ms) == (101, 50, 95, 99, 100)


def test_the_order_of_the_times_does_not_matter():
    assert spread([3.0, 1.0, 2.0]) == spread([1.0, 2.0, 3.0])


def test_no_times_are_not_zero():
    with pytest.raises(ValueError, match="no times"):
        spread([])


@pytest.mark.parametrize(("value", "text"), [(0.1234, "0.123"), (5.06, "5.1"), (1234.5, "1234")])
def test_a_time_has_as_many_digits_as_mean_something(value, text):
    assert ms_text(value) == text
