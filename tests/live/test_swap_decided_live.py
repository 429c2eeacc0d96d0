"""A swap that two agents agree on by hand and a planner decides, in three real browsers; and one that rules forbid, in words."""

import os
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.live.page_house import PageHouse
from tests.live.walk import LOOKS, Walk
from tests.services.roster_house import ZONE, letters_of, publish_roster
from workforce.roster_records import TimeOffRequest

SARI, BUDI = "1001", "1002"


def picture(page: Page, name: str) -> None:
    """A picture for whoever asks for pictures."""
    folder = os.environ.get("HALO_PICTURES", "")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def ask_budi(page: Page, mine: date, theirs: date) -> None:
    page.locator(f".roster-week__shift[data-day='{mine.isoformat()}']").click()
    page.wait_for_selector("#sheet[open] [data-swap-day]")
    page.fill("[data-swap-day] [name=instead]", theirs.isoformat())
    page.get_by_role("button", name="Who could swap?").click()


def test_a_swap_is_asked_for_accepted_and_granted(browser: Browser, house: PageHouse) -> None:
    now = house.clock.now()
    first = now.astimezone(ZONE).date()
    version = publish_roster(house.database, first, now, _1001="-EE", _1002="---L")
    days = [first + timedelta(days=number) for number in range(4)]
    sari, budi, planner = (Walk(browser, house, name, LOOKS[1]) for name in ("sari", "budi", "wayan"))
    sari.page.goto(f"{house.address}/my-shifts")
    budi.page.goto(f"{house.address}/my-shifts")
    planner.page.goto(f"{house.address}/planner/requests")
    ask_budi(sari.page, days[1], days[3])
    expect(sari.page.locator("#swaps")).to_contain_text("a planner decides when they accept")
    picture(sari.page, "1-who-could-swap")
    sari.look("who could swap")
    sari.page.locator("#swaps").get_by_role("button").first.click()
    expect(sari.page.locator("[data-own] .tag").first).to_be_visible()
    expect(budi.page.locator("[data-ask]")).to_contain_text("Sari")
    picture(budi.page, "2-asked")
    budi.look("asked")
    budi.page.locator("[data-ask]").get_by_role("button", name="Accept").click()
    expect(planner.page.locator("[data-decide]")).to_be_visible()
    picture(planner.page, "3-waits-for-the-planner")
    planner.look("waits")
    planner.page.click("[data-decide] [value=grant]")
    expect(planner.page.locator(".requests__done")).to_contain_text("Budi")
    picture(planner.page, "4-granted")
    expect(sari.page.locator("[data-own] .tag")).to_have_text("granted")
    picture(sari.page, "5-granted")
    with house.database.reading() as session:
        assert [letters_of(session, version, agent, first, 4) for agent in (SARI, BUDI)] == ["--EL", "-E--"]
    for walk in (sari, budi, planner):
        walk.end()


def test_what_rules_forbid_is_refused_in_words(browser: Browser, house: PageHouse) -> None:
    now = house.clock.now()
    first = now.astimezone(ZONE).date()
    publish_roster(house.database, first, now, _1001="-E---", _1002="--L-L")
    days = [first + timedelta(days=number) for number in range(5)]
    sari, budi, planner = (Walk(browser, house, name, LOOKS[1]) for name in ("sari", "budi", "wayan"))
    sari.page.goto(f"{house.address}/my-shifts")
    ask_budi(sari.page, days[1], days[4])
    sari.page.locator("#swaps").get_by_role("button").first.click()
    budi.page.goto(f"{house.address}/my-shifts")
    budi.page.locator("[data-ask]").get_by_role("button", name="Accept").click()
    expect(budi.page.locator("[data-ask]")).to_have_count(0)
    with house.database.writing() as session:  # Budi is given the day off on which he now works early
        off = TimeOffRequest(agent_id=BUDI, first_day=days[1], last_day=days[1], state="granted", asked_at=now, decided_at=now)
        session.add(off)
        session.commit()
    planner.page.goto(f"{house.address}/planner/requests")
    expect(planner.page.locator("main")).to_contain_text("has time off on")
    picture(planner.page, "6-broken")
    planner.look("broken")
    refuse = planner.page.locator("[data-decide] [value=refuse]").first
    planner.page.locator("[data-decide] [name=word]").first.fill("Budi is off on that day.")
    refuse.click()
    expect(planner.page.locator("[data-decide]")).to_have_count(0)
    sari.page.reload()
    expect(sari.page.locator("[data-own]").first).to_contain_text("Budi is off on that day.")
    picture(sari.page, "7-refused")
    for walk in (sari, budi, planner):
        walk.end()


def test_a_roster_is_printed_a_sheet_a_week(browser: Browser, house: PageHouse) -> None:
    now = house.clock.now()
    first = now.astimezone(ZONE).date()
    version = publish_roster(house.database, first, now, _1001="EE-LL--EE-LL--", _1002="--NN---LLL")
    planner = Walk(browser, house, "wayan", LOOKS[0])
    planner.page.goto(f"{house.address}/planner/rosters/{version}/print")
    expect(planner.page.locator("main section")).to_have_count(3 if first.weekday() else 2)
    expect(planner.page.locator("main")).to_contain_text("Shift pagi")
    planner.look("on the screen")
    planner.page.emulate_media(media="print")
    expect(planner.page.locator("nav.rail")).to_be_hidden()
    picture(planner.page, "8-printed")
    planner.end()
