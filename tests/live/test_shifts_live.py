"""Shifts in real browsers: one offers, a colleague takes it, both desks show it; and the pages are open to everybody."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.page_house import PageHouse
from tests.live.walk import LOOKS, PC, PHONE, Walk
from tests.services.roster_house import ZONE, at_once, letters_of, publish_roster

pytestmark = pytest.mark.one_database

SARI, BUDI = "1001", "1002"


def published(house: PageHouse) -> tuple[int, date]:
    """From tomorrow on, since the day of the test is at any hour: Sari works early, Budi late two days later."""
    now = house.clock.now()
    first = now.astimezone(ZONE).date()
    at_once(house.database, now)
    return publish_roster(house.database, first, now, _1001="-EE", _1002="---L"), first


def loaded(page: Page) -> Page:
    """Its scripts run: what is pressed before that is not heard."""
    page.wait_for_load_state("load")
    return page


def test_a_shift_is_offered_taken_and_both_desks_show_it(browser: Browser, house: PageHouse) -> None:
    version, first = published(house)
    sari, budi = Walk(browser, house, "sari", LOOKS[1]), Walk(browser, house, "budi", LOOKS[1])
    expect(sari.page.locator("#shift-line")).to_have_text(f"Next shift: {first + timedelta(days=1):%a %-d %b} 06:00")
    expect(budi.page.locator("#shift-line")).to_contain_text("14:00")
    with sari.page.context.expect_page() as opened:
        sari.page.keyboard.press("Alt+w")
    mine = loaded(opened.value)
    mine.locator(".roster-week__shift").first.click()
    mine.get_by_role("button", name="Offer to them").click()
    expect(mine.locator("[data-own] .tag")).to_have_text("offered")
    expect(budi.page.locator(".toast")).to_contain_text("is offered, and you may take it")
    with budi.page.context.expect_page() as opened:
        budi.page.locator(".toast .link").click()
    theirs = loaded(opened.value)
    theirs.get_by_role("button", name="Take it").click()
    expect(theirs.locator(".roster-week__shift")).to_have_count(2)
    expect(mine.locator("[data-own] .tag")).to_have_text("granted")
    expect(mine.locator(".roster-week__shift")).to_have_count(1)
    expect(budi.page.locator("#shift-line")).to_have_text(f"Next shift: {first + timedelta(days=1):%a %-d %b} 06:00")
    expect(sari.page.locator("#shift-line")).to_have_text(f"Next shift: {first + timedelta(days=2):%a %-d %b} 06:00")
    expect(sari.page.locator(".toast")).to_contain_text("Budi has your shift")
    with house.database.reading() as session:
        assert [letters_of(session, version, agent, first, 4) for agent in (SARI, BUDI)] == ["--E-", "-E-L"]
    sari.end()
    budi.end()


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_shifts_and_requests_are_open_to_everybody(
    browser: Browser, house: PageHouse, look: tuple[str, str], size: tuple[int, int]
) -> None:  # fmt: skip
    _version, first = published(house)
    walk = Walk(browser, house, "sari", look, size)
    page = walk.page
    page.goto(f"{house.address}/my-shifts")
    page.locator(".roster-week__shift").first.click()
    page.wait_for_selector("#sheet[open] [data-swap-day]")
    walk.look("a shift")
    page.keyboard.press("Escape")
    asked = first + timedelta(days=1 if size == PC else 2)  # one roster after the other, among the same people
    page.fill("#time-off-first", asked.isoformat())
    page.dispatch_event("#time-off-first", "change")
    page.wait_for_selector("#time-off-check .given-up")
    page.click("#time-off .button--main")
    page.wait_for_selector("[data-time-off]")
    page.click("[data-do=calendar]")
    page.wait_for_selector("#calendar-address:not([hidden])")
    walk.look("my shifts")
    walk.end()
    other = Walk(browser, house, "wayan", look, size)
    other.page.goto(f"{house.address}/planner/requests")
    other.look("requests")
    other.page.click("[data-decide] [value=grant]")
    other.page.wait_for_selector(".requests__done td")
    other.look("decided")
    other.end()
