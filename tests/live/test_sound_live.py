"""The agent's phone holds: tested before the shift, measured in the talk, and found again by whatever cuts it off."""

import re

import pytest
from playwright.sync_api import Error, Page, expect

from agent_desktop.accounts import create_user
from asterisk_conf.names import agent_endpoint
from core.clock import SystemClock
from core.events import EventKind
from launch.demo.desk_page import DeskPage
from launch.logins import read_logins
from routing.agents import AgentRecord
from tests.live.browser import browser_page, go_ready, remote_voice, wait_for
from tests.live.call_control import AGENT_HZ, CALLER_HZ, talk
from tests.live.callers import to_queue
from tests.live.hearing import samples, tone_share
from tests.live.house import PASSWORD, House, wait_until

pytestmark = pytest.mark.one_database

# The devices that a page is told of, so that one can be unplugged: the browser's own but for these; "*" is every microphone.
UNPLUG = """
(gone) => {
  const media = navigator.mediaDevices;
  window.haloAll ??= media.enumerateDevices.bind(media);
  const is_gone = (one) => gone.includes(one.label) || (gone.includes('*') && one.kind === 'audioinput');
  media.enumerateDevices = async () => (await window.haloAll()).filter((one) => !is_gone(one));
  media.dispatchEvent(new Event('devicechange'));
}
"""
# Every connection of the page, so that one can be cut off.
CONNECTIONS = """
window.haloConnections = [];
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...given) { super(...given); window.haloConnections.push(this); }
};
"""
CUT_OFF = """
() => {
  const last = window.haloConnections.at(-1);
  Object.defineProperty(last, 'connectionState', {value: 'failed'});
  last.dispatchEvent(new Event('connectionstatechange'));
}
"""


def hears_agent(call) -> None:
    start = len(samples(call.heard))
    wait_until(lambda: len(samples(call.heard)) > start + 16000, "two seconds of talk")
    assert tone_share(samples(call.heard)[start:], AGENT_HZ) > 0.5, "the caller hears the agent"


def hears_caller(page: Page, call) -> None:
    call.speak()
    voice, rate = remote_voice(page)
    assert tone_share(voice, CALLER_HZ, rate) > 0.5, "the agent hears the caller"


def hang_up(page: Page) -> None:
    page.keyboard.press("F9")
    wait_for(page, agent_state="WRAP_UP")


@pytest.mark.ears  # its line is measured: that of a busy machine is bad
def test_headset_and_line_are_tested_then_the_line_of_a_talk_is_shown_and_told(halo, sari, playwright, tmp_path):
    wait_for(sari, phone="registered")
    sari.keyboard.press("Alt+h")
    sari.locator("#sound-microphone option").first.wait_for(state="attached")
    wait_until(lambda: sari.locator("#sound-level").evaluate("meter => meter.value") > 0.2, "the meter to show the voice")
    sari.click("#sound-start")
    sari.wait_for_selector("#sound[data-test=done]", timeout=60_000)
    kinds = [line.get_attribute("data-kind") for line in sari.locator("#sound-results li").all()]
    assert kinds == ["good"] * 4, sari.locator("#sound-results").inner_text()  # voice, played back, echo, line
    assert halo.store.agent("1001").state == "NOT_READY", "a test is no call"
    sari.keyboard.press("Escape")

    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    expect(sari.locator("#quality")).to_have_attribute("data-level", "good")
    expect(sari.locator("#quality-mos")).to_have_text(re.compile(r"4\.[0-9]"))
    expect(sari.locator("#quality-curve")).to_have_attribute("points", re.compile(r"\S+ \S+ \S+"))
    hears_agent(call)
    hang_up(sari)
    told = watch.wait(
        lambda event: event.kind is EventKind.LINE_MEASURED and event.interaction_id == interaction, "how the line was"
    )
    assert told.agent_id == "1001"
    assert told.data["mos"] > 4
    assert told.data["seconds"] >= 2
    with browser_page(playwright, halo, "ratna") as supervisor:
        supervisor.goto(f"{halo.address}/wallboard/lines")
        expect(supervisor.locator("[data-desk='1001']")).to_be_visible()


