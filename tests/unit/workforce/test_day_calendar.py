"""What kind of day a date is."""

from datetime import date, timedelta

import pytest

from core.errors import BadInput
from workforce.day_calendar import (
    AFTER,
    AFTER_LEBARAN,
    BEFORE_LEBARAN,
    EVE,
    HOLIDAY,
    JOINT_LEAVE,
    LEBARAN,
    RAMADAN,
    DayCalendar,
    SpecialDay,
)  # fmt: skip


def test_lebaran_2026_and_the_weeks_around_it() -> None:
    """Eid al-Fitr is on 21 March 2026 in Indonesia, by the decree of three ministers."""
    calendar = DayCalendar("ID")
    eid = date(2026, 3, 21)
    assert calendar.kinds(eid) == (LEBARAN,)
    assert calendar.kinds(eid + timedelta(days=1)) == (LEBARAN,)
    assert RAMADAN in calendar.kinds(eid - timedelta(days=29))
    assert RAMADAN not in calendar.kinds(eid - timedelta(days=30))
    assert {RAMADAN, BEFORE_LEBARAN} <= set(calendar.kinds(eid - timedelta(days=2)))
    assert {JOINT_LEAVE, AFTER_LEBARAN} <= set(calendar.kinds(eid + timedelta(days=2)))
    assert calendar.kinds(eid + timedelta(days=9)) == ()


def test_a_fasting_month_that_begins_in_the_year_before() -> None:
    """Eid al-Fitr of 2000 was on 8 January: its month of fasting began in December 1999."""
    assert RAMADAN in DayCalendar("ID").kinds(date(1999, 12, 20))


def test_holidays_and_the_days_around_them() -> None:
    calendar = DayCalendar("ID")
    kinds = [calendar.kinds(date(2026, 8, day)) for day in (15, 16, 17, 18, 19)]
    assert kinds == [(), (EVE,), (HOLIDAY,), (AFTER,), ()]
    assert "Independence" in calendar.holiday(date(2026, 8, 17))


def test_without_a_country_there_are_only_the_planner_s_days() -> None:
    day = date(2026, 8, 17)
    calendar = DayCalendar("", [SpecialDay(day, "mailing"), SpecialDay(day + timedelta(days=1), "outage", 0.5)])
    assert calendar.kinds(day) == ("mailing",)
    assert calendar.kinds(day + timedelta(days=1)) == (), "a given factor needs nothing learned"
    assert calendar.holiday(day) == ""


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(BadInput, match="Holidays"):
        DayCalendar("XX")
