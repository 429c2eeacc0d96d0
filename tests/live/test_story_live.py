"""One whole call, as caller and agent live it: real SIP, real Asterisk, a real browser."""

import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from core.clock import SystemClock
from core.events import EventKind
from crm.customers import Customer, CustomerPhone
from crm.orders import Order
from ivr.answers import order_answer
from ivr.database_desk import DatabaseDesk
from ivr.line import Prompt
from ivr.waiting import expected_prompt, position_prompt
from ivr.wording import Aloud
from routing.expected_live import ExpectedLive
from tests.live.browser import browser_page, choose_language, go_ready, remote_voice, wait_for
from tests.live.callers import changed, interaction_of, press_through, steps_of, to_queue
from tests.live.hearing import make_tone, samples, tone_share
from tests.live.house import House, wait_until

CALLER_HZ, AGENT_HZ = 700, 1300
_TWICE = "key => [key, key].forEach(each => document.dispatchEvent(new KeyboardEvent('keydown', {key: each})))"


@pytest.fixture
def sari(halo: House, playwright: Playwright, tmp_path):
    """The browser of the agent Sari (sales 5, billing 2), who speaks in a tone of 1300 Hz."""
    with browser_page(playwright, halo, "sari", make_tone(tmp_path / "agent.wav", AGENT_HZ, rate=48000)) as page:
        yield page
        halo.settle()
        if page.is_closed():
            return
        if page.get_attribute("body", "data-agent-state") == "WRAP_UP":
            page.keyboard.press("Alt+1")
            page.keyboard.press("Control+Enter")


def customer_with_order(halo: House) -> tuple[str, Customer, Order]:
    """A customer whom the IVR knows by number and who waits for an order."""
    desk = DatabaseDesk(halo.database)
    for number in halo.known_numbers(200):
        with halo.database.reading() as session:
            customer = session.scalars(select(Customer).join(CustomerPhone).where(CustomerPhone.e164 == number)).one()
            newest = desk.newest_order(customer.id)
            if newest is not None and newest.status == "shipped":
                return number, customer, newest
    raise AssertionError("the demo has no customer with an order on its way")


def test_a_call_from_the_first_ring_to_the_record(halo, sari, tmp_path):
    number, customer, order = customer_with_order(halo)
    watch = halo.watch()
    call = halo.dial(number, make_tone(tmp_path / "caller.wav", CALLER_HZ)).wait_answered()
    interaction = interaction_of(call, watch)
    watch.wait(lambda event: event.kind is EventKind.INTERACTION_IDENTIFIED and event.interaction_id == interaction, "the caller")
    call.press("1")

    local = SystemClock().now().astimezone(ZoneInfo(halo.settings.time_zone))
    for prompt in order_answer(order, Aloud("id", local)):
        wait_until(lambda said=prompt: halo.hears_prompt(call, said), f"{prompt.key} to be heard", timeout_s=40)
    press_through(call, interaction, watch, "232", taken=1)
    watch.wait(lambda event: event.kind is EventKind.INTERACTION_QUEUED and event.interaction_id == interaction, "the line")
    heard = len(samples(call.heard))
    wait_until(lambda: len(samples(call.heard)) > heard + 16000, "two seconds of waiting")
    assert (samples(call.heard)[heard:] ** 2).mean() > 1e-6, "there is music while they wait"

    wait_for(sari, phone="registered")
    sari.keyboard.press("F2")
    wait_for(sari, agent_state="RINGING", phone="ringing")
    diary = sari.evaluate("window.haloDiary")
    shown = next(line["at"] for line in diary if customer.name.split()[0] in line["name"])
    rang = next(line["at"] for line in diary if line["phone"] == "ringing")
    assert shown < rang, "the page shows the caller before the phone rings"
    expect(sari.locator("#work")).to_contain_text(order.number)

    sari.keyboard.press("F4")
    wait_for(sari, agent_state="TALKING", phone="in_call")
    call.speak()
    voice, rate = remote_voice(sari)
    assert tone_share(voice, CALLER_HZ, rate) > 0.5, "the agent hears the caller"
    start = len(samples(call.heard))
    wait_until(lambda: len(samples(call.heard)) > start + 24000, "three seconds of talk")
    assert tone_share(samples(call.heard)[start:], AGENT_HZ) > 0.5, "the caller hears the agent"

    sari.locator("textarea[data-note]").fill("Bill explained, pays on Friday")
    sari.locator("#state-button").focus()
    sari.keyboard.press("F6")
    expect(sari.locator("#hold")).to_have_attribute("aria-pressed", "true")
    held = watch.wait(lambda event: event.kind is EventKind.INTERACTION_HELD and event.interaction_id == interaction, "the hold")
    assert held.data["why"] == "agent"
    sari.keyboard.press("F6")
    watch.wait(lambda event: event.kind is EventKind.INTERACTION_RESUMED and event.interaction_id == interaction, "the talk again")
    sari.evaluate(_TWICE, "F6")  # in the same breath: held for a moment or not at all, and no fault of the line
    expect(sari.locator("#hold")).to_have_attribute("aria-pressed", "false")

    def times(kind: EventKind) -> int:
        return sum(event.kind is kind and event.interaction_id == interaction for event in watch.catch_up())

    wait_until(lambda: times(EventKind.INTERACTION_HELD) == times(EventKind.INTERACTION_RESUMED), "the hold to be over")
    sari.keyboard.press("F9")
    wait_for(sari, agent_state="WRAP_UP")
    held = [event.data["why"] for event in watch.catch_up() if event.kind is EventKind.INTERACTION_HELD]
    assert set(held) == {"agent"}, "the phone was not lost, nor called again"
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    wait_for(sari, agent_state="READY")

    record = halo.interaction(interaction)
    assert (record.outcome, record.queue, record.customer_id, record.agent_id) == ("answered", "billing", customer.id, "1001")
    assert [(given.code, given.note) for given in record.dispositions] == [("solved", "Bill explained, pays on Friday")]
    parts = [segment for segment in record.segments if segment.kind != "WRAP_UP"]
    assert sum((part.ended_at - part.started_at).total_seconds() for part in parts) == pytest.approx(
        (record.ended_at - record.started_at).total_seconds(), abs=0.001
    )
    held_and_back = ["TALK", "HOLD"] * times(EventKind.INTERACTION_HELD)
    assert [part.kind for part in parts] == ["IVR", "QUEUE", "RING", *held_and_back, "TALK", "IVR"]


