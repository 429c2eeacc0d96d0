"""Hand-overs from a real desk: to a queue, to a colleague, outside; and with cti killed in the middle."""

import pytest
from playwright.sync_api import expect

from asterisk_conf import names
from core.clock import SystemClock
from core.events import EventKind
from cti.place_on_channel import place_to_variable
from launch.demo.ami_thread import AmiThread
from tests.live.browser import wait_for
from tests.live.call_control import OTHER_HZ, hand_over, handed, others_speak, talk, wait_hears
from tests.live.callers import changed, to_queue
from tests.live.house import wait_until
from tests.live.promised_calls import rung

NOTE = "Router is new, the lamp stays red"
OUTSIDE = "+628119000777"


def technical(sari):
    """The queue's name in the language of the page."""
    return "technical" if sari.get_attribute("html", "lang") == "en" else "teknis"


def given_to(watch, interaction: str, agent_id: str, action: str):
    """The change of this agent, who is not the first to have the caller."""
    return watch.wait(
        lambda event: event.interaction_id == interaction and event.agent_id == agent_id and event.data.get("action") == action,
        f"{action} of {agent_id}",
    )


def save(sari):
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")


@pytest.mark.one_database
def test_to_a_queue_the_caller_keeps_the_turn_and_the_next_agent_sees_the_card(halo, sari, pages, tmp_path):
    watch = halo.watch()
    others_speak(halo, tmp_path)
    call, interaction = talk(halo, sari, watch, tmp_path)
    arrived = halo.store.place(interaction).queued_at
    hand_over(sari, technical(sari), NOTE)
    assert handed(watch, interaction).data["queue"] == "technical"
    wait_for(sari, agent_state="WRAP_UP")
    wait_until(lambda: halo.hears(call, "one_moment", "id"), "the caller to be told")
    place = halo.store.snapshot().line[interaction]
    assert place.queue == "technical"
    assert abs((place.queued_at - arrived).total_seconds() - place.credit_s) < 0.1, "the turn of who came first"
    page = pages.open("2002")
    given_to(watch, interaction, "2002", "reserve")
    page.wait_state("TALKING")
    pop = page.pop_of(interaction)
    assert NOTE in pop.html
    assert "Sari" in pop.html
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the second agent")
    save(sari)
    wait_for(sari, agent_state="READY")
    assert halo.store.snapshot().taken[interaction].queue == "technical", "the first one's wrap-up takes nothing away"
    halo.carrier.hang_up_phone("agent-2002")
    page.wait_state("WRAP_UP")
    page.save("solved", "", ready_after=False)
    record = halo.interaction(interaction)
    kinds = [(part.kind, part.agent_id, part.queue) for part in record.segments if part.kind in ("TALK", "QUEUE")]
    assert kinds == [
        ("QUEUE", "", "sales"), ("TALK", "1001", "sales"), ("QUEUE", "", "technical"), ("TALK", "2002", "technical"),
    ]  # fmt: skip
    assert {given.agent_id for given in record.dispositions} == {"1001", "2002"}
    parts = [part for part in record.segments if part.kind != "WRAP_UP"]
    assert sum((part.ended_at - part.started_at).total_seconds() for part in parts) == pytest.approx(
        (record.ended_at - record.started_at).total_seconds(), abs=0.001
    )


@pytest.mark.long
@pytest.mark.one_database
def test_to_a_colleague_who_is_busy_they_wait_for_that_one(halo, sari, pages, tmp_path):
    watch = halo.watch()
    busy = pages.open("2003")
    _, first = to_queue(halo, watch, "10")
    assert changed(watch, first, "answer").agent_id == "2003"
    busy.wait_state("TALKING")
    _call, interaction = talk(halo, sari, watch, tmp_path)
    idle = pages.open("2004")
    rings = len(halo.carrier.rings("agent-2004"))
    hand_over(sari, "2003")
    handed(watch, interaction)
    wait_for(sari, agent_state="WRAP_UP")
    assert interaction in halo.store.snapshot().line
    halo.carrier.hang_up_phone("agent-2003")
    busy.wait_state("WRAP_UP")
    busy.save("solved", "")
    busy.wait_state("TALKING")
    assert busy.facts["interaction"] == interaction
    assert len(halo.carrier.rings("agent-2004")) == rings, "who was not asked for is not rung"
    assert idle.state == "READY"
    halo.carrier.hang_up_phone("agent-2003")


