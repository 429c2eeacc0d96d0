"""Reasons are kept as what they are: in English they read as before, and their parts multiply to the number."""

from datetime import date

import pytest

from tests.unit.workforce.histories import made
from workforce.because import How
from workforce.day_calendar import DayCalendar, SpecialDay
from workforce.day_profile import usable_days
from workforce.forecast_methods import METHODS, forecast_days, past_of
from workforce.planning_forms import FORECAST, KeptForecast
from workforce.set_aside import set_aside


@pytest.mark.parametrize("method", list(METHODS))
def test_the_factors_of_a_reason_multiply_to_the_number(method: str) -> None:
    history = made(400)
    coming = [date.fromordinal(history.days[-1].toordinal() + number) for number in range(1, 29)]
    calendar = DayCalendar("ID", [SpecialDay(coming[3], "mailing", 1.5), SpecialDay(history.days[50], "fair")])
    past = past_of(history, usable_days(history.days, set_aside(history, calendar)), calendar)
    for each in forecast_days(method, past, coming):
        assert each.because.total == pytest.approx(each.callers, rel=0.12), "factors that change nothing are not told"
        assert str(each.because)
        if each.day == coming[3]:
            assert each.because.factors[-1].given


def test_a_holiday_is_called_as_the_country_calls_it() -> None:
    calendar = DayCalendar("ID")
    assert calendar.holiday(date(2026, 8, 17)) == "Independence Day"
    assert "Kemerdekaan" in calendar.holiday_here(date(2026, 8, 17))
    assert calendar.holiday_here(date(2026, 8, 18)) == ""


def test_a_forecast_is_read_as_it_was_written() -> None:
    from zoneinfo import ZoneInfo

    from workforce.forecast import forecast

    history = made(90)
    found = forecast(
        history, DayCalendar("ID"), ZoneInfo("Asia/Jakarta"), date(2025, 4, 6), 14, method="day types and recent weeks"
    )
    again = FORECAST.read(FORECAST.write(KeptForecast(found))).forecast
    assert again is not None
    assert (again.days, again.rows, again.aside) == (found.days, found.rows, found.aside)
    assert again.tested.scores == found.tested.scores
    assert again.tested.day_bands == found.tested.day_bands
    assert again.tested.goes_on == found.tested.goes_on
    assert How.BOTH in {each.because.how for each in again.days}