@pytest.mark.one_database
def test_reloading_the_page_in_a_call_loses_nothing(halo, sari, tmp_path):
    go_ready(sari)
    watch = halo.watch()
    call = halo.dial(speech=make_tone(tmp_path / "caller.wav", CALLER_HZ)).wait_answered()
    interaction = interaction_of(call, watch)
    press_through(call, interaction, watch, "131")
    wait_for(sari, phone="ringing")
    sari.keyboard.press("F4")
    wait_for(sari, agent_state="TALKING", phone="in_call")
    sari.locator("textarea[data-note]").fill("half a sentence")
    expect(sari.locator("#note-kept")).not_to_be_empty()

    sari.reload()
    wait_for(sari, agent_state="TALKING", phone="in_call")
    assert call.is_up
    expect(sari.locator("#choose :focus")).to_have_count(1)  # at the script's question
    expect(sari.locator("#announcer")).to_contain_text(sari.inner_text("#work .person__name"))
    expect(sari.locator("textarea[data-note]")).to_have_value("half a sentence")
    call.speak()
    voice, rate = remote_voice(sari)
    assert tone_share(voice, CALLER_HZ, rate) > 0.5
    start = len(samples(call.heard))
    wait_until(lambda: len(samples(call.heard)) > start + 16000, "two seconds of talk")
    assert tone_share(samples(call.heard)[start:], AGENT_HZ) > 0.5

    sari.keyboard.press("F9")
    wait_for(sari, agent_state="WRAP_UP")
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    wait_for(sari, agent_state="READY")
    assert [part.kind for part in halo.interaction(interaction).segments][:6] == ["IVR", "QUEUE", "RING", "TALK", "HOLD", "TALK"]


@pytest.mark.one_database
def test_reloading_while_ready_keeps_the_agent_ready(halo, sari):
    go_ready(sari)
    since = halo.store.agent("1001").since
    sari.reload()
    wait_for(sari, agent_state="READY", phone="registered")
    wait_until(lambda: halo.store.agent("1001").phone_up, "the phone to be back")
    assert halo.store.agent("1001").since == since


