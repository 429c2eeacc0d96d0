"""When somebody may be called, on the clock of where they are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.call_hours import call_hours
from crm.whereabouts import Address, zone_at

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "America/New_York")
moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("zone", "hour", "minute", "allowed"),
    [
        ("Asia/Jakarta", 1, 59, False), ("Asia/Jakarta", 2, 0, True), ("Asia/Jakarta", 10, 59, True),
        ("Asia/Jakarta", 11, 0, False),
        ("Asia/Makassar", 1, 0, True), ("Asia/Jayapura", 0, 0, True), ("Asia/Jayapura", 9, 0, False),
    ],
)  # fmt: skip
def test_the_hours_are_those_of_the_clock_there(zone, hour, minute, allowed):
    at = MONDAY.replace(hour=hour, minute=minute)
    assert (call_hours("mon-sat 09:00-18:00").until(at, zone) is not None) is allowed


def test_on_sunday_the_next_hour_is_monday_morning_there():
    hours, sunday = call_hours("mon-sat 09:00-18:00"), MONDAY + timedelta(days=6, hours=5)
    assert hours.until(sunday, "Asia/Jakarta") is None
    assert hours.next_from(sunday, "Asia/Jakarta").astimezone(ZoneInfo("Asia/Jakarta")).isoformat() == "2026-03-09T09:00:00+07:00"


@given(at=moments, zone=st.sampled_from(ZONES), first=st.integers(0, 6), length=st.integers(0, 6), begins=st.integers(0, 22))
def test_the_next_hour_is_allowed_and_nothing_before_it_is(at, zone, first, length, begins):
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = call_hours(f"{days[first]}-{days[min(6, first + length)]} {begins:02}:00-{begins + 1:02}:30")
    start = hours.next_from(at, zone)
    assert at <= start
    until = hours.until(start, zone)
    assert until is not None
    assert until > start
    if start > at:
        assert hours.until(start - timedelta(minutes=1), zone) is None
        assert hours.until(at, zone) is None


@pytest.mark.parametrize(
    "text",
    ["", "mon-sat", "mon-sat 9:00-18:00", "sat-mon 09:00-18:00", "mon-sat 18:00-09:00", "mo-sa 09:00-18:00", "mon-sat 09:00-25:00"],
)
def test_hours_in_another_form_are_refused(text):
    with pytest.raises(ValueError, match="hours"):
        call_hours(text)


@pytest.mark.parametrize(
    ("address", "number", "zone"),
    [
        (Address(city="Makassar"), "+628112345678", "Asia/Makassar"), (Address(province="Papua"), "+628112345678", "Asia/Jayapura"),
        (Address(city="Kota Bogor"), "+62411850000", "Asia/Jakarta"), (Address(), "+62411850000", "Asia/Makassar"),
        (Address(), "+628112345678", "Asia/Jakarta"), (Address(postcode="80361"), "", "Asia/Makassar"),
        (Address(), "+6561234567", "Asia/Singapore"),
    ],
)  # fmt: skip
def test_where_they_are_is_their_address_else_what_the_number_says(address, number, zone):
    assert zone_at(address, number, "Asia/Jakarta") == zone
