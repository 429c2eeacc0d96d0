"""Pure rules of self-service: customer numbers, whom to ask, when an order can come instead."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from crm import customer_numbers, order_numbers
from crm.customer_numbers import FIRST_SERIAL, LAST_SERIAL, customer_number, is_customer_number
from crm.deliveries import OFFERED_DAYS, RESCHEDULABLE, TRACKING_WORDS, TrackingCode, offered_days
from crm.orders import OrderStatus
from crm.surveys import should_ask

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
SERIALS = st.integers(FIRST_SERIAL, LAST_SERIAL)


@given(SERIALS, st.integers(0, 6), st.integers(1, 9))
def test_a_mistyped_digit_is_no_customer_number(serial: int, place: int, by: int) -> None:
    number = customer_number(serial)
    assert is_customer_number(number)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not is_customer_number(wrong)


@given(SERIALS, st.integers(0, 5))
def test_swapped_neighbours_are_no_customer_number(serial: int, place: int) -> None:
    number = customer_number(serial)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_customer_number(swapped) == (swapped == number)


def test_a_customer_number_is_never_an_order_number() -> None:
    assert customer_numbers.LENGTH != order_numbers.LENGTH
    assert not is_customer_number(order_numbers.order_number(1_234_567))
    for serial in (FIRST_SERIAL - 1, LAST_SERIAL + 1):
        with pytest.raises(BadInput):
            customer_number(serial)


@given(st.floats(0, 1), st.floats(0, 0.999), st.integers(0, 400))
def test_never_who_refused_and_never_who_was_asked_lately(share: float, chance: float, days: int) -> None:
    asked = NOW - timedelta(days=days)
    assert not should_ask(False, None, NOW, share, 30, chance)
    if days < 30:
        assert not should_ask(True, asked, NOW, share, 30, chance)
    else:
        assert should_ask(True, asked, NOW, share, 30, chance) == (chance < share)


def test_the_share_is_a_share() -> None:
    evenly = [number / 1000 for number in range(1000)]
    for consent in (True, None):
        assert sum(should_ask(consent, None, NOW, 0.3, 30, chance) for chance in evenly) == 300
    assert not any(should_ask(True, None, NOW, 0, 30, chance) for chance in evenly)
    assert all(should_ask(True, None, NOW, 1, 30, chance) for chance in evenly)


@given(
    st.sampled_from(OrderStatus),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_offered_days_are_later_than_today_and_not_before_the_promise(
    status: OrderStatus, promised_on: date | None, today: date
) -> None:
    days = offered_days(status, promised_on, today)
    assert bool(days) == (status in RESCHEDULABLE)
    assert all(day > today and day >= (promised_on or day) for day in days)
    assert len(days) in (0, OFFERED_DAYS)


def test_everything_that_happens_to_a_parcel_has_its_words_in_both_languages() -> None:
    assert set(TRACKING_WORDS) == set(TrackingCode)
    assert all(indonesian and english and indonesian != english for indonesian, english in TRACKING_WORDS.values())
