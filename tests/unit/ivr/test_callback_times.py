"""Times at which a caller may choose to be called: in opening hours, on their own clock, never past."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.callback_times import IN_AN_HOUR, THIS_AFTERNOON, TOMORROW_MORNING, chosen_hour, times_offered
from ivr.conversations.rehearsal import _earliest
from ivr.hours import Schedule, Span, is_open

ZONES = ("Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin")
JAKARTA = ZoneInfo("Asia/Jakarta")
MOMENTS = st.builds(
    lambda minutes, zone: datetime(2025, 1, 1, tzinfo=ZoneInfo(zone)) + timedelta(minutes=minutes),
    st.integers(0, 1_000_000), st.sampled_from(ZONES),
)  # fmt: skip
HOURS = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda hours: hours[0] < hours[1])


def office(opens: int, closes: int) -> Callable[[datetime], datetime]:
    """Open in these hours of every day in Jakarta."""
    earliest = _earliest((opens, closes))
    return lambda at: earliest("billing", at)


def is_there(at: datetime, hours: tuple[int, int]) -> bool:
    week = ((Span(hours[0] * 60, hours[1] * 60),),) * 7
    return is_open(Schedule("office", {}, JAKARTA, week), at).open


@given(now=MOMENTS, hours=HOURS)
def test_whatever_is_offered_is_to_come_and_in_the_opening_hours(now: datetime, hours: tuple[int, int]) -> None:
    for name, at in times_offered(now, office(*hours)).items():
        assert now < at < now + timedelta(days=2), name
        assert at.tzinfo == now.tzinfo
        assert is_there(at, hours), name


@given(now=MOMENTS, hours=HOURS, hour=st.integers(0, 23))
def test_an_hour_is_the_next_one_of_the_callers_clock_or_moved_into_the_opening_hours(
    now: datetime, hours: tuple[int, int], hour: int
) -> None:
    chosen = chosen_hour(hour, now, office(*hours))
    assert chosen is not None
    assert chosen.at > now
    assert is_there(chosen.at, hours)
    if not chosen.moved:
        assert chosen.at.hour == hour
        assert chosen.at - now < timedelta(days=1, hours=2)


@pytest.mark.parametrize(
    ("now", "hours", "names"),
    [
        ("2025-02-03 09:30", (0, 24), [IN_AN_HOUR, THIS_AFTERNOON, TOMORROW_MORNING]),
        ("2025-02-03 16:50", (8, 17), [TOMORROW_MORNING]),
        ("2025-02-03 18:10", (0, 24), [IN_AN_HOUR, TOMORROW_MORNING]),
        ("2025-02-03 09:30", (8, 12), [IN_AN_HOUR, TOMORROW_MORNING]),
        ("2025-02-03 09:30", (14, 22), [THIS_AFTERNOON]),
    ],
)
def test_only_what_there_is_is_offered(now: str, hours: tuple[int, int], names: list[str]) -> None:
    assert list(times_offered(datetime.fromisoformat(now).replace(tzinfo=JAKARTA), office(*hours))) == names


def test_in_an_hour_is_a_time_that_can_be_said() -> None:
    now = datetime(2025, 2, 3, 9, 32, 11, tzinfo=JAKARTA)
    assert times_offered(now, lambda at: at)[IN_AN_HOUR] == datetime(2025, 2, 3, 10, 35, tzinfo=JAKARTA)


def test_an_hour_that_is_over_is_tomorrow() -> None:
    now = datetime(2025, 2, 3, 9, 50, tzinfo=JAKARTA)
    days = {hour: chosen.at.day for hour in (9, 10, 11) if (chosen := chosen_hour(hour, now, lambda at: at))}
    assert days == {9: 4, 10: 4, 11: 3}, "in ten minutes is no time to choose"


def test_while_nobody_knows_when_somebody_is_there_no_time_can_be_chosen() -> None:
    now = datetime(2025, 2, 3, 9, 50, tzinfo=JAKARTA)
    assert times_offered(now, lambda at: at + timedelta(hours=1)) == {}
    assert chosen_hour(14, now, lambda at: at + timedelta(hours=1)) is None
