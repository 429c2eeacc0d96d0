"""The agent's page goes away while somebody is asked about the call, or in a three-way talk: who hears whom until it is back."""

import pytest
from playwright.sync_api import Page

from core.events import EventKind
from ivr.line import Prompt
from launch.demo.hearing import RATE, found_at_s
from launch.prompts import voice_of
from routing.order import FIRST
from tests.live.browser import remote_voice, wait_for
from tests.live.call_control import AGENT_HZ, CALLER_HZ, OTHER_HZ, hears_tone, others_speak, talk, wait_hears
from tests.live.consulting import OUTSIDE, agent_hears, ask_first, consulting, has_music, phase
from tests.live.hearing import samples, tone_level
from tests.live.house import House, wait_until

pytestmark = pytest.mark.one_database

COLLEAGUE = "agent-2004"
AUDIBLE = 0.02  # see test_recordings_live.py


def go_away(sari: Page, halo: House) -> None:
    """The page is gone, as in the first moment of a reload or a crash, and stays away."""
    sari.goto("about:blank")
    wait_until(lambda: halo.store.agent("1001").deadline is not None, "the loss to be noticed")


def come_back(sari: Page, halo: House) -> None:
    """The page is opened again, and called back by itself."""
    sari.goto(f"{halo.address}/desk")
    wait_for(sari, agent_state="TALKING", phone="in_call")
    wait_until(lambda: halo.store.agent("1001").deadline is None, "everybody to be together again")