@pytest.mark.long
@pytest.mark.one_database
def test_a_colleague_who_does_not_come_free_in_time_loses_them_to_the_queue(halo, sari, pages, tmp_path):
    watch = halo.watch()
    busy = pages.open("2003")
    _, first = to_queue(halo, watch, "10")
    assert changed(watch, first, "answer").agent_id == "2003"
    call, interaction = talk(halo, sari, watch, tmp_path)
    idle = pages.open("2004")
    hand_over(sari, "2003")
    at = handed(watch, interaction).at
    reserved = given_to(watch, interaction, "2004", "reserve")
    assert (reserved.at - at).total_seconds() == pytest.approx(8, abs=1)
    idle.wait_state("TALKING")
    assert call.is_up
    assert busy.state == "TALKING"
    for agent in ("2003", "2004"):
        halo.carrier.hang_up_phone(f"agent-{agent}")


@pytest.mark.one_database
@pytest.mark.usefixtures("way_outside")
def test_outside_the_caller_speaks_with_that_number_and_comes_back_when_nobody_answers(halo, sari, tmp_path):
    watch = halo.watch()
    others_speak(halo, tmp_path)
    call, interaction = talk(halo, sari, watch, tmp_path)
    hand_over(sari, OUTSIDE)
    wait_for(sari, agent_state="WRAP_UP")
    watch.wait(lambda event: event.kind is EventKind.OUTSIDE_ANSWERED and event.interaction_id == interaction, "the answer outside")
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the number outside")
    wait_until(lambda: halo.answered_phones(OUTSIDE, halo.settings.hotline_number), "the hotline's number to be shown")
    save(sari)
    assert rung(halo, OUTSIDE) == 1
    halo.carrier.hang_up_phone(OUTSIDE)
    assert call.ended.wait(15)
    kinds = [(part.kind, part.detail) for part in halo.interaction(interaction).segments if part.kind != "WRAP_UP"]
    assert kinds == [
        ("IVR", ""), ("QUEUE", ""), ("RING", ""), ("TALK", ""), ("RING", "outside"), ("TALK", "outside"),
    ]  # fmt: skip

    halo.carrier.set_manner(OUTSIDE, "busy")
    wait_for(sari, agent_state="READY")
    sari.keyboard.press("F2")
    sari.locator("[data-reason=break]").click()
    wait_for(sari, agent_state="NOT_READY")
    call, interaction = talk(halo, sari, watch, tmp_path)
    hand_over(sari, OUTSIDE)
    wait_for(sari, agent_state="WRAP_UP")
    wait_until(lambda: interaction in halo.store.snapshot().line, "the caller to be back in the line")
    assert call.is_up
    halo.carrier.set_manner(OUTSIDE, "answer")


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.usefixtures("way_outside")
def test_a_number_that_costs_more_is_refused_in_the_dialog(halo, sari, tmp_path):
    call, _interaction = talk(halo, sari, halo.watch(), tmp_path)
    hand_over(sari, "+12125550123")
    words = {
        "en": "Numbers abroad may not be called from here. Ask your supervisor.",
        "id": "Nomor luar negeri tidak boleh ditelepon dari sini. Tanyakan supervisor Anda.",
    }
    expect(sari.locator("#hand-over-words")).to_have_text(words[sari.get_attribute("html", "lang") or ""])
    sari.keyboard.press("Escape")
    assert call.is_up
    sari.keyboard.press("F9")


