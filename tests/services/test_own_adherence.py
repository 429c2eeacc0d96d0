"""Agents see their own adherence: on the page of the day, and beside the line of their shift; never anybody else's."""

from datetime import timedelta

from agent_desktop.shift_line import ShiftLine
from tests.services.desk_house import DeskHouse
from tests.services.test_the_day import TODAY, clock, lived, roster


def test_my_day_says_how_much_was_in_place_and_what_was_not(desk: DeskHouse) -> None:
    roster(desk)
    roster(desk, TODAY - timedelta(days=1))
    lived(desk, "1001", (clock(6), "READY"), (clock(10), "NOT_READY"), (clock(11), "READY"))
    lived(desk, "1002", (clock(6, 30), "READY"), (clock(10), "NOT_READY"))
    own = desk.browser("rizky").get("/my-day").text
    assert '<dt>Adherence</dt><dd class="num">75.0%</dd>' in own, "an hour and a half of six were out of place"
    assert '<span class="num">06:00–06:30</span> Late' in own
    assert '<span class="num">11:00–12:00</span> Away' in own
    assert own.count('<rect class="state--trouble"') == 2
    assert "All planned time so far was in place." in desk.browser("dewi").get("/my-day").text
    before = desk.browser("rizky").get(f"/my-day?day={TODAY - timedelta(days=1)}").text
    assert '<dt>Adherence</dt><dd class="num">0.0%</dd>' in before
    assert "Absent" in before


def test_the_desk_has_it_beside_the_shift_once_a_minute(desk: DeskHouse) -> None:
    roster(desk)
    lived(desk, "1002", (clock(6), "READY"), (clock(10), "NOT_READY"), (clock(11), "READY"))
    with desk.app.test_request_context("/", headers={"Accept-Language": "en"}):
        line = ShiftLine("1002")
        assert line.changed() == "Shift ends at 15:00 · in place 100%"
        assert line.changed() is None
        assert ShiftLine("9999").changed() is None
