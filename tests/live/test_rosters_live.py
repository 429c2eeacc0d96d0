"""Rosters in a real browser, with the process that solves them: made, changed by keyboard and mouse, published and taken back; and
what is left when the solver is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.clock import SystemClock
from core.database import Database
from launch.demo_rosters import set_up_demo_rosters
from routing.agents import AgentRecord, AgentSkill, find_agent
from tests.live.browser import WAIT_MS
from tests.live.page_house import PageHouse, page_house
from tests.live.planning_worker import planning_worker
from tests.live.walk import LOOKS, PC, PHONE, Walk
from workforce.roster_records import RosterState, RosterVersion
from workforce.roster_store import keep_contracts
from workforce.rosters.contract import Contract

pytestmark = pytest.mark.one_database
LONG_MS = 4 * WAIT_MS


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        set_up_demo_rosters(database, made.clock, ZoneInfo("Asia/Jakarta"))
        yield made


def ask_for(page: Page, house: PageHouse, seconds: int, days: int = 7) -> None:
    page.goto(f"{house.address}/planner/rosters")
    page.fill("#new-roster [name=days]", str(days))
    page.fill("#new-roster [name=seconds]", str(seconds))
    page.click("#new-roster .button--main")


def cell(page: Page, name: str, day: int) -> Locator:
    return page.locator(".roster-row[data-agent]", has_text=name).locator(f"[data-day='{day}']")


def working_day(page: Page, name: str) -> int:
    """A day on which this agent works."""
    return int(page.locator(".roster-row[data-agent]", has_text=name).locator("[draggable=true]").first.get_attribute("data-day"))


def test_a_planner_makes_changes_and_publishes_a_roster(
    house: PageHouse, chromium: Browser, database: Database, redis_url: str, tmp_path: Path
) -> None:
    walk = Walk(chromium, house, "wayan", ("light", "en"))
    page = walk.page
    page.goto(f"{house.address}/planner/contracts")
    walk.look("contracts")
    page.locator("tr", has_text="Andi").locator("[data-do=edit]").click()
    page.fill("#contract [name=available]", "moon")
    page.click("#contract .button--main")
    expect(page.locator("#contract [name=available]")).to_be_focused()
    walk.look("a contract is wrong")
    page.keyboard.press("Escape")
    ask_for(page, house, 0)
    expect(page.locator("#new-roster [name=seconds]")).to_be_focused()
    with planning_worker(tmp_path / "worker", database, redis_url):
        page.fill("#new-roster [name=seconds]", "8")
        page.click("#new-roster .button--main")
        page.wait_for_selector(".roster-run")
        walk.look("it is being made")
        page.locator(".roster-line a").first.click(timeout=LONG_MS)
    page.wait_for_selector(".shift[draggable=true]")
    page.wait_for_selector("#day-picture svg")
    walk.look("the grid")
    day = working_day(page, "Dewi")
    before = cell(page, "Dewi", day).text_content()
    cell(page, "Dewi", day).focus()
    page.keyboard.press("Enter")
    page.select_option("#cell-kind", label="Night shift")
    expect(page.locator("#cell-verdict")).to_contain_text("Dewi may not work on the night")
    walk.look("another shift")
    page.click("#cell-keep")
    expect(page.locator("#refused-rules")).to_contain_text("Dewi may not work on the night")
    walk.look("refused")
    page.click("#refused-anyway")
    expect(cell(page, "Dewi", day)).to_contain_text("Night shift")
    page.keyboard.press("Control+z")
    expect(cell(page, "Dewi", day)).to_have_text(before)
    cell(page, "Dewi", day).focus()
    page.keyboard.press("Delete")
    expect(cell(page, "Dewi", day)).not_to_have_attribute("draggable", "true")
    day = working_day(page, "Budi")
    carried = cell(page, "Budi", day).text_content()
    cell(page, "Budi", day).focus()
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight" if day == 0 else "ArrowLeft")
    expect(page.locator("#verdict")).to_contain_text("points")
    walk.look("carried")
    page.keyboard.press("Escape")
    other = next(each for each in range(7) if cell(page, "Budi", each).text_content() != carried)
    cell(page, "Budi", day).drag_to(cell(page, "Budi", other))
    expect(cell(page, "Budi", other).or_(page.locator("#refused[open]")).first).to_be_visible()
    if page.locator("#refused[open]").count():
        page.click("#refused-anyway")
    expect(cell(page, "Budi", other)).to_have_text(carried)
    page.click("[data-do=publishing]")
    page.wait_for_selector(".roster-changes")
    walk.look("what publishing changes")
    if page.locator("#publishing-anyway").count():
        page.check("#publishing-anyway")
    page.click("#publishing-now")
    page.wait_for_selector("[data-do=copy]")
    expect(page.locator(".roster-history")).to_contain_text("published")
    page.click("[data-do=publishing]")
    page.wait_for_selector(".roster-changes")
    page.click("#publishing-now")
    page.wait_for_selector("[data-do=undo]")
    cell(page, "Sari", 1).focus()
    page.keyboard.press("Space")
    page.click("[data-do=anew]")
    walk.look("cells anew")
    page.keyboard.press("Escape")
    walk.end()
    address = page_address(database)
    for look, size in ((LOOKS[1], PC), (LOOKS[0], PHONE)):
        again = Walk(chromium, house, "wayan", look, size)
        for path, ready in (("", ".shift[draggable=true]"), ("/print", ".roster-sheet")):
            again.page.goto(f"{house.address}{address}{path}")
            again.page.wait_for_selector(ready)
            again.look(f"roster{path} in {look}, {size}")
        again.page.goto(f"{house.address}/planner/rosters/rules")
        again.page.wait_for_selector("#picture table")
        again.look(f"rules in {look}, {size}")
        again.end()


def add_crowd(database: Database, people: int) -> None:
    """So many more who do what Sari does: no computer proves within seconds that their roster can't be better."""
    with database.writing() as session:
        skills = find_agent(session, "1001").skills
        for number in range(people):
            record = AgentRecord(id=f"{7000 + number}", name=f"Crowd {number}", phone_secret="unused")
            record.skills = [AgentSkill(skill=one.skill, proficiency=one.proficiency) for one in skills]
            session.add(record)
        session.flush()
        keep_contracts(
            session, [Contract(f"{7000 + number}", week_min=2400) for number in range(people)], SystemClock().now(), "Halo"
        )
        session.commit()


