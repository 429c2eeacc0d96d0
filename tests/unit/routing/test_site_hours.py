"""When sites are open: on the clock of their own time zone, through midnight, weeks and changes of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from routing.site_hours import SiteHours, Week

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def hours(week: object, zone: str = "Asia/Jakarta") -> SiteHours:
    return SiteHours(ZoneInfo(zone), TypeAdapter(Week).validate_python(week))


def test_each_site_is_open_by_its_own_clock() -> None:
    at = MONDAY + timedelta(hours=0, minutes=30)  # 7:30 in Jakarta, 8:30 in Makassar
    week = {"mon-fri": "08:00-17:00"}
    assert not hours(week).is_open(at)
    assert hours(week, "Asia/Makassar").is_open(at)
    assert hours(week).next_change(at) == MONDAY + timedelta(hours=1)
    assert hours(week, "Asia/Makassar").next_change(at) == MONDAY + timedelta(hours=9)


def test_a_night_belongs_to_the_day_on_which_it_began_and_joins_what_follows() -> None:
    night = hours({"mon": "22:00-06:00", "tue": ["06:00-08:00", "10:00-12:00"]}, "UTC")
    assert night.is_open(MONDAY + timedelta(hours=29))
    assert night.next_change(MONDAY + timedelta(hours=23)) == MONDAY + timedelta(hours=32)
    assert night.next_change(MONDAY + timedelta(hours=37)) == MONDAY + timedelta(days=7, hours=22)


def test_always_never_changes_and_closed_is_never_open() -> None:
    assert hours("always").is_open(MONDAY)
    assert hours("always").next_change(MONDAY) is None
    assert not hours("always").never_open
    assert hours({"daily": "closed"}).never_open
    assert hours({"daily": "closed"}).next_change(MONDAY) is None
    assert hours({"daily": "00:00-24:00"}).next_change(MONDAY) is None, "one day follows the other without a gap"


def test_when_the_clock_goes_back_the_site_is_open_for_longer() -> None:
    back = hours({"sun": "01:00-02:30"}, "Europe/Berlin")
    opens = datetime(2026, 10, 24, 23, tzinfo=UTC)
    assert back.next_change(opens) == opens + timedelta(hours=2, minutes=30)


@given(
    first=st.integers(0, 6), opens=st.integers(0, 23), long_h=st.integers(1, 23), ago_min=st.integers(0, 10_080),
    zone=st.sampled_from(("Asia/Jakarta", "Europe/Berlin", "America/New_York")),
)  # fmt: skip
def test_between_changes_nothing_changes(first: int, opens: int, long_h: int, ago_min: int, zone: str) -> None:
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[first]
    own = hours({day: f"{opens:02d}:00-{(opens + long_h) % 24:02d}:00"}, zone)
    at = datetime(2026, 3, 20, tzinfo=UTC) + timedelta(minutes=ago_min)
    change = own.next_change(at)
    assert change is not None
    assert own.is_open(change) != own.is_open(at)
    for number in range(1, 20):
        assert own.is_open(at + (change - at) * number / 20) == own.is_open(at)


@pytest.mark.parametrize(("week", "wrong"), [
    ("sometimes", "always or days"), ({"someday": "08:00-09:00"}, "no days of the week"), ({"fri-mon": "08:00-09:00"}, "no days"),
    ({"mon": "8-9"}, "no opening times"), ({"mon": "08:00-08:00"}, "no opening times"),
    ({"mon": "08:00-24:30"}, "no opening times"),
    ({"mon": ["08:00-10:00", "09:00-11:00"]}, "no opening times"), ({"mon": []}, "no opening times"),
    ({"mon-fri": "08:00-09:00", "fri": "closed"}, "a day twice"),
])  # fmt: skip
def test_hours_that_can_not_be_are_refused(week: object, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        hours(week)
