"""The comparison group: so many of all, the same all through a period, drawn anew for the next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm.offers.hold_out import is_held_out, period_of

customers = st.integers(1, 10**9)
moments = st.integers(0, 10**9).map(lambda after_s: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(seconds=after_s))
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@given(customers, moments, st.floats(0, 1), st.integers(1, 400), st.floats(0, 1, exclude_max=True))
def test_it_is_the_same_all_through_a_period(customer: int, at: datetime, share: float, days: int, part: float) -> None:
    begins = datetime(1970, 1, 1, tzinfo=UTC) + period_of(at, days) * timedelta(days=days)
    within = begins + timedelta(days=days * part)
    if period_of(within, days) == period_of(at, days):
        assert is_held_out(customer, within, share, days) == is_held_out(customer, at, share, days)


@given(customers, moments, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_holds_everybody_of_a_smaller_one(customer: int, at: datetime, one: float, other: float) -> None:
    if is_held_out(customer, at, min(one, other), 90):
        assert is_held_out(customer, at, max(one, other), 90)


@given(customers, moments)
def test_nobody_of_none_and_everybody_of_all(customer: int, at: datetime) -> None:
    assert not is_held_out(customer, at, 0.0, 90)
    assert is_held_out(customer, at, 1.0, 90)


def test_the_share_is_kept_and_consecutive_numbers_and_periods_are_drawn_apart() -> None:
    many = 20_000
    for share in (0.05, 0.1, 0.5):
        held = [is_held_out(customer, NOW, share, 90) for customer in range(many)]
        later = [is_held_out(customer, NOW + timedelta(days=90), share, 90) for customer in range(many)]
        # Five standard deviations of a binomial count: chance alone reaches it once in two million.
        spread = 5 * (many * share * (1 - share)) ** 0.5
        assert abs(sum(held) - many * share) < spread
        both = sum(a and b for a, b in zip(held, later, strict=True))
        assert abs(both - many * share**2) < 5 * (many * share**2 * (1 - share**2)) ** 0.5
