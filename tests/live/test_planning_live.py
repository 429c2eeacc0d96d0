"""Planning in a real browser with a real worker: a forecast with progress, overruled by keyboard, staffed, kept and exported."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import Database
from core.events import EventKind
from tests.live.browser import WAIT_MS
from tests.live.page_house import PageHouse, page_house
from tests.live.planning_worker import planning_worker
from tests.live.walk import LOOKS, PC, PHONE, Walk
from tests.services.planning_house import fill_history
from workforce.staff_plans import find_plan, plan_rows

pytestmark = pytest.mark.one_database
LONG_MS = 4 * WAIT_MS


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        fill_history(database, today(made) - timedelta(days=1), amiss=today(made) - timedelta(days=20))
        yield made


def today(house: PageHouse) -> date:
    return house.clock.now().astimezone(ZoneInfo("Asia/Jakarta")).date()


def compute(page: Page, house: PageHouse, name: str, days: int = 14) -> None:
    """Ask for a forecast and wait until the page has a way to it."""
    page.goto(f"{house.address}/planner/forecasts")
    page.fill("#new-forecast [name=name]", name)
    page.fill("#new-forecast [name=first]", today(house).isoformat())
    page.fill("#new-forecast [name=days]", str(days))
    page.click("#new-forecast .button--main")
    page.locator("#forecast-list a", has_text=name).wait_for(timeout=LONG_MS)


def shoot(page: Page, name: Path) -> None:
    """For whoever looks at them: as it stands, all of it, and on paper."""
    size = page.viewport_size
    assert size
    page.screenshot(path=name.with_suffix(".png"))
    page.set_viewport_size({"width": size["width"], "height": 3000})
    page.screenshot(path=name.with_name(f"{name.name}-whole.png"))
    page.set_viewport_size(size)
    page.pdf(path=name.with_suffix(".pdf"))


def test_a_planner_forecasts_overrules_staffs_and_takes_it_away(
    house: PageHouse, chromium: Browser, database: Database, redis_url: str, tmp_path: Path
) -> None:
    walk = Walk(chromium, house, "wayan", ("light", "en"))
    page = walk.page
    page.goto(f"{house.address}/planner/forecasts")
    walk.look("no forecast yet")
    page.fill("#new-forecast [name=days]", "0")
    page.click("#new-forecast .button--main")
    expect(page.locator("#new-forecast [name=days]")).to_be_focused()
    walk.look("a field is wrong")
    page.fill("#new-forecast [name=days]", "14")
    page.fill("#new-forecast [name=first]", today(house).isoformat())
    page.fill("#new-forecast [name=name]", "Next weeks")
    page.click("#new-forecast .button--main")
    expect(page.locator("#forecast-list progress")).to_be_visible()
    page.reload()
    expect(page.locator("#forecast-list .run__doing")).not_to_be_empty()
    walk.look("it waits for the worker")
    with planning_worker(tmp_path / "worker", database, redis_url):
        page.locator("#forecast-list a", has_text="Next weeks").click(timeout=LONG_MS)
        page.wait_for_selector("#pictures svg")
        walk.look("the forecast")
        row = page.locator("[data-grid=days] tr[data-key]").first
        computed = float(row.locator("[data-of=expected]").inner_text().replace(",", ""))
        row.locator("[data-field=callers]").click()
        page.keyboard.type("1234")
        page.keyboard.press("Enter")
        expect(row.locator("[data-of=expected]")).to_have_text("1,234.0")
        second = page.locator("[data-grid=days] tr[data-key]").nth(1)
        expect(second.locator("[data-field=callers]")).to_be_focused()
        page.keyboard.type("many")
        page.keyboard.press("Enter")
        expect(page.locator("[data-fault=grid]")).to_be_visible()
        walk.look("a number is none")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.locator("#undo").click()
        expect(row.locator("[data-of=expected]")).to_have_text(f"{computed:,.1f}")
        row.locator("[data-field=times]").click()
        page.keyboard.type("1,5")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type("campaign")
        page.keyboard.press("Enter")
        expect(row.locator("[data-of=by]")).to_contain_text("wayan")
        expect(page.locator("#undo")).to_be_enabled()
        expect(row.locator("[data-field=times]")).to_have_value("1.5")
        assert float(row.locator("[data-of=expected]").inner_text().replace(",", "")) == pytest.approx(1.5 * computed, rel=0.001)
        page.click(".plan__tools .button--main")
        page.wait_for_selector("#worth")
        page.fill("#wishes [name=shrinkage]", "30")
        page.click("#wishes .button--main")
        page.wait_for_selector(".heads")
        page.locator("tr[data-worth]").nth(4).focus()
        expect(page.locator("#worth")).to_contain_text("one more")
        walk.look("staffed")
        page.locator("tr[data-worth] [data-do=search]").nth(4).click()
        expect(page.locator("#search table").first).to_be_visible(timeout=LONG_MS)
        walk.look("searched over skills")
    page.fill("#keep-plan [name=name]", "March plan")
    page.click("#keep-plan .button")
    expect(page.locator("#plans")).to_contain_text("March plan")
    with page.expect_download() as saved:
        page.locator("#plans a", has_text="CSV").first.click()
    saved.value.save_as(tmp_path / "plan.csv")
    with (tmp_path / "plan.csv").open() as lines:
        taken = list(csv.DictReader(lines))
    with house.database.reading() as session:
        rows = plan_rows(session, find_plan(session, "March plan").id)
    assert sum(int(row["heads"]) for row in taken) == sum(row.heads for row in rows) > 0
    own = [row for row in taken if row["queue"] == "sales" and row["interval_start"][:10] == str(today(house))]
    assert len(own) == 48
    assert sum(float(row["callers"]) for row in own) > 0
    page.goto(f"{house.address}/planner/held?day={today(house)}&queue=sales")
    page.wait_for_selector(".plan__picture svg")
    walk.look("held against what came")
    assert not [event for event in house.bus.read("0-0") if event.kind is EventKind.AGENT_RESERVED], "planning touches no caller"
    walk.end()


@pytest.mark.long
@pytest.mark.parametrize(
    ("look", "size"),
    [(LOOKS[0], PC), (("light", "en"), (1920, 1080)), (("dark", "id"), PHONE), (("dark", "en"), PC)],
    ids=["pc", "wide", "phone", "dark"],
)
def test_every_planning_page_is_open_to_everybody(
    house: PageHouse, chromium: Browser, database: Database, redis_url: str, tmp_path: Path, look: tuple[str, str],
    size: tuple[int, int],
) -> None:  # fmt: skip
    walk = Walk(chromium, house, "wayan", look, size)
    page = walk.page
    with planning_worker(tmp_path / "worker", database, redis_url):
        compute(page, house, "December")
        page.fill("#special-day [name=day]", (today(house) + timedelta(days=5)).isoformat())
        page.fill("#special-day [name=name]", "harbolnas")
        page.fill("#special-day [name=factor]", "1,6")
        page.click("#special-day .button")
        expect(page.locator("#special-days")).to_contain_text("harbolnas")
        content = b"date,name\n12.12.2026,fair\n"
        page.set_input_files("[data-bring]", {"name": "days.csv", "mimeType": "text/csv", "buffer": content})
        expect(page.locator("#days-of-note [data-fault=file]")).to_be_visible()
        walk.look("forecasts")
        shoot(page, tmp_path / "forecasts")
        page.locator("#forecast-list a", has_text="December").click()
        page.locator("[data-do=take-in]").first.click()
        expect(page.locator("#aside-said")).not_to_be_empty()
        walk.look("a forecast")
        shoot(page, tmp_path / "forecast")
        page.goto(f"{house.address}/planner/staff?shrinkage=30&at_once=nope")
        walk.look("a wish is wrong")
        page.goto(f"{house.address}/planner/staff?shrinkage=30")
        page.locator("tr[data-worth] [data-do=search]").nth(4).click()
        expect(page.locator("#search table").first).to_be_visible(timeout=LONG_MS)
        walk.look("staff")
        shoot(page, tmp_path / "staff")
    page.goto(f"{house.address}/planner/held?queue=sales")
    walk.look("held")
    shoot(page, tmp_path / "held")
    page.goto(f"{house.address}/planner")
    walk.look("intervals")
    walk.end()
