"""The flow's map on paper: light whatever the screen is, as wide as the sheet, nothing cut off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from core.database import Database
from tests.live.browser import CHROMIUM, FLAGS
from tests.live.page_house import PageHouse, page_house

pytestmark = pytest.mark.one_database

_A4 = {"width": 794, "height": 1123}  # at 96 dots per inch


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        made.record_flow_calls()
        yield made


@pytest.fixture
def page(house: PageHouse, playwright: Playwright) -> Iterator[Page]:
    """The planner, in the dark, at the map of the flow."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    opened = browser.new_context(viewport=_A4, color_scheme="dark").new_page()
    opened.goto(house.address)
    opened.fill("input[name=login]", "wayan")
    opened.fill("input[name=password]", house.login("wayan").password)
    opened.keyboard.press("Enter")
    opened.wait_for_selector("nav.rail")
    opened.goto(f"{house.address}/ivr")
    opened.wait_for_selector(".flow__picture")
    yield opened
    browser.close()


def test_the_map_fits_a_sheet_of_paper_and_is_light(page: Page) -> None:
    ink = "getComputedStyle(document.body).color"
    on_screen = page.evaluate(ink)
    page.emulate_media(media="print")
    assert page.evaluate(ink) != on_screen
    assert not page.is_visible("nav.rail")
    width = page.evaluate("document.querySelector('.main').getBoundingClientRect().width")
    assert width == pytest.approx(_A4["width"], abs=20)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('.main').scrollHeight <= document.querySelector('.main').clientHeight")
