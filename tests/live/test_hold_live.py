"""A caller on hold hears music, the agent nothing and a reminder; keys reach the other side."""

import pytest
from playwright.sync_api import expect

from core.events import EventKind
from tests.live.browser import browser_page, remote_voice, wait_for
from tests.live.call_control import AGENT_HZ, CALLER_HZ, talk, wait_hears
from tests.live.hearing import make_tone, samples, tone_share
from tests.live.house import wait_until


@pytest.mark.one_database
def test_on_hold_the_caller_hears_music_and_the_agent_nothing(halo, sari, tmp_path):
    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    sari.keyboard.press("F6")
    watch.wait(lambda event: event.kind is EventKind.INTERACTION_HELD and event.interaction_id == interaction, "the hold")
    expect(sari.locator("#hold-time")).to_be_visible()
    start = len(samples(call.heard))
    wait_until(lambda: len(samples(call.heard)) > start + 24000, "three seconds on hold")
    music = samples(call.heard)[start + 4000 :]
    assert (music**2).mean() > 1e-6, "there is music"
    assert tone_share(music, AGENT_HZ) < 0.2, "and no agent"
    if sari.evaluate("document.getElementById('remote-audio').srcObject?.getAudioTracks().length ?? 0"):
        voice, _rate = remote_voice(sari)
        assert (voice**2).mean() < 1e-7, "the agent hears nothing"
    expect(sari.locator(".toast")).to_be_visible()
    expect(sari.locator("#hold-time.level--bad")).to_be_visible()
    sari.keyboard.press("F6")
    watch.wait(lambda event: event.kind is EventKind.INTERACTION_RESUMED and event.interaction_id == interaction, "the talk again")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent again")
    voice, rate = remote_voice(sari)
    assert tone_share(voice, CALLER_HZ, rate) > 0.5
    expect(sari.locator("#hold-time")).to_have_count(0)
    sari.keyboard.press("F9")
    wait_for(sari, agent_state="WRAP_UP")
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    wait_for(sari, agent_state="READY")
    segments = [part.kind for part in halo.interaction(interaction).segments if part.kind != "WRAP_UP"]
    assert segments == ["IVR", "QUEUE", "RING", "TALK", "HOLD", "TALK", "IVR"]


@pytest.mark.one_database
def test_a_reload_on_hold_keeps_the_hold(halo, sari, tmp_path):
    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    sari.keyboard.press("F6")
    expect(sari.locator("#hold-time")).to_be_visible()
    sari.reload()
    wait_for(sari, agent_state="TALKING", phone="in_call")
    expect(sari.locator("#hold-time")).to_be_visible()
    start = len(samples(call.heard))
    wait_until(lambda: len(samples(call.heard)) > start + 24000, "three seconds on hold")
    assert tone_share(samples(call.heard)[start + 4000 :], AGENT_HZ) < 0.2, "music, and no agent"
    sari.keyboard.press("F6")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent again")
    sari.keyboard.press("F9")
    wait_for(sari, agent_state="WRAP_UP")
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    wait_for(sari, agent_state="READY")
    held = [part.detail for part in halo.interaction(interaction).segments if part.kind == "HOLD"]
    assert held == ["agent", "device", "agent"]


@pytest.mark.one_database
def test_another_browser_takes_over_the_hold_and_how_long_it_has_been(halo, sari, playwright, tmp_path):
    call, _interaction = talk(halo, sari, halo.watch(), tmp_path)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    sari.keyboard.press("F6")
    expect(sari.locator("#hold-time")).to_be_visible()
    wait_until(lambda: halo.store.agent("1001").held_since is not None, "the hold to be known")
    since = halo.store.agent("1001").held_since.timestamp()
    sari.context.browser.close()
    wait_until(lambda: halo.store.agent("1001").deadline is not None, "the loss to be noticed")
    with browser_page(playwright, halo, "sari", make_tone(tmp_path / "agent.wav", AGENT_HZ, rate=48000)) as page:
        wait_for(page, agent_state="TALKING", phone="in_call")
        expect(page.locator("#hold-time")).to_be_visible()
        shown = page.evaluate("Date.parse(document.getElementById('hold-time').dataset.since)") / 1000
        assert abs(shown - since) < 0.5, "the time in which the browser was away counts"
        start = len(samples(call.heard))
        wait_until(lambda: len(samples(call.heard)) > start + 24000, "three seconds on hold")
        assert tone_share(samples(call.heard)[start + 4000 :], AGENT_HZ) < 0.2, "music, and no agent"
        page.keyboard.press("F6")
        wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent again")
        page.keyboard.press("F9")
        wait_for(page, agent_state="WRAP_UP")
        page.keyboard.press("Alt+1")
        page.keyboard.press("Control+Enter")
        wait_for(page, agent_state="READY")


@pytest.mark.one_database
def test_keys_reach_the_other_side(halo, sari, tmp_path):
    call, _interaction = talk(halo, sari, halo.watch(), tmp_path)
    sari.keyboard.press("Alt+d")
    expect(sari.locator("#keypad")).to_be_visible()
    for key in "42#":
        sari.keyboard.press(key)
        sari.wait_for_timeout(300)
    expect(sari.locator("#keypad-sent")).to_have_text("42#")
    assert halo.carrier.wait_for(lambda: call.keys == "42#"), call.keys
    sari.keyboard.press("Escape")
    expect(sari.locator("#keypad-sent")).to_have_text("")
    assert call.is_up
    sari.keyboard.press("F9")