@pytest.mark.long
def test_an_unplugged_microphone_gives_way_to_another_and_is_offered_when_it_is_back(halo, sari, tmp_path):
    wait_for(sari, phone="registered")
    sari.keyboard.press("Alt+h")
    options = sari.locator("#sound-microphone option")
    options.nth(2).wait_for(state="attached")
    names = options.all_inner_texts()[1:]
    assert len(names) > 1, f"the browser has several artificial microphones: {names}"
    for part in ("microphone", "speaker"):
        sari.locator(f"#sound-{part}").select_option(index=1)
    speaker = sari.locator("#sound-speaker option:checked").inner_text()
    sari.keyboard.press("Escape")
    call, _ = talk(halo, sari, halo.watch(), tmp_path)
    hears_agent(call)

    sari.evaluate(UNPLUG, [names[0], speaker])
    expect(sari.locator("#toasts")).to_contain_text(re.compile(f"lewat (?!{re.escape(names[0])})"))
    expect(sari.locator("#toasts")).to_contain_text(speaker)
    hears_agent(call)
    hears_caller(sari, call)
    sari.evaluate(UNPLUG, [])
    sari.locator("#toasts button", has_text=re.compile("pakai|use it", re.IGNORECASE)).click()
    expect(sari.locator("#toasts")).to_contain_text(names[0])
    hears_agent(call)
    hang_up(sari)
    sari.evaluate(UNPLUG, ["*"])
    wait_for(sari, phone="unregistered")
    expect(sari.locator("#phone-problem")).to_be_visible()
    sari.evaluate(UNPLUG, [])
    wait_for(sari, phone="registered")
    expect(sari.locator("#phone-problem")).to_be_hidden()
    sari.reload()
    wait_for(sari, agent_state="WRAP_UP", phone="registered")
    assert names[0] in sari.evaluate("localStorage.getItem('halo-microphone')"), "kept in this browser"


@pytest.mark.long
def test_a_page_that_crashed_in_the_talk_is_back_in_it_with_the_note(halo, sari, tmp_path):
    call, interaction = talk(halo, sari, halo.watch(), tmp_path)
    sari.locator("textarea[data-note]").fill("before the crash")
    expect(sari.locator("#note-kept")).not_to_be_empty()
    context = sari.context
    with pytest.raises(Error):
        sari.goto("chrome://crash")
    wait_until(lambda: halo.hears(call, "one_moment", "id"), "one moment, please")
    page = context.new_page()
    page.goto(f"{halo.address}/desk")
    wait_for(page, agent_state="TALKING", phone="in_call", interaction=interaction)
    expect(page.locator("textarea[data-note]")).to_have_value("before the crash")
    hears_agent(call)
    hang_up(page)
    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+Enter")
    wait_for(page, agent_state="READY")
    sari.close()


@pytest.mark.long
def test_when_the_network_changes_the_page_is_called_back_into_the_talk(halo, sari, tmp_path):
    sari.add_init_script(CONNECTIONS)
    sari.reload()
    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    hears_agent(call)
    sari.evaluate(CUT_OFF)
    watch.wait(
        lambda event: event.kind is EventKind.INTERACTION_RESUMED and event.interaction_id == interaction, "the agent to be back"
    )
    wait_for(sari, agent_state="TALKING", phone="in_call")
    hears_agent(call)
    hears_caller(sari, call)
    hang_up(sari)


@pytest.mark.long
def test_of_two_tabs_the_newer_has_the_phone_and_the_older_may_take_it_back(halo, sari, tmp_path):
    call, _ = talk(halo, sari, halo.watch(), tmp_path)
    second = sari.context.new_page()
    second.goto(f"{halo.address}/desk")
    sari.wait_for_url(re.compile("/desk/elsewhere"))
    wait_for(second, agent_state="TALKING", phone="in_call")
    hears_agent(call)
    sari.click("main a.button, main a")
    wait_for(sari, agent_state="TALKING", phone="in_call")
    second.wait_for_url(re.compile("/desk/elsewhere"))
    hears_agent(call)
    second.close()
    hang_up(sari)


@pytest.mark.long
def test_an_agent_chooses_the_page_or_the_desk_phone_and_that_one_rings(halo: House, playwright):
    with browser_page(playwright, halo, "ratna") as page:
        page.context.clear_cookies()
        page.goto(f"{halo.address}/login")
        page.fill("input[name=login]", "agent2003")
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        wait_for(page, phone="desk_phone", agent_state="NOT_READY")
        _choose(page, "web")
        go_ready(page)
        watch = halo.watch()
        rang = len(halo.carrier.rings(agent_endpoint("2003")))
        call, interaction = to_queue(halo, watch, "10")
        wait_for(page, phone="ringing")
        page.keyboard.press("F4")
        wait_for(page, agent_state="TALKING", phone="in_call")
        assert len(halo.carrier.rings(agent_endpoint("2003"))) == rang, "the desk phone is quiet"
        call.hang_up()
        _save(page)

        _choose(page, "sip")
        wait_for(page, phone="desk_phone", agent_state="NOT_READY")
        wait_until(lambda: halo.store.agent("2003").phone_up, "the desk phone to be seen")
        page.keyboard.press("F2")
        call, interaction = to_queue(halo, watch, "10")
        wait_for(page, agent_state="TALKING", interaction=interaction)
        assert len(halo.carrier.rings(agent_endpoint("2003"))) == rang + 1
        call.hang_up()
        _save(page)
        halo.changes.log_out("2003")