def page_address(database: Database) -> str:
    with database.reading() as session:
        return f"/planner/rosters/{session.query(RosterVersion).one().id}"


def test_a_solver_that_is_killed_says_so_and_one_that_is_ended_leaves_its_best(
    house: PageHouse, chromium: Browser, database: Database, redis_url: str, tmp_path: Path
) -> None:
    add_crowd(database, 40)
    page = Walk(chromium, house, "wayan", ("light", "en")).page
    with planning_worker(tmp_path / "worker", database, redis_url) as worker:
        ask_for(page, house, 300, days=14)
        expect(page.locator(".roster-run[data-state=solving]")).to_be_visible(timeout=LONG_MS)
        os.kill(child_of(worker.pid), signal.SIGKILL)
        expect(page.locator(".roster-line")).to_contain_text("stopped from outside", timeout=LONG_MS)
        page.click("[data-do=again]")
        expect(page.locator(".roster-run__gap")).to_contain_text("points", timeout=LONG_MS)
        worker.terminate()  # as ./halo down does
        worker.wait(30)
        page.locator(".roster-line a").wait_for(timeout=LONG_MS)
    with database.reading() as session:
        assert session.query(RosterVersion).one().state == RosterState.DRAFT


def child_of(pid: int) -> int:
    """The process that does the job for this worker."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
