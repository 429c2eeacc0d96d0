"""The desk in a real browser where it once said nothing, or the wrong thing: a number typed in a call, a desk process that is away,
an unfinished wrap-up under the mouse."""

import pytest
from playwright.sync_api import Browser, Page, expect

from routing.agent_state import Action
from routing.place import Place
from tests.live.browser import WAIT_MS
from tests.live.page_house import PageHouse
from tests.live.walk import Walk

pytestmark = pytest.mark.one_database
AGENT = "1001"
NUMBER = "0811 9000 777"


def desk_of_sari(house: PageHouse, browser: Browser) -> Page:
    page = Walk(browser, house, "sari", ("light", "en")).page
    page.goto(f"{house.address}/desk")
    return page


def wrapping_up(house: PageHouse) -> Place:
    """The agent has had a call, and has not said yet how it ended."""
    place = house.put_in_line()
    house.reserve(AGENT, place)
    house.step(AGENT, place, Action.RING, Action.ANSWER, Action.HANG_UP)
    house.record_talk(AGENT, place, ago_s=200)
    return place


def typed(page: Page, text: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(text)


def test_a_number_typed_in_a_call_says_why_not_and_is_offered_in_the_wrap_up(house: PageHouse, chromium: Browser) -> None:
    place = house.put_in_line()
    house.reserve(AGENT, place)
    house.step(AGENT, place, Action.RING, Action.ANSWER)
    page = desk_of_sari(house, chromium)
    page.wait_for_selector("body[data-agent-state=TALKING]")
    typed(page, NUMBER)
    expect(page.locator("#palette-list")).to_contain_text("not while a call is in hand", timeout=WAIT_MS)
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Finish the call first", timeout=WAIT_MS)
    house.step(AGENT, place, Action.HANG_UP)
    page.wait_for_selector("body[data-agent-state=WRAP_UP]")
    typed(page, NUMBER)
    expect(page.locator("#palette-list .palette__row").first).to_have_text(f"Call {NUMBER}", timeout=WAIT_MS)
    page.keyboard.press("Enter")
    expect(page.locator("#dial-number")).to_have_value("0811-9000-777", timeout=WAIT_MS)


def test_a_wrap_up_saved_while_the_desk_is_away_says_so_and_is_saved_when_it_is_back(house: PageHouse, chromium: Browser) -> None:
    wrapping_up(house)
    page = desk_of_sari(house, chromium)
    page.wait_for_selector("body[data-agent-state=WRAP_UP]")
    page.keyboard.press("Alt+1")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#save-words")).to_contain_text("No connection to Halo. What you typed is kept", timeout=WAIT_MS)
    page.context.set_offline(False)
    page.wait_for_selector("body:not([data-agent-state=WRAP_UP])")


def test_an_unfinished_wrap_up_is_finished_by_mouse(house: PageHouse, chromium: Browser) -> None:
    place = wrapping_up(house)
    house.changes.wrap_up_timed_out(house.store.agent(AGENT))
    page = desk_of_sari(house, chromium)
    page.click(f"[data-unfinished='{place.interaction_id}']")
    page.click("form.later [data-code]")
    page.click("form.later .button--main")
    expect(page.locator(".toast")).to_contain_text("Saved", timeout=WAIT_MS)
