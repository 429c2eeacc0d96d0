"""An agent dials by hand from a real desk: who hears whom, what is on record, what is refused, and what dies in the middle."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from core.clock import SystemClock
from core.events import EventKind
from core.settings import Settings
from launch.settings_file import variable, write_settings
from tests.live.browser import wait_for
from tests.live.call_control import AGENT_HZ, desk_of_sari, line_out, others_speak, wait_hears
from tests.live.house import WAY_OUT, wait_until
from tests.live.promised_calls import rung, told

STRANGER = "+628119000{:03d}"
ALWAYS = "mon-sun 00:00-24:00"
FIELDS = ("dial_service_hours", "dial_sales_hours")
HOURS = {variable(field): ALWAYS for field in FIELDS}


@pytest.fixture(scope="module")
def at_all_hours(_house):
    """Tests run at night, too."""
    write_settings(_house.settings.home, HOURS)
    with line_out(_house, WAY_OUT):
        yield
    write_settings(
        _house.settings.home, {name: Settings.model_fields[field].default for name, field in zip(HOURS, FIELDS, strict=True)}
    )


@pytest.fixture
def dialling_sari(playwright, halo, at_all_hours, tmp_path):
    with desk_of_sari(playwright, halo, tmp_path) as page:
        wait_for(page, phone="registered")
        yield page


def dial(sari, number: str, purpose: str = "service") -> None:
    """Alt+C, the number, what for, Enter."""
    sari.keyboard.press("Alt+c")
    sari.fill("#dial-number", number)
    sari.wait_for_selector(f"#dial-whom .dial__purpose input[value={purpose}]")
    sari.check(f"input[name=purpose][value={purpose}]")
    sari.focus("#dial-number")
    sari.keyboard.press("Enter")


def save(sari) -> None:
    wait_for(sari, agent_state="WRAP_UP")
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    sari.wait_for_selector("body:not([data-agent-state='WRAP_UP'])")


@pytest.mark.one_database
def test_an_agent_dials_and_both_hear_each_other_and_the_record_says_who_called_whom(halo, dialling_sari, tmp_path):
    sari, watch, number = dialling_sari, halo.watch(), STRANGER.format(101)
    before = sari.get_attribute("body", "data-agent-state")
    others_speak(halo, tmp_path)
    dial(sari, number)
    dialled = watch.wait(lambda event: event.kind is EventKind.INTERACTION_DIALLED, "the call out")
    wait_for(sari, agent_state="TALKING", phone="in_call")
    told(watch, EventKind.DIAL_PICKED_UP, dialled.interaction_id)
    wait_until(lambda: halo.answered_phones(number, halo.settings.hotline_number), "them to see the hotline's number")
    wait_until(lambda: halo.carrier.heard_by_phone(number) is not None, "their phone to be answered")
    wait_hears(halo.carrier.heard_by_phone(number), AGENT_HZ, "them to hear the agent")
    expect(sari.locator(".why__main")).to_contain_text("·")
    sari.keyboard.press("F6")
    told(watch, EventKind.INTERACTION_HELD, dialled.interaction_id)
    sari.keyboard.press("F6")
    told(watch, EventKind.INTERACTION_RESUMED, dialled.interaction_id)
    sari.keyboard.press("F9")
    save(sari)
    assert sari.get_attribute("body", "data-agent-state") == before, "as before the call"
    record = halo.interaction(dialled.interaction_id)
    assert (record.direction, record.purpose, record.outcome, record.ani) == ("out", "service", "reached", number)
    assert record.offered_at is None
    kinds = [part.kind for part in record.segments if part.kind != "IVR"]  # they hear a goodbye
    assert kinds == ["RING", "TALK", "HOLD", "TALK", "WRAP_UP"]
    assert rung(halo, number) == 1


@pytest.mark.long
@pytest.mark.one_database
def test_a_line_that_fell_is_called_back_at_once_out_of_the_wrap_up(halo, dialling_sari, tmp_path):
    sari, watch, number = dialling_sari, halo.watch(), STRANGER.format(105)
    others_speak(halo, tmp_path)
    dial(sari, number)
    first = watch.wait(lambda event: event.kind is EventKind.INTERACTION_DIALLED, "the call out")
    told(watch, EventKind.DIAL_PICKED_UP, first.interaction_id)
    halo.carrier.hang_up_phone(number)
    wait_for(sari, agent_state="WRAP_UP")
    sari.keyboard.press("Alt+c")
    expect(sari.locator("[data-dial-form] [name=call]")).to_be_focused()
    sari.keyboard.press("Enter")
    again = watch.wait(
        lambda event: event.kind is EventKind.INTERACTION_DIALLED and event.interaction_id != first.interaction_id,
        "the second call",
    )
    told(watch, EventKind.DIAL_PICKED_UP, again.interaction_id)
    wait_for(sari, agent_state="TALKING", phone="in_call")
    sari.keyboard.press("F9")
    save(sari)
    assert sari.locator(f"[data-unfinished='{first.interaction_id}']").count() == 1, "what was not saved waits"
    kinds = [part.kind for part in halo.interaction(first.interaction_id).segments if part.kind != "IVR"]
    assert kinds == ["RING", "TALK", "WRAP_UP"]
    assert halo.interaction(again.interaction_id).outcome == "reached"
    assert rung(halo, number) == 2


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.parametrize(("manner", "why"), [("busy", "busy"), ("reject", "refused"), ("ring", "gave_up")])
def test_who_is_not_reached_is_told_in_words_and_stands_on_record(halo, dialling_sari, manner, why):
    sari, watch, number = dialling_sari, halo.watch(), STRANGER.format({"busy": 102, "refused": 103, "gave_up": 104}[why])
    halo.carrier.set_manner(number, manner)
    dial(sari, number)
    if manner == "ring":
        assert halo.carrier.wait_for(lambda: rung(halo, number) == 1)
        sari.keyboard.press("F9")
    missed = watch.wait(lambda event: event.kind is EventKind.DIAL_MISSED, "the end of the try", 40)
    assert missed.data["why"] == why
    wait_for(sari, agent_state="WRAP_UP")
    expect(sari.locator(".call-missed")).to_be_visible()
    save(sari)
    record = halo.interaction(missed.interaction_id)
    assert (record.outcome, record.segments[0].kind, record.segments[0].detail) == ("not_reached", "RING", why)


@pytest.mark.long
@pytest.mark.one_database
def test_a_sales_call_without_consent_or_at_night_is_refused_before_anything_rings(halo, dialling_sari):
    sari, number = dialling_sari, STRANGER.format(105)
    dial(sari, number, "sales")
    expect(sari.locator("#dial-problem")).not_to_be_empty()
    sari.keyboard.press("Escape")
    there = SystemClock().now().astimezone(ZoneInfo("Asia/Jakarta")) + timedelta(hours=2)
    begins = min(there.hour, 22)
    write_settings(halo.settings.home, {"HALO_DIAL_SERVICE_HOURS": f"mon-sun {begins:02d}:00-{begins + 1:02d}:00"})
    try:
        halo.stop_process("desk")
        halo.start_process("desk")
        wait_until(lambda: halo.check("desk") == "", "the desk to be ready")
        wait_for(sari, stream="on")
        dial(sari, number)
        expect(sari.locator("button[data-dial-remind]")).to_be_visible()
        sari.click("button[data-dial-remind]")
        expect(sari.locator(".toast").first).to_be_visible()
    finally:
        write_settings(halo.settings.home, HOURS)
        halo.stop_process("desk")
        halo.start_process("desk")
        wait_until(lambda: halo.check("desk") == "", "the desk to be ready")
    assert rung(halo, number) == 0


@pytest.mark.long
@pytest.mark.one_database
def test_a_cti_killed_and_a_desk_reloaded_in_the_middle_ring_nobody_twice_and_lose_nothing(halo, dialling_sari):
    sari, watch, number = dialling_sari, halo.watch(), STRANGER.format(106)
    halo.carrier.set_for_phones(answer_after_s=4)
    try:
        dial(sari, number)
        dialled = watch.wait(lambda event: event.kind is EventKind.INTERACTION_DIALLED, "the call out")
        assert halo.carrier.wait_for(lambda: rung(halo, number) == 1)
        killed = halo.kill("cti")
        halo.wait_restarted("cti", killed)
        wait_until(halo.cti_is_ready, "cti to be ready again")
        told(watch, EventKind.DIAL_PICKED_UP, dialled.interaction_id)
    finally:
        halo.carrier.set_for_phones(answer_after_s=0)
    sari.reload()
    wait_for(sari, agent_state="TALKING", phone="in_call")
    halo.carrier.hang_up_phone(number)
    save(sari)
    record = halo.interaction(dialled.interaction_id)
    assert (record.direction, record.outcome) == ("out", "reached")
    assert rung(halo, number) == 1
