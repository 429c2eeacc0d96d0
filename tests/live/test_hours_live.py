"""Closing in an emergency, as supervisors live it: by phone with a real voice path, and on the page in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from core.clock import SystemClock
from ivr.closings import By, Way, history, in_force, reopen
from ivr.control_pins import set_control_pin
from ivr.hours import OpenState, Why
from ivr.hours_now import Hours
from launch.demo.carrier import Call
from tests.live.browser import browser_page, choose_language
from tests.live.callers import interaction_of, press_through
from tests.live.hearing import heard_at_s, make_tone, samples, tone_share
from tests.live.house import House, wait_until

pytestmark = pytest.mark.one_database

PIN = "270184"
VOICE_HZ = 900
TWO_SECONDS_BYTES = 2 * 8000 * 2


@pytest.fixture
def ratna(halo: House, playwright: Playwright) -> Iterator[Page]:
    with browser_page(playwright, halo, "ratna") as page:
        choose_language(page, "en")
        yield page


@pytest.fixture(autouse=True)
def _open_again(halo: House) -> Iterator[None]:
    yield
    now = SystemClock().now()
    with halo.database.writing() as session:
        for closing in in_force(session, now):
            reopen(session, closing.id, By("test", Way.COMMAND), now)
        session.commit()


def state(halo: House, schedule: str = "hotline") -> OpenState:
    return Hours(halo.settings.home, halo.database, fresh_for_s=0).state(schedule, SystemClock().now())


def hears(halo: House, call: Call, key: str, language: str = "en") -> None:
    wait_until(lambda: halo.hears(call, key, language), f"{key} to be heard", timeout_s=30)


def in_control(halo: House, number: str, voice: Path) -> Call:
    """A supervisor's call to the control line, who has said who they are."""
    call = halo.carrier.dial(halo.settings.control_number, "+628111222333", voice).wait_answered()
    halo.calls.append(call)
    for prompt, keys in (("control_number", number), ("control_pin", PIN)):
        hears(halo, call, prompt, "id")
        call.press(keys)
    return call


def recordings(halo: House) -> set[Path]:
    return set((halo.settings.home / "recordings").glob("*.wav"))


def spoken_bytes(halo: House, before: set[Path]) -> int:
    return max((file.stat().st_size for file in recordings(halo) - before), default=0)


def test_a_supervisor_closes_by_phone_in_their_own_voice_and_reopens(halo: House, tmp_path) -> None:
    with halo.database.writing() as session:
        number = set_control_pin(session, "ratna", "Ratna", "en", PIN, SystemClock().now())
        session.commit()
    voice = make_tone(tmp_path / "voice.wav", VOICE_HZ)
    call = in_control(halo, number, voice)
    for prompt, keys in (("control_menu", "1"), ("control_close_all", "1"), ("control_how_long", "0")):
        hears(halo, call, prompt)
        call.press(keys)
    before = recordings(halo)
    hears(halo, call, "control_record")
    call.speak()
    wait_until(lambda: spoken_bytes(halo, before) > TWO_SECONDS_BYTES, "two seconds to be recorded")
    call.press("#")
    hears(halo, call, "control_agree")
    call.press("1")
    hears(halo, call, "control_closed")

    closed = state(halo)
    assert closed.why is Why.EMERGENCY
    assert closed.emergency is not None
    assert closed.emergency.recording is not None
    assert tone_share(samples(closed.emergency.recording), VOICE_HZ) > 0.5
    watch = halo.watch()
    customer = halo.dial().wait_answered()
    press_through(customer, interaction_of(customer, watch), watch, "2")
    recording = closed.emergency.recording
    wait_until(
        lambda: customer.heard.exists() and heard_at_s(customer.heard, recording) != [], "the message to be heard", timeout_s=30
    )
    with halo.database.reading() as session:
        assert (history(session)[0].closed_by, history(session)[0].closed_way) == ("Ratna", "phone")

    call.hang_up()
    call = in_control(halo, number, voice)  # the menu does not wait for as long as the customer took
    hears(halo, call, "control_menu")
    call.press("2")
    hears(halo, call, "control_reopened")
    assert state(halo).open


def test_a_wrong_pin_gets_nowhere(halo: House) -> None:
    call = halo.carrier.dial(halo.settings.control_number, "+628111222444").wait_answered()
    halo.calls.append(call)
    hears(halo, call, "control_number", "id")
    call.press("1234")
    hears(halo, call, "control_pin", "id")
    call.press("111222")
    hears(halo, call, "control_refused", "id")
    assert state(halo).open


def test_closing_on_the_page_by_keyboard(halo: House, ratna: Page) -> None:
    ratna.click("nav.rail a[href='/hours']")
    expect(ratna.locator("[data-schedule=hotline]")).to_have_attribute("data-open", "yes")
    expect(ratna.locator("textarea[name=text_en]")).to_be_hidden()
    ratna.keyboard.press("c")
    ratna.keyboard.press("Tab")  # to the end of it
    ratna.keyboard.press("Tab")  # to what callers hear
    ratna.keyboard.press("ArrowDown")  # my words, spoken
    ratna.locator("textarea[name=text_en]").fill("The power is out. Please call again later.")
    ratna.keyboard.press("Tab")
    ratna.keyboard.press("Enter")
    expect(ratna.locator(".closing h2")).to_have_text("All lines closed by hand")
    expect(ratna.locator("[data-schedule=hotline]")).to_have_attribute("data-open", "no")
    emergency = state(halo).emergency
    assert emergency is not None
    assert emergency.text == {"en": "The power is out. Please call again later."}

    ratna.keyboard.press("r")
    ratna.keyboard.press("Enter")
    expect(ratna.locator(".closing--over h2")).to_have_text("All lines reopened")
    assert state(halo).open
    ratna.keyboard.press("u")
    ratna.keyboard.press("Enter")
    expect(ratna.locator(".closing h2")).to_have_text("All lines closed by hand")
    assert state(halo).why is Why.EMERGENCY
    ratna.keyboard.press("r")
    ratna.keyboard.press("Enter")
    expect(ratna.locator(".closing--over")).to_be_visible()


def test_a_recording_brought_on_the_page_is_what_the_page_plays(halo: House, ratna: Page, tmp_path) -> None:
    studio = make_tone(tmp_path / "studio.wav", VOICE_HZ, length_s=60, rate=48000)
    ratna.goto(f"{halo.address}/hours")
    ratna.get_by_label("A recording", exact=True).check()
    ratna.locator("input[name=recording]").set_input_files(studio)
    ratna.locator("#close button").click()
    expect(ratna.locator(".closing audio")).to_be_visible()
    length_s = ratna.evaluate(
        """async () => { const audio = document.querySelector('.closing audio'); audio.preload = 'auto'; audio.load();
        await new Promise((done, bad) => { audio.oncanplaythrough = done; audio.onerror = bad; }); return audio.duration; }"""
    )
    assert abs(length_s - 60) < 0.5


def test_the_page_breaks_no_rule_of_its_own(halo: House, ratna: Page) -> None:
    told: list[str] = []
    ratna.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    for language in ("id", "en"):
        ratna.goto(f"{halo.address}/hours")
        choose_language(ratna, language)
        ratna.wait_for_selector("body.hours")
        assert ratna.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert told == []
