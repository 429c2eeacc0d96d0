"""The call script in a real browser: by keys alone through every kind of question, pushed or reloaded, and read by everybody."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import select, update

from core.database import Database
from crm.orders import Invoice
from crm.tickets import Ticket
from routing.agent_state import Action
from routing.place import Place
from tests.live.axe import barriers
from tests.live.browser import CHROMIUM, FLAGS, choose_language
from tests.live.page_house import PageHouse, page_house

pytestmark = pytest.mark.one_database

ANDI = "1004"


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        yield made


@pytest.fixture
def call(house: PageHouse, playwright: Playwright) -> Iterator[tuple[Page, Place]]:
    """Andi talks with somebody whose bill is long overdue."""
    andi = house.login("andi")
    overdue = house.clock.now().date() - timedelta(days=40)
    with house.database.writing() as session:
        session.execute(update(Invoice).where(Invoice.paid_idr < Invoice.amount_idr).values(due_on=overdue))
        session.commit()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB").new_page()
    page.goto(house.address)
    page.fill("input[name=login]", "andi")
    page.fill("input[name=password]", andi.password)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav.rail")
    choose_language(page, "en")
    place = house.put_in_line()
    house.reserve(ANDI, place)
    house.step(ANDI, place, Action.RING, Action.ANSWER)
    page.wait_for_selector('body[data-stream="on"][data-agent-state="TALKING"]')  # answers are taken by then, not while it rings
    open_on(page, "verify")
    yield page, place
    browser.close()


def open_on(page: Page, name: str) -> None:
    """Wait until this page of the script is open."""
    expect(page.locator(f'#choose[data-page-open="{name}"]')).to_be_visible()


def test_a_script_is_gone_through_by_keys_alone(house: PageHouse, call: tuple[Page, Place]) -> None:
    page, place = call
    note = f"Plan for bill {place.reason.partition(':')[2]}: Rp 500,000 this week, the rest in 2 months."
    expect(page.locator(".script__head h2")).to_have_text("Overdue bill")
    for key, following in (("Alt+1", "greeting"), ("Alt+3", "pay_now")):
        page.keyboard.press(key)
        open_on(page, following)
    expect(page.locator("#answer-pay_now")).to_be_focused()
    page.keyboard.type("a lot")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("That is no number.")
    expect(page.locator("#answer-pay_now")).to_have_value("a lot")
    page.keyboard.press("Control+a")
    page.keyboard.type("Rp 500.000")
    page.keyboard.press("Enter")
    open_on(page, "parts")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    open_on(page, "plan")
    expect(page.locator("[data-note]")).to_have_value(note)
    page.locator('[data-action="open_ticket"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".script-action").first).to_contain_text("is open.")
    page.reload()
    open_on(page, "plan")
    expect(page.locator("[data-note]")).to_have_value(note)
    expect(page.locator('[data-action="open_ticket"]')).to_have_count(0)
    with house.database.reading() as session:
        (ticket,) = session.scalars(select(Ticket).where(Ticket.interaction_id == place.interaction_id))
    expect(page.locator("#say")).to_contain_text(ticket.number)
    assert barriers(page) == []


def test_what_is_typed_outlives_what_is_pushed_and_another_script_is_a_key_away(house: PageHouse, call: tuple[Page, Place]) -> None:
    page, _place = call
    for key, following in (("Alt+1", "greeting"), ("Alt+4", "dispute")):
        page.keyboard.press(key)
        open_on(page, following)
    page.keyboard.type("the delivery fee")
    house.changes.phone_changed(ANDI, False)
    house.changes.phone_changed(ANDI, True)
    expect(page.locator("#answer-dispute")).to_have_value("the delivery fee")
    page.locator("#script-other summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('#choose[data-script-open="billing"]')).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("Script: Overdue")
    page.keyboard.press("Enter")
    open_on(page, "dispute")
    assert barriers(page) == []
