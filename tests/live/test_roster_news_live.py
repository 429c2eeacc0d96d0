"""Two planners have one roster open: what one changes reaches the other behind what is in hand; no cell is overwritten unseen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.database import Database
from tests.live.browser import WAIT_MS
from tests.live.page_house import PageHouse, page_house
from tests.live.test_roster_conflict_live import three_people
from tests.live.walk import Walk
from tests.services.roster_house import publish_roster

pytestmark = pytest.mark.one_database
ZONE = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        yield made


def cell(page: Page, name: str, day: int) -> Locator:
    return page.locator(".roster-row[data-agent]", has_text=name).locator(f"[data-day='{day}']")


def test_what_another_planner_changes_comes_in_behind_what_is_in_hand(
    house: PageHouse, chromium: Browser, database: Database
) -> None:
    three_people(database)
    monday = datetime.now(ZONE).date() + timedelta(days=7)
    publish_roster(
        database, monday, datetime.now(UTC), queue="technical", days=7, _2001="EE-----", _2002="-------", _2003="DD-----"
    )
    one, two = (Walk(chromium, house, login, ("light", "en")).page for login in ("wayan", "admin"))
    one.goto(f"{house.address}/planner/rosters")
    one.locator(".roster-line a").first.click()
    one.click("[data-do=copy]")
    one.wait_for_selector("[data-do=undo]")
    two.goto(one.url)

    expect(cell(two, "Ani", 0)).to_contain_text("Early shift")
    cell(two, "Ani", 0).focus()
    two.keyboard.press("m")
    expect(cell(one, "Citra", 1)).to_contain_text("Day shift")
    cell(one, "Citra", 1).focus()
    one.keyboard.press("Delete")
    expect(cell(one, "Citra", 1)).not_to_have_attribute("draggable", "true")
    expect(cell(two, "Citra", 1)).to_contain_text("Day shift")  # a shift is in hand: nothing moves under it

    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        two.keyboard.press(key)
    expect(two.locator("#verdict")).to_be_visible()
    two.keyboard.press("Enter")
    expect(two.locator(".toast").filter(has_text="changed one of these cells meanwhile")).to_be_visible(timeout=WAIT_MS)
    expect(cell(two, "Citra", 1)).not_to_have_attribute("draggable", "true", timeout=WAIT_MS)
    expect(cell(two, "Ani", 0)).to_contain_text("Early shift")  # refused: it stands where it stood

    one.click("[data-do=publishing]")
    one.wait_for_selector(".roster-changes")
    if one.locator("#publishing-anyway").count():
        one.check("#publishing-anyway")
    one.click("#publishing-now")
    expect(two.locator("#roster-news")).to_contain_text("published this roster", timeout=WAIT_MS)