def heard_one_moment(halo: House, heard) -> bool:
    """By its last half second: a busy machine loses some of it in the moment in which everybody is moved."""
    sound = voice_of(halo.settings).file_for(Prompt("one_moment", "id"))
    return heard.exists() and len(found_at_s(samples(heard), samples(sound)[-RATE // 2 :])) >= 1


def stays_so(holds, heard, what: str) -> None:
    """It holds now and after two more seconds of what was heard."""
    wait_until(holds, what)
    start = len(samples(heard))
    wait_until(lambda: len(samples(heard)) > start + 20000, "time to go by")
    assert holds(), what


def agent_hears_beside(sari: Page, tone_hz: float) -> bool:
    """Whether the agent hears this tone beside another, which may be louder."""
    voice, rate = remote_voice(sari)
    return tone_level(voice, tone_hz, rate) > AUDIBLE


def save(sari: Page) -> None:
    wait_for(sari, agent_state="WRAP_UP", phone="registered")
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    wait_for(sari, agent_state="READY")


def colleague_ends(halo: House, page) -> None:
    halo.carrier.hang_up_phone(COLLEAGUE)
    page.wait_state("WRAP_UP")
    page.save("solved", "", ready_after=False)


def test_a_page_that_is_back_finds_the_consult_the_swap_and_the_three_way_as_they_were(halo, sari, pages, tmp_path):
    watch = halo.watch()
    call, interaction, _page = consulting(halo, sari, pages, watch, tmp_path)
    colleague = halo.carrier.heard_by_phone(COLLEAGUE)
    go_away(sari, halo)
    wait_until(lambda: heard_one_moment(halo, colleague), "the colleague to hear: one moment")
    stays_so(lambda: has_music(colleague) and has_music(call.heard), colleague, "music for both")
    come_back(sari, halo)
    wait_hears(colleague, AGENT_HZ, "the colleague to hear the agent again")
    assert agent_hears(sari, OTHER_HZ), "the agent hears the colleague again"
    assert has_music(call.heard), "the caller still hears music"

    sari.keyboard.press("F6")
    phase(watch, interaction, "with_caller")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    go_away(sari, halo)
    wait_until(lambda: heard_one_moment(halo, call.heard), "the caller to hear: one moment")
    stays_so(lambda: has_music(colleague) and has_music(call.heard), call.heard, "music for both, when swapped")
    come_back(sari, halo)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent again")
    assert agent_hears(sari, CALLER_HZ), "the agent hears the caller again"
    assert has_music(colleague), "the colleague still hears music"
    again = halo.watch()
    sari.keyboard.press("F6")
    phase(again, interaction, "with_them")
    wait_hears(colleague, AGENT_HZ, "the colleague to hear the agent after a swap with the new leg")

    sari.keyboard.press("Alt+m")
    phase(watch, interaction, "three")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent", share=0.2)
    go_away(sari, halo)
    stays_so(
        lambda: hears_tone(call.heard, OTHER_HZ) and hears_tone(colleague, CALLER_HZ) and not hears_tone(call.heard, AGENT_HZ, 0.1),
        call.heard, "caller and colleague to go on with each other",
    )  # fmt: skip
    come_back(sari, halo)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent", share=0.2)
    wait_hears(colleague, AGENT_HZ, "the colleague to hear the agent", share=0.2)
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague", share=0.2)
    for tone_hz in (CALLER_HZ, OTHER_HZ):
        wait_until(lambda hz=tone_hz: agent_hears_beside(sari, hz), f"the agent to hear {tone_hz} Hz")
    call.hang_up()
    save(sari)
    kinds = [
        (part.kind, part.detail) for part in halo.interaction(interaction).segments if part.kind in ("TALK", "CONSULT", "HOLD")
    ]
    assert kinds == [
        ("TALK", ""), ("CONSULT", "consult"), ("HOLD", "device"), ("CONSULT", "consult"), ("TALK", ""), ("HOLD", "device"),
        ("TALK", ""), ("CONSULT", "consult"), ("TALK", ""),
    ]  # fmt: skip


@pytest.mark.long
def test_a_quick_reload_is_enough(halo, sari, pages, tmp_path):
    watch = halo.watch()
    call, _interaction, _page = consulting(halo, sari, pages, watch, tmp_path)
    colleague = halo.carrier.heard_by_phone(COLLEAGUE)
    for _time in range(2):
        again = halo.watch()
        sari.reload()
        again.wait(lambda event: event.kind is EventKind.INTERACTION_HELD and event.data["why"] == "consult", "the consult again")
        wait_for(sari, agent_state="TALKING", phone="in_call")
        wait_hears(colleague, AGENT_HZ, "the colleague to hear the agent again")
        assert agent_hears(sari, OTHER_HZ)
    assert has_music(call.heard)
    sari.keyboard.press("Alt+b")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    sari.keyboard.press("F9")
    save(sari)


@pytest.mark.long
@pytest.mark.parametrize("swapped", [False, True])
def test_who_stays_away_leaves_the_caller_to_the_colleague_who_waits(halo, sari, pages, tmp_path, swapped):
    watch = halo.watch()
    call, interaction, page = consulting(halo, sari, pages, watch, tmp_path)
    if swapped:
        sari.keyboard.press("F6")
        phase(watch, interaction, "with_caller")
    go_away(sari, halo)
    wait_until(lambda: halo.store.agent("2004").holds_caller, "the caller to be the colleague's", 30)
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague")
    wait_hears(halo.carrier.heard_by_phone(COLLEAGUE), CALLER_HZ, "the colleague to hear the caller")
    sari.goto(f"{halo.address}/desk")
    assert halo.store.agent("1001").state in ("WRAP_UP", "NOT_READY")
    colleague_ends(halo, page)
    assert call.ended.wait(20), "goodbye after the colleague's talk"
    assert halo.interaction(interaction).agent_id == "2004"


@pytest.mark.long
def test_in_a_three_way_talk_the_two_go_on(halo, sari, pages, tmp_path):
    watch = halo.watch()
    call, interaction, page = consulting(halo, sari, pages, watch, tmp_path)
    sari.keyboard.press("Alt+m")
    phase(watch, interaction, "three")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent", share=0.2)
    go_away(sari, halo)
    wait_until(lambda: halo.store.agent("2004").holds_caller, "the caller to be the colleague's", 30)
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague")
    sari.goto(f"{halo.address}/desk")
    colleague_ends(halo, page)
    assert call.ended.wait(20)


@pytest.mark.long
@pytest.mark.usefixtures("way_outside")
def test_a_number_outside_that_was_only_asked_has_no_caller_who_is_at_the_front_of_the_line(halo, sari, tmp_path):
    watch = halo.watch()
    others_speak(halo, tmp_path)
    call, interaction = talk(halo, sari, watch, tmp_path)
    ask_first(sari, OUTSIDE)
    phase(watch, interaction, "with_them")
    go_away(sari, halo)
    outside = halo.carrier.heard_by_phone(OUTSIDE)
    wait_until(lambda: heard_one_moment(halo, outside), "the number outside to hear: one moment")
    wait_until(lambda: interaction in halo.store.snapshot().line, "the caller to be in line", 30)
    assert halo.store.snapshot().line[interaction].priority == FIRST
    assert call.is_up
    wait_until(lambda: has_music(call.heard), "the caller to hear music")
    channels = halo.carrier.ami.rows("CoreShowChannels")
    assert not [row for row in channels if row.get("exten") == OUTSIDE], "they are let go"
    sari.goto(f"{halo.address}/desk")
    wait_for(sari, agent_state="NOT_READY", phone="registered")
    sari.keyboard.press("F2")
    wait_for(sari, phone="ringing")
    sari.keyboard.press("F4")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    call.hang_up()
    save(sari)


@pytest.mark.long
@pytest.mark.parametrize("three", [False, True])
def test_the_colleague_hangs_up_meanwhile_and_the_agent_is_called_back_to_the_caller(halo, sari, pages, tmp_path, three):
    watch = halo.watch()
    call, interaction, page = consulting(halo, sari, pages, watch, tmp_path)
    if three:
        sari.keyboard.press("Alt+m")
        phase(watch, interaction, "three")
        wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent", share=0.2)
    go_away(sari, halo)
    halo.carrier.hang_up_phone(COLLEAGUE)
    page.wait_state("READY")
    wait_until(lambda: has_music(call.heard), "the caller to hear music")
    assert call.is_up
    come_back(sari, halo)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    assert agent_hears(sari, CALLER_HZ)
    sari.keyboard.press("F9")
    assert call.ended.wait(20), "this time it is a hang-up"
    save(sari)


@pytest.mark.long
def test_the_caller_hangs_up_meanwhile_and_everybody_is_free(halo, sari, pages, tmp_path):
    watch = halo.watch()
    call, interaction, page = consulting(halo, sari, pages, watch, tmp_path)
    go_away(sari, halo)
    call.hang_up()
    page.wait_state("READY")
    sari.goto(f"{halo.address}/desk")
    save(sari)
    assert halo.interaction(interaction).agent_id == "1001"


@pytest.mark.long
@pytest.mark.parametrize("three", [False, True])
def test_cti_is_killed_while_the_page_is_away(halo, sari, pages, tmp_path, three):
    watch = halo.watch()
    call, interaction, _page = consulting(halo, sari, pages, watch, tmp_path)
    colleague = halo.carrier.heard_by_phone(COLLEAGUE)
    if three:
        sari.keyboard.press("Alt+m")
        phase(watch, interaction, "three")
        wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent", share=0.2)
    go_away(sari, halo)
    killed = halo.kill("cti")
    sari.goto(f"{halo.address}/desk")
    halo.wait_restarted("cti", killed)
    wait_for(sari, agent_state="TALKING", phone="in_call")
    wait_until(lambda: halo.store.agent("1001").deadline is None, "everybody to be together again")
    wait_hears(colleague, AGENT_HZ, "the colleague to hear the agent", share=0.2)
    assert agent_hears(sari, OTHER_HZ, 0.2)
    if three:
        wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent", share=0.2)
    else:
        assert has_music(call.heard)
    call.hang_up()
    sari.keyboard.press("F9")
    save(sari)


@pytest.mark.long
@pytest.mark.parametrize("asks", [False, True])
def test_a_reload_that_nobody_hears_because_cti_is_dead(halo, sari, pages, tmp_path, asks):
    watch = halo.watch()
    call = consulting(halo, sari, pages, watch, tmp_path)[0] if asks else talk(halo, sari, watch, tmp_path)[0]
    other = halo.carrier.heard_by_phone(COLLEAGUE) if asks else call.heard
    wait_hears(other, AGENT_HZ, "the other side to hear the agent")
    halo.stop_process("cti")
    sari.reload()
    wait_for(sari, phone="registered")
    start = len(samples(other))
    halo.start_process("cti")
    wait_for(sari, agent_state="TALKING", phone="in_call")
    wait_until(lambda: len(samples(other)) > start + 24000, "time to go by")
    wait_hears(other, AGENT_HZ, "the other side to hear the agent again")
    assert agent_hears(sari, OTHER_HZ if asks else CALLER_HZ)
    if asks:
        assert has_music(call.heard), "the caller still hears music"
    call.hang_up()
    sari.keyboard.press("F9")
    save(sari)