def _choose(page: Page, kind: str) -> None:
    page.keyboard.press("Alt+h")
    with page.expect_navigation():
        page.locator(f"#sound [name=phone-kind][value={kind}]").check()


def _save(page: Page) -> None:
    """Then not ready, so that the phone may be changed."""
    wait_for(page, agent_state="WRAP_UP")
    page.keyboard.press("Alt+1")
    page.click("[data-do=save_break]")
    wait_for(page, agent_state="NOT_READY")


@pytest.mark.long
def test_a_desk_that_is_killed_under_twenty_agents_loses_nothing(halo: House, pages, sari, tmp_path):
    talkers = [pages.open(f"20{number:02d}") for number in range(3, 6)]
    watch = halo.watch()
    calls = [to_queue(halo, watch, "10")[0] for _ in talkers]
    for page in talkers:
        page.wait_state("TALKING")
    own, interaction = talk(halo, sari, watch, tmp_path)
    others = [pages.open(agent_id, ready=False) for agent_id in ("2001", "2002", *(f"20{number:02d}" for number in range(6, 13)))]
    quiet = [_without_a_phone(halo, agent_id, pages) for agent_id in ("3001", "3002", "3003", "3004")]
    desks = [_desk(sari, halo, login) for login in ("budi", "dewi", "andi")]
    assert len(talkers) + 1 + len(others) + len(quiet) + len(desks) == 20
    before = {agent.agent_id: agent.state for agent in halo.store.snapshot().agents.values() if agent.state == "TALKING"}
    assert len(before) == 4

    note = sari.locator("textarea[data-note]")
    halo.stop_process("desk")
    sari.wait_for_selector("body[data-stream=off]")
    note.fill("typed while nobody listened")
    assert own.is_up
    hears_agent(own)
    halo.start_process("desk")
    killed = halo.kill("desk")  # and once more, without any goodbye
    halo.wait_restarted("desk", killed)
    sari.wait_for_selector("body[data-stream=on]")
    expect(sari.locator("#note-kept")).not_to_be_empty()
    sari.reload()
    wait_for(sari, agent_state="TALKING", phone="in_call")
    expect(note).to_have_value("typed while nobody listened")
    assert own.is_up
    assert all(call.is_up for call in calls)
    for page in desks:
        page.wait_for_selector("body[data-stream=on]")
    after = {agent.agent_id: agent.state for agent in halo.store.snapshot().agents.values() if agent.state == "TALKING"}
    assert after == before
    for number, page in enumerate(talkers):
        halo.carrier.hang_up_phone(f"agent-{2003 + number}")
        page.wait_state("WRAP_UP", timeout_s=30)
        page.save("solved", "still here", ready_after=False)
    hang_up(sari)
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    wait_for(sari, agent_state="READY")
    assert [given.note for given in halo.interaction(interaction).dispositions] == ["typed while nobody listened"]
    for page in desks:
        page.context.close()


def _desk(sari: Page, halo: House, login: str) -> Page:
    """Another agent's page in a browser of its own."""
    page = sari.context.browser.new_context().new_page()
    page.goto(halo.address)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", next(one.password for one in read_logins(halo.settings.home) if one.name == login))
    page.keyboard.press("Enter")
    wait_for(page, stream="on")
    return page


def _without_a_phone(halo: House, agent_id: str, pages) -> DeskPage:
    """An agent who is new here, and only has the page open."""
    with halo.database.writing() as session:
        session.add(AgentRecord(id=agent_id, name=f"Agent {agent_id}", phone_kind="sip", phone_secret="unused"))
        session.flush()
        now = SystemClock().now()
        create_user(session, f"agent{agent_id}", f"Agent {agent_id}", "agent", PASSWORD, "en", agent_id, now=now)
        session.commit()
    return pages.open_only(agent_id)
