"""The page of the colleague who is asked goes away in the consult, and comes back: who hears whom meanwhile and afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from launch.demo.carrier import Call
from launch.demo.event_watch import EventWatch
from tests.live.browser import browser_page, go_ready, remote_voice, wait_for
from tests.live.call_control import AGENT_HZ, CALLER_HZ, OTHER_HZ, talk, wait_hears
from tests.live.consulting import agent_hears, ask_first, has_music, phase
from tests.live.hearing import make_tone, tone_share
from tests.live.house import House, wait_until

pytestmark = pytest.mark.one_database

ANDI = "1004"


@contextmanager
def desk_of_andi(playwright: Playwright, halo: House, tmp_path: Path) -> Iterator[Page]:
    """The browser of the agent Andi, who speaks in a tone of 2100 Hz."""
    with browser_page(playwright, halo, "andi", make_tone(tmp_path / "andi.wav", OTHER_HZ, rate=48000)) as page:
        yield page
        halo.settle()


@pytest.fixture
def andi(halo: House, playwright: Playwright, tmp_path: Path) -> Iterator[Page]:
    with desk_of_andi(playwright, halo, tmp_path) as page:
        yield page


def asking(halo: House, sari: Page, andi: Page, watch: EventWatch, tmp_path: Path) -> tuple[Call, str]:
    """A caller on hold, Sari and Andi speak with each other, both in their browsers."""
    call, interaction = talk(halo, sari, watch, tmp_path)
    go_ready(andi)
    ask_first(sari, ANDI)
    phase(watch, interaction, "calling")
    wait_for(andi, phone="ringing")
    andi.keyboard.press("F4")
    phase(watch, interaction, "with_them")
    wait_for(andi, agent_state="TALKING", phone="in_call")
    return call, interaction


def is_kept(halo: House) -> bool:
    return halo.store.agent(ANDI).deadline is not None


def hears(page: Page, tone_hz: float) -> bool:
    """Whether whoever is at this page hears the tone."""
    voice, rate = remote_voice(page)
    return tone_share(voice, tone_hz, rate) > 0.4


def hears_music(page: Page) -> bool:
    voice, rate = remote_voice(page)
    return (voice**2).mean() > 1e-6 and all(tone_share(voice, hz, rate) < 0.2 for hz in (CALLER_HZ, AGENT_HZ, OTHER_HZ))


def end(call: Call, sari: Page) -> None:
    call.hang_up()
    wait_for(sari, agent_state="WRAP_UP")
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    wait_for(sari, agent_state="READY")


def test_the_colleagues_reload_keeps_the_consult_and_whoever_asks_hears_music(halo, sari, andi, tmp_path):
    watch = halo.watch()
    call, interaction = asking(halo, sari, andi, watch, tmp_path)
    assert agent_hears(sari, OTHER_HZ)
    assert hears(andi, AGENT_HZ)
    andi.goto("about:blank")
    wait_until(lambda: is_kept(halo), "the loss to be noticed")
    expect(sari.locator(".controls__middle")).to_contain_text("Andi")
    expect(sari.locator("[data-consult=complete]")).to_have_count(0)
    wait_until(lambda: hears_music(sari), "whoever asks to hear music")
    assert has_music(call.heard), "the caller hears music, as before"
    andi.goto(f"{halo.address}/desk")
    wait_for(andi, agent_state="TALKING", phone="in_call")
    wait_until(lambda: not is_kept(halo), "the colleague to be back")
    assert agent_hears(sari, OTHER_HZ), "the agent hears the colleague again"
    assert hears(andi, AGENT_HZ), "the colleague hears the agent again"
    assert has_music(call.heard)

    sari.keyboard.press("F6")
    phase(watch, interaction, "with_caller")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    andi.reload()
    wait_for(andi, agent_state="TALKING", phone="in_call")
    wait_until(lambda: not halo.store.agent("1001").consult.away, "the colleague to be back, who is on hold")
    assert agent_hears(sari, CALLER_HZ), "neither the agent nor the caller has noticed"
    assert hears_music(andi)

    sari.keyboard.press("Alt+m")
    phase(watch, interaction, "three")
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague", share=0.2)
    andi.reload()
    wait_for(andi, agent_state="TALKING", phone="in_call")
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague again", share=0.2)
    sari.keyboard.press("F8")
    wait_for(sari, agent_state="WRAP_UP")
    assert halo.store.agent(ANDI).holds_caller
    andi.keyboard.press("F9")
    wait_for(andi, agent_state="WRAP_UP")
    assert call.ended.wait(20)
    for page in (sari, andi):
        page.keyboard.press("Alt+1")
        page.keyboard.press("Control+Enter")
        wait_for(page, agent_state="READY")


@pytest.mark.long
def test_a_colleague_who_stays_away_leaves_the_caller_with_whoever_asks_who_is_told(halo, sari, andi, tmp_path):
    watch = halo.watch()
    call, interaction = asking(halo, sari, andi, watch, tmp_path)
    andi.goto("about:blank")
    wait_until(lambda: is_kept(halo), "the loss to be noticed")
    phase(watch, interaction, "")
    expect(sari.locator(".toast")).to_contain_text("tidak kembali")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    assert agent_hears(sari, CALLER_HZ)
    assert halo.store.agent(ANDI).reason == "device"
    end(call, sari)


@pytest.mark.long
def test_a_colleague_whose_phone_rings_and_who_reloads_is_rung_again(halo, sari, andi, tmp_path):
    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    go_ready(andi)
    ask_first(sari, ANDI)
    wait_for(andi, phone="ringing")
    andi.reload()
    wait_for(andi, agent_state="RINGING", phone="ringing")
    andi.keyboard.press("F4")
    phase(watch, interaction, "with_them")
    assert agent_hears(sari, OTHER_HZ)
    assert has_music(call.heard)
    sari.keyboard.press("Alt+b")
    wait_for(andi, agent_state="READY")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    end(call, sari)


@pytest.mark.long
def test_whoever_asks_goes_to_the_caller_meanwhile(halo, sari, andi, tmp_path):
    watch = halo.watch()
    call, interaction = asking(halo, sari, andi, watch, tmp_path)
    andi.goto("about:blank")
    expect(sari.locator("[data-consult=merge]")).to_have_count(0)
    wait_until(lambda: is_kept(halo), "the loss to be noticed")
    sari.keyboard.press("F6")
    phase(watch, interaction, "with_caller")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    andi.goto(f"{halo.address}/desk")
    wait_for(andi, agent_state="TALKING", phone="in_call")
    wait_until(lambda: hears_music(andi), "the colleague to hear music")
    again = halo.watch()
    sari.keyboard.press("F6")
    phase(again, interaction, "with_them")
    wait_until(lambda: hears(andi, AGENT_HZ), "the colleague to hear the agent")
    sari.keyboard.press("Alt+b")
    wait_for(andi, agent_state="READY")
    end(call, sari)


def test_the_caller_hangs_up_while_the_agent_speaks_with_the_colleague(halo, sari, andi, tmp_path):
    watch = halo.watch()
    call, _interaction = asking(halo, sari, andi, watch, tmp_path)
    call.hang_up()
    expect(sari.locator(".controls__middle")).to_contain_text("Penelepon sudah menutup")
    assert agent_hears(sari, OTHER_HZ), "those two still speak"
    assert hears(andi, AGENT_HZ)
    sari.keyboard.press("Alt+b")
    wait_for(andi, agent_state="READY")
    wait_for(sari, agent_state="WRAP_UP")
    end(call, sari)
