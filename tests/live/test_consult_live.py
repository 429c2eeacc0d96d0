"""Asking somebody first, from a real desk: who hears whom at each step, by the tones of three speakers."""

import pytest
from playwright.sync_api import expect

from tests.live.browser import wait_for
from tests.live.call_control import AGENT_HZ, CALLER_HZ, OTHER_HZ, hears_tone, others_speak, talk, wait_hears
from tests.live.consulting import OUTSIDE, agent_hears, ask_first, consulting, has_music, phase
from tests.live.house import wait_until


def newest_area(page) -> str:
    """The work area as the colleague sees it now."""
    return next((push.html for push in reversed(page.pushes) if push.html), "")


@pytest.mark.one_database
def test_ask_swap_and_hand_over(halo, sari, pages, tmp_path):
    watch = halo.watch()
    call, interaction, page = consulting(halo, sari, pages, watch, tmp_path)
    wait_until(lambda: has_music(call.heard), "the caller to hear music")
    assert agent_hears(sari, OTHER_HZ), "the agent hears the colleague"
    wait_hears(halo.carrier.heard_by_phone("agent-2004"), AGENT_HZ, "the colleague to hear the agent")
    expect(sari.locator("[data-consult=complete]")).to_be_visible()

    sari.keyboard.press("F6")
    phase(watch, interaction, "with_caller")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    wait_until(lambda: has_music(halo.carrier.heard_by_phone("agent-2004")), "the colleague to hear music")
    wait_until(lambda: "and you hear music" in newest_area(page), "the colleague to read so")
    halo.carrier.press_phone("agent-2004", "5")  # by mistake
    again = halo.watch()
    sari.keyboard.press("F6")
    phase(again, interaction, "with_them")
    wait_until(lambda: "Sari asks you; the caller hears music" in newest_area(page), "the colleague to read so, too")
    wait_hears(halo.carrier.heard_by_phone("agent-2004"), AGENT_HZ, "the colleague to hear the agent again")

    sari.keyboard.press("F8")
    wait_for(sari, agent_state="WRAP_UP")
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague")
    wait_hears(halo.carrier.heard_by_phone("agent-2004"), CALLER_HZ, "the colleague to hear the caller")
    assert halo.store.agent("2004").holds_caller
    halo.carrier.hang_up_phone("agent-2004")
    page.wait_state("WRAP_UP")
    page.save("solved", "", ready_after=False)
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    wait_for(sari, agent_state="READY")
    kinds = [(part.kind, part.agent_id) for part in halo.interaction(interaction).segments if part.kind != "WRAP_UP"]
    assert kinds == [
        ("IVR", ""), ("QUEUE", ""), ("RING", "1001"), ("TALK", "1001"), ("CONSULT", "1001"), ("TALK", "1001"),
        ("CONSULT", "1001"), ("TALK", "2004"), ("IVR", "2004"),
    ]  # fmt: skip
    assert halo.interaction(interaction).agent_id == "2004"


@pytest.mark.long
@pytest.mark.one_database
def test_three_way_goes_on_when_the_agent_leaves(halo, sari, pages, tmp_path):
    watch = halo.watch()
    call, interaction, page = consulting(halo, sari, pages, watch, tmp_path)
    sari.keyboard.press("Alt+m")
    phase(watch, interaction, "three")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent", share=0.2)
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague", share=0.2)
    heard = halo.carrier.heard_by_phone("agent-2004")
    wait_hears(heard, AGENT_HZ, "the colleague to hear the agent", share=0.2)
    wait_hears(heard, CALLER_HZ, "the colleague to hear the caller", share=0.2)
    assert agent_hears(sari, CALLER_HZ, 0.2)
    assert agent_hears(sari, OTHER_HZ, 0.2)

    sari.keyboard.press("F9")
    wait_for(sari, agent_state="WRAP_UP")
    assert call.is_up
    assert halo.store.agent("2004").holds_caller
    wait_until(lambda: not hears_tone(call.heard, AGENT_HZ, 0.1), "the agent to be gone")
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague still")
    wait_hears(heard, CALLER_HZ, "the colleague to hear the caller still")
    halo.carrier.hang_up_phone("agent-2004")
    page.wait_state("WRAP_UP")
    assert call.ended.wait(20), "after the last of them the caller hears goodbye"
    page.save("solved", "", ready_after=False)


