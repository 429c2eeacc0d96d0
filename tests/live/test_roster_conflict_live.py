"""A roster that can't be, in a real browser: the fewest rules that can't all be kept in words, and the best that there is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from core.database import Database
from routing.agents import AgentRecord, AgentSkill
from routing.policy_in_force import PolicyInForce
from tests.live.browser import WAIT_MS
from tests.live.page_house import PageHouse, page_house
from tests.live.planning_worker import planning_worker
from tests.live.walk import LOOKS, PHONE, Walk
from workforce.forecast import ForecastRow
from workforce.roster_records import RULES
from workforce.roster_store import keep_contracts
from workforce.rosters.contract import Contract
from workforce.rosters.rules_file import shipped_rules
from workforce.staff_plans import keep_plan
from workforce.staffing import Wishes, staffed

pytestmark = pytest.mark.one_database
LONG_MS = 6 * WAIT_MS
ZONE = ZoneInfo("Asia/Jakarta")
NAMES = {"2001": "Ani", "2002": "Beni", "2003": "Citra"}


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        yield made


def three_people(database: Database) -> None:
    """They serve technical; Citra works no nights. The plan needs all three on one night, and rules allow nobody less."""
    now, wishes = datetime.now(UTC), Wishes()
    monday = (now.astimezone(ZONE) + timedelta(days=7 - now.astimezone(ZONE).weekday())).date()
    night = datetime.combine(monday + timedelta(days=1), time(23), ZONE)
    rows = [ForecastRow("technical", night + timedelta(minutes=30 * at), 30, 4.0, 4.0, 4.0, 240.0, 4.0) for at in range(6)]
    with database.writing() as session:
        for number, name in NAMES.items():
            session.add(AgentRecord(id=number, name=name, phone_secret="s", skills=[AgentSkill(skill="technical", proficiency=5)]))
        session.flush()
        keep_contracts(session, [Contract(number, protected=name == "Citra") for number, name in NAMES.items()], now, "wayan")
        before = "  understaffed: {weight: 100}\n"
        text = shipped_rules().text.replace(before, f"{before}  least_staff: {{share: 1.0}}\n")
        RULES.put_in_force(session, text, now, "wayan", "nobody less")
        found = staffed(PolicyInForce(database).current(), rows, wishes, lambda _queue: None)
        three = {queue: [replace(row, agents=3, heads=3) for row in own] for queue, own in found.items()}
        keep_plan(session, "Nights", three, wishes, ZONE, "wayan", now)
        session.commit()


def test_why_there_is_none_is_said_and_the_best_there_is_is_shown(
    house: PageHouse, chromium: Browser, database: Database, redis_url: str, tmp_path: Path
) -> None:
    three_people(database)
    walk = Walk(chromium, house, "wayan", ("light", "en"))
    page = walk.page
    page.goto(f"{house.address}/planner/rosters")
    page.fill("#new-roster [name=days]", "1")
    page.fill("#new-roster [name=seconds]", "6")
    with planning_worker(tmp_path / "worker", database, redis_url):
        page.click("#new-roster .button--main")
        line = page.locator(".roster-line").first
        expect(line.locator(".roster-told")).to_contain_text("needs 3 people for Technical", timeout=LONG_MS)
    expect(line).to_contain_text("of the 3 who serve it only 2 can be there (Ani, Beni)")
    expect(line).to_contain_text("Citra: ")
    walk.look("the list says why")
    line.locator("a").first.click()
    expect(page.locator(".roster-conflict")).to_contain_text("This roster breaks the fewest")
    expect(page.locator(".shift[draggable=true]").first).to_be_visible()
    walk.look("the roster that breaks the fewest")
    address = page.url
    walk.end()
    other = Walk(chromium, house, "wayan", LOOKS[1], PHONE)
    other.page.goto(address)
    expect(other.page.locator(".roster-conflict")).to_contain_text("Citra")
    other.look("on a telephone")
    other.end()
