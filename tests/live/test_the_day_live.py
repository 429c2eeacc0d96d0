"""The day's page in a browser: rows that are pushed, an excuse by keyboard, and what if by a slider."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core.database import Database
from core.events import EventKind
from tests.live.browser import WAIT_MS
from tests.live.day_scene import fill_day
from tests.live.page_house import PageHouse, page_house
from tests.live.planning_worker import planning_worker
from tests.live.walk import LOOKS, Walk

pytestmark = pytest.mark.one_database
LONG_MS = 4 * WAIT_MS


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made, planning_worker(tmp_path / "worker", database, redis_url, "what_if"):
        yield made


def test_the_day_is_pushed_excused_and_played_otherwise(house: PageHouse, chromium: Browser) -> None:
    team = fill_day(house)
    walk = Walk(chromium, house, "wayan", LOOKS[1])
    page = walk.page
    page.goto(f"{house.address}/the-day")
    expect(page.locator("#day-rows > li").first).to_have_id(f"day-{team[2]}")  # absent, and nobody is out of place for longer
    expect(page.locator("#day-staff svg")).to_be_visible(timeout=LONG_MS)
    walk.look("the day")
    house.changes.log_in(team[2])
    expect(page.locator(f"#day-{team[2]} .day-row__now")).not_to_contain_text("Absent", timeout=90_000)
    page.locator(f"#day-{team[0]} [data-do=agent-day]").focus()
    page.keyboard.press("Enter")
    page.locator("[data-do=excuse-this]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#excuse [name=reason]")).to_be_focused()
    walk.look("an agent")
    page.keyboard.type("system down")
    page.keyboard.press("Enter")
    expect(page.locator("#agent-day .agent-day__list")).to_contain_text("system down")
    page.keyboard.press("Escape")
    expect(page.locator(f"#day-{team[0]} [data-do=agent-day]")).to_be_focused()
    expect(page.locator(f"#day-{team[0]} .kept--excused")).to_have_count(1, timeout=LONG_MS)
    slider = page.locator("#what-if input[type=range]").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#what-if-result table").first).to_be_visible(timeout=LONG_MS)
    expect(page.locator("#what-if output").first).to_have_text("1")
    expect(page.locator("#what-if-progress progress")).to_be_hidden()
    walk.look("what if")
    assert [event.agent_id for event in house.bus.read("0-0") if event.kind is EventKind.ADHERENCE_EXCUSED] == [team[0]]
    walk.end()