@pytest.mark.one_database
def test_who_asks_while_the_caller_is_on_hold_speaks_with_the_colleague_and_sees_when_they_are_muted(halo, sari, pages, tmp_path):
    watch = halo.watch()
    others_speak(halo, tmp_path)
    call, interaction = talk(halo, sari, watch, tmp_path)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    sari.keyboard.press("F6")
    expect(sari.locator("#hold-time")).to_be_visible()
    page = pages.open("2004")
    ask_first(sari, "2004")
    phase(watch, interaction, "with_them")
    page.wait_state("TALKING")
    expect(sari.locator("[data-consult=swap]")).to_be_visible()
    colleague = halo.carrier.heard_by_phone("agent-2004")
    wait_hears(colleague, AGENT_HZ, "the colleague to hear the agent, who had the caller on hold")
    assert agent_hears(sari, OTHER_HZ), "the agent hears the colleague"
    assert has_music(call.heard)
    sari.keyboard.press("F7")
    expect(sari.locator("#mute[aria-pressed=true]")).to_be_visible()
    wait_until(lambda: not hears_tone(colleague, AGENT_HZ), "the colleague to hear nothing of the muted agent")
    sari.reload()
    wait_for(sari, agent_state="TALKING", phone="in_call")
    expect(sari.locator("#mute[aria-pressed=true]")).to_be_visible()
    sari.keyboard.press("Alt+b")
    page.wait_state("READY")
    expect(sari.locator("#mute[aria-pressed=true]")).to_be_visible()
    sari.keyboard.press("F7")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent, and no hold any more")
    sari.keyboard.press("F9")
    wait_for(sari, agent_state="WRAP_UP")


@pytest.mark.long
@pytest.mark.one_database
def test_the_colleague_leaves_and_the_agent_is_back_with_the_caller(halo, sari, pages, tmp_path):
    watch = halo.watch()
    call, interaction, page = consulting(halo, sari, pages, watch, tmp_path)
    halo.carrier.hang_up_phone("agent-2004")
    phase(watch, interaction, "")
    page.wait_state("READY")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    assert agent_hears(sari, CALLER_HZ)
    ask_first(sari, "2004")
    wait_until(lambda: halo.store.agent("2004").state == "TALKING", "the colleague to answer again")
    sari.keyboard.press("Alt+b")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent once more")
    page.wait_state("READY")
    sari.keyboard.press("F9")
    wait_for(sari, agent_state="WRAP_UP")
    assert call.ended.wait(20)


@pytest.mark.long
@pytest.mark.one_database
def test_a_colleague_who_does_not_answer_is_not_ready_and_the_caller_is_back(halo, sari, pages, tmp_path):
    watch = halo.watch()
    halo.carrier.set_manner("agent-2004", "ring")
    call, interaction = talk(halo, sari, watch, tmp_path)
    page = pages.open("2004")
    ask_first(sari, "2004")
    phase(watch, interaction, "calling")
    phase(watch, interaction, "")
    page.wait_state("NOT_READY")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    assert halo.store.agent("1001").state == "TALKING"
    sari.keyboard.press("F9")


@pytest.mark.one_database
@pytest.mark.usefixtures("way_outside")
def test_a_number_outside_is_asked_and_gets_the_caller(halo, sari, tmp_path):
    watch = halo.watch()
    others_speak(halo, tmp_path)
    call, interaction = talk(halo, sari, watch, tmp_path)
    ask_first(sari, OUTSIDE)
    phase(watch, interaction, "with_them")
    assert agent_hears(sari, OTHER_HZ)
    sari.keyboard.press("F8")
    wait_for(sari, agent_state="WRAP_UP")
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the number outside")
    halo.carrier.hang_up_phone(OUTSIDE)
    assert call.ended.wait(20)


@pytest.mark.long
@pytest.mark.one_database
def test_killing_cti_in_a_consult_drops_nobody(halo, sari, pages, tmp_path):
    watch = halo.watch()
    call, _interaction, page = consulting(halo, sari, pages, watch, tmp_path)
    killed = halo.kill("cti")
    sari.keyboard.press("F9")  # while nobody of ours hears it: the dialplan gives the caller to the colleague
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague")
    halo.wait_restarted("cti", killed)
    wait_until(halo.cti_is_ready, "cti to be ready again")
    wait_for(sari, agent_state="WRAP_UP")
    wait_until(lambda: halo.store.agent("2004").holds_caller, "the caller to be the colleague's")
    assert call.is_up
    halo.carrier.hang_up_phone("agent-2004")
    page.wait_state("WRAP_UP")
    page.save("solved", "", ready_after=False)