@pytest.mark.one_database
def test_a_tab_closed_in_the_talk_brings_the_caller_to_another_agent(halo, sari, pages):
    go_ready(sari)
    watch = halo.watch()
    call, interaction = to_queue(halo, watch, "131")
    wait_for(sari, phone="ringing")
    sari.keyboard.press("F4")
    wait_for(sari, agent_state="TALKING", phone="in_call")
    pages.open("2003")
    _, later = to_queue(halo, watch, "132")
    changed(watch, later, "answer")
    sari.context.close()
    wait_until(lambda: halo.hears(call, "one_moment", "id"), "one moment, please")
    assert call.is_up
    third = pages.open("2004")
    changed(watch, interaction, "device_lost")
    third.wait_state("TALKING", timeout_s=30)
    assert third.facts["interaction"] == interaction
    assert call.is_up


@pytest.mark.one_database
def test_a_tab_closed_while_ready_gets_no_call(halo, sari):
    go_ready(sari)
    sari.context.close()
    wait_until(lambda: not halo.store.agent("1001").phone_up, "the phone to be missed")
    watch = halo.watch()
    _, interaction = to_queue(halo, watch, "131")
    wait_until(lambda: halo.store.agent("1001").state == "NOT_READY", "the closed tab to be noticed")
    assert interaction in halo.store.snapshot().line
    assert not [event for event in watch.catch_up() if event.data.get("action") == "reserve"]


@pytest.mark.one_database
def test_the_wallboard_shows_a_waiting_caller_by_itself(halo, playwright):
    with browser_page(playwright, halo, "ratna") as page:
        expect(page.locator("#queue-sales")).to_be_visible()
        watch = halo.watch()
        call, interaction = to_queue(halo, watch, "131")
        expect(page.locator(f"[data-caller='{interaction}']")).to_be_visible()
        call.hang_up()
        expect(page.locator(f"[data-caller='{interaction}']")).to_have_count(0)


@pytest.mark.one_database
def test_the_pages_speak_both_languages(halo, playwright):
    with browser_page(playwright, halo, "budi") as page:
        expect(page.locator("html")).to_have_attribute("lang", "id")
        choose_language(page, "en")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#work")).to_contain_text(re.compile("ready", re.IGNORECASE))
        choose_language(page, "id")
        expect(page.locator("html")).to_have_attribute("lang", "id")


@pytest.mark.one_database
def test_a_stranger_to_a_page_is_sent_away(halo, playwright):
    with browser_page(playwright, halo, "wayan") as page:
        answer = page.goto(f"{halo.address}/desk")
        assert answer.status == 403
        expect(page.locator("main")).not_to_be_empty()


@pytest.mark.one_database
def test_a_wrong_number_typed_is_asked_for_again_in_other_words(halo):
    watch = halo.watch()
    call = halo.dial().wait_answered()
    interaction = interaction_of(call, watch)
    call.press("2")
    watch.wait(lambda _: steps_of(watch, interaction) >= 1, "the language")
    call.press("9")
    wait_until(lambda: halo.hears(call, "main_menu_2", "en"), "the menu in other words", timeout_s=40)


@pytest.mark.one_database
def test_who_waits_is_told_the_place_in_line(halo):
    watch = halo.watch()
    first, _ = to_queue(halo, watch, "131")
    second, _ = to_queue(halo, watch, "131")
    wait_until(lambda: halo.hears(first, "waiting_next", "id"), "the first to hear that they are next", timeout_s=60)
    told = position_prompt(2, "id")
    wait_until(lambda: halo.hears_prompt(second, told), "the second to hear their place", timeout_s=60)
    assert first.is_up
    assert second.is_up


@pytest.mark.one_database
def test_who_waits_for_a_talk_to_end_is_told_how_long_it_will_be(halo):
    watch, expected, clock = halo.watch(), ExpectedLive(halo.store), SystemClock()
    heard_of: list[Prompt] = []
    with halo.page("2003").open() as page:
        halo.phone_is_up("2003")
        page.make_ready()
        _talk, _ = to_queue(halo, watch, "10")
        page.wait_state("TALKING")
        waiting, interaction = to_queue(halo, watch, "10")

        def is_told() -> bool:
            found = expected.of(interaction)
            prompt = expected_prompt(*found.wait_s(clock.now().timestamp()), "id") if found else None
            if prompt is not None and prompt not in heard_of:
                heard_of.append(prompt)
            return any(halo.hears_prompt(waiting, prompt) for prompt in heard_of)

        wait_until(is_told, "the caller to be told how long it will be", timeout_s=60)
    first = watch.wait(lambda event: event.kind is EventKind.WAIT_EXPECTED and event.interaction_id == interaction, "it on record")
    assert 0 < first.data["low_s"] <= first.data["expected_s"] <= first.data["high_s"]
