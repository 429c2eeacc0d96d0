"""What a flow's caller meets outside opening hours and in an emergency."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.catalogue import text_of
from ivr.flow_run import run_flow
from ivr.flow_version import FlowVersion
from ivr.hours import Emergency, OpenState, in_emergency, is_open
from ivr.hours_file import load_hours
from ivr.outcome import CallerGone
from ivr.runner import run
from ivr.services.opening_hours import OpeningHours
from ivr.services.service import Next
from ivr.visit import Visit
from tests.unit.ivr.fake_desk import STRANGER_ANI
from tests.unit.ivr.fake_line import HANG_UP, NOW, FakeLine, visit

OFFICE, HOTLINE = load_hours().schedules["office"], load_hours().schedules["hotline"]
SUNDAY = NOW.replace(day=2)
FIRE = Emergency(text={"id": "Ada kebakaran."})


def caller(line: FakeLine, opening: OpenState | None) -> Visit:
    found = visit(line)
    found.opening, found.schedule, found.now = opening, OFFICE, SUNDAY
    return found


def test_an_emergency_is_heard_to_its_end_before_the_first_menu() -> None:
    line = FakeLine([HANG_UP])
    assert run(run_flow, caller(line, in_emergency(OFFICE, FIRE))) == CallerGone()
    assert "Ada kebakaran." in line.heard
    assert line.heard.index("Ada kebakaran.") < line.keys_heard.index("closed_menu_1")


def test_an_emergencys_recording_is_what_is_played(tmp_path: Path) -> None:
    line = FakeLine([HANG_UP])
    recording = tmp_path / "fire.wav"
    run(run_flow, caller(line, in_emergency(OFFICE, replace(FIRE, recording=recording))))
    assert [prompt.recording for prompt in line.spoken if prompt.recording] == [recording]


def test_a_stranger_hears_the_recording_once_and_the_end_of_the_closing_in_both_languages(tmp_path: Path) -> None:
    line = FakeLine([HANG_UP], ani=STRANGER_ANI)
    closed = in_emergency(OFFICE, Emergency(until=SUNDAY, recording=tmp_path / "fire.wav"))
    run(run_flow, caller(line, closed))
    assert [prompt.recording for prompt in line.spoken if prompt.recording] == [tmp_path / "fire.wav"]
    assert [prompt.language for prompt in line.spoken if prompt.key == "hours_opens_next"] == ["id", "en"]


def test_closing_time_says_when_somebody_is_there_again_and_self_service_stays() -> None:
    line = FakeLine(["1", HANG_UP])
    run(run_flow, caller(line, is_open(OFFICE, SUNDAY)))
    assert line.keys_heard[1:5] == ["hours_closed", "hours_opens_next", "closed_menu_invite", "closed_menu_1"]
    assert any(key.startswith("order_") for key in line.keys_heard)


@pytest.mark.parametrize("opening", [None, is_open(HOTLINE, SUNDAY)])
def test_open_says_nothing_of_hours(opening: OpenState | None) -> None:
    line = FakeLine([HANG_UP])
    run(run_flow, caller(line, opening))
    assert not [key for key in line.keys_heard if key.startswith("hours_")]


def test_a_menu_for_closing_time_takes_the_place_of_the_first() -> None:
    line = FakeLine([HANG_UP])
    closed = caller(line, is_open(OFFICE, SUNDAY))
    flow = closed.version.flow.model_copy(update={"hours": "office", "closed": "people_menu"})
    closed.version = FlowVersion(flow, 1, "a-speech-set")
    run(run_flow, closed)
    assert line.keys_heard[-1] == "people_menu_1"


def test_the_service_tells_now_and_the_week() -> None:
    line = FakeLine()
    assert OpeningHours().run(caller(line, is_open(OFFICE, SUNDAY))) is Next.GOODBYE
    assert line.keys_heard[:5] == ["hours_closed", "hours_opens_next", "hours_week_days", "hours_week_day", "hours_week_holidays"]
    always = FakeLine()
    OpeningHours().run(caller(always, None))
    assert text_of(always.spoken[0]) == "Kami buka dua puluh empat jam, setiap hari."