@pytest.mark.one_database
def test_an_enter_before_anybody_is_chosen_gives_the_caller_to_nobody(halo, sari, pages, tmp_path):
    call, _interaction = talk(halo, sari, halo.watch(), tmp_path)
    page = pages.open("2004", ready=False)
    sari.keyboard.press("F8")
    sari.wait_for_selector("#hand-over-to")
    expect(sari.locator(".hand-over__row[aria-selected=true]")).to_have_count(0)
    sari.keyboard.press("Enter")
    expect(sari.locator("#hand-over-words")).not_to_be_empty()
    sari.keyboard.type("2004")
    expect(sari.locator("#hand-over-words")).to_be_empty()
    expect(sari.locator("#to-agent-2004[aria-disabled=true]")).to_have_attribute("aria-selected", "true")
    sari.keyboard.press("Enter")
    expect(sari.locator("#hand-over-words")).not_to_be_empty()
    assert (sari.get_attribute("body", "data-agent-state"), page.state) == ("TALKING", "NOT_READY")
    sari.keyboard.press("Escape")
    assert call.is_up
    sari.keyboard.press("F9")


@pytest.mark.long
@pytest.mark.parametrize("after_ms", [0, 4, 8, 15, 40])
@pytest.mark.one_database
def test_killing_cti_in_the_middle_loses_nobody(halo, sari, pages, tmp_path, after_ms):
    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    sari.keyboard.press("F8")
    sari.wait_for_selector("#hand-over-to")
    sari.keyboard.type(technical(sari))
    with sari.expect_response("**/api/hand-over"):
        sari.keyboard.press("Enter")
    sari.wait_for_timeout(after_ms)
    killed = halo.kill("cti")
    halo.wait_restarted("cti", killed)
    wait_until(halo.cti_is_ready, "cti to be ready again")
    assert call.is_up
    if sari.get_attribute("body", "data-agent-state") == "TALKING":
        hand_over(sari, technical(sari))
    wait_for(sari, agent_state="WRAP_UP")
    wait_until(lambda: interaction in halo.store.snapshot().line, "the caller to be in the line")
    pages.open("2002")
    given_to(watch, interaction, "2002", "answer")
    assert call.is_up
    halo.carrier.hang_up_phone("agent-2002")


@pytest.mark.one_database
@pytest.mark.parametrize("told_redis", [False, True])
def test_a_hand_over_that_broke_off_between_two_steps_is_carried_out(halo, sari, tmp_path, told_redis):
    """The steps of a cti that died, one after the other: the channel is told, then the live state, then nothing more."""
    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    halo.stop_process("cti")
    try:
        agent, place = halo.store.agent("1001"), halo.store.place(interaction)
        handed_on = place.handed_on("technical", SystemClock().now())
        password = halo.settings.ami_password.get_secret_value()
        with AmiThread(halo.settings.ami_port, names.MANAGER_USER, password, {}) as ami:
            for name, value in ((names.PLACE, place_to_variable(handed_on)), (names.HANDED, names.WAITING)):
                ami.action("Setvar", Channel=place.channel, Variable=name, Value=value)
        if told_redis:
            assert halo.changes.hand_over(agent, place, SystemClock().now(), handed_on, [])
        else:
            sari.keyboard.press("F9")
            wait_until(lambda: halo.hears(call, "one_moment", "id"), "the caller to be kept by the dialplan")
    finally:
        halo.start_process("cti")
    wait_until(halo.cti_is_ready, "cti to be ready again")
    wait_until(lambda: interaction in halo.store.snapshot().line, "the caller to be in the line", 40)
    assert halo.store.snapshot().line[interaction].queue == "technical"
    wait_for(sari, phone="registered")
    assert call.is_up
    wait_until(lambda: halo.hears(call, "one_moment", "id"), "the caller to be in the dialplan's line")
