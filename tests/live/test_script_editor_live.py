"""A script edited in a real browser: a fault seen at its line and mended, walked through, published, opened by the next call."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from core.database import Database
from routing.agent_state import Action
from scripts.library import shipped_texts
from scripts.script_versions import publications_of
from tests.live.browser import CHROMIUM, FLAGS, choose_language
from tests.live.page_house import PageHouse, page_house
from tests.live.test_policy_live import put
from tests.live.walk import LOOKS, PC, PHONE, Walk

pytestmark = pytest.mark.one_database

ANDI = "1004"
BILLING = next(text.text for text in shipped_texts() if text.script.name == "billing")
READY = "body[data-kept=kept][data-stream=on]"


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        yield made


@pytest.fixture
def context(playwright: Playwright) -> Iterator[BrowserContext]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB")
    browser.close()


def logged_in(house: PageHouse, context: BrowserContext, login: str) -> Page:
    page = context.new_page()
    page.goto(house.address)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", house.login(login).password)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav.rail")
    choose_language(page, "en")
    return page


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def versions(house: PageHouse, name: str) -> list[tuple[int, str, str]]:
    with house.database.reading() as session:
        return [(line.number, line.how, line.note) for line in publications_of(name).history(session)]


def test_a_fault_is_mended_the_script_walked_published_and_opened_by_the_next_call(
    house: PageHouse, context: BrowserContext, playwright: Playwright
) -> None:
    page = logged_in(house, context, "ratna")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{house.address}/scripts")
    page.get_by_role("link", name="Edit Billing").click()
    page.wait_for_selector(READY)
    put(page, "no: unproved", "no: unprovd")
    expect(page.locator(".problem__go", has_text="There is no page unprovd.")).to_contain_text(
        f"Line {line_of(BILLING, 'no: unproved')}"
    )
    expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
    expect(page.locator("#picture .node--fault")).to_have_count(2)  # the page that leads nowhere, and the one that nobody reaches
    page.keyboard.press("Control+Enter")
    expect(page.locator("#publish-problem")).to_contain_text("To be mended first: 2 faults.")
    page.keyboard.type("all the same")
    page.keyboard.press("Enter")
    expect(page.locator("#publish-problem")).to_contain_text("The script has faults.")
    assert versions(house, "billing") == []
    page.keyboard.press("Escape")

    put(page, "no: unprovd", "no: unproved")
    page.wait_for_selector("body[data-serious='0']")
    first = page.locator("#walk .walk").get_attribute("data-page")
    put(page, "Billing question", "Billing from the tests")
    put(page, "Thank you for waiting.", "Thanks from the tests.")
    expect(page.locator("#walk blockquote[lang=en]")).to_contain_text("Thanks from the tests.")
    expect(page.locator(f"#picture a.walked[data-page={first}]")).to_have_count(1)
    page.keyboard.press("Alt+1")
    expect(page.locator("#walk .walk")).to_have_attribute("data-taken", "1")
    expect(page.locator("#walk .walk__step").first).to_contain_text(str(first))
    page.keyboard.press("Alt+0")
    expect(page.locator("#walk .walk")).to_have_attribute("data-taken", "0")

    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#publish[open]")
    expect(page.locator("#publish-difference")).to_contain_text("Thanks from the tests.")
    page.keyboard.press("Control+A")  # the words of the first try are still there
    page.keyboard.type("greets from the tests")
    page.keyboard.press("Enter")
    expect(page.locator("#published")).to_contain_text("Version 1 is in force for every call that comes.")
    expect(page.locator("#in-force")).to_have_text("Version 1 in force")
    assert versions(house, "billing") == [(1, "published", "greets from the tests")]
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator(".cm-content")).to_contain_text("name: billing")
    assert not errors

    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    house.login("andi")
    desk = logged_in(house, browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB"), "andi")
    place = house.put_in_line()
    house.reserve(ANDI, place)
    house.step(ANDI, place, Action.RING, Action.ANSWER)
    desk.wait_for_selector("#choose[data-script-open]")
    if desk.locator("#choose").get_attribute("data-script-open") != "billing":  # their bill may be overdue
        desk.locator("#script-other summary").click()
        desk.locator("[data-script=billing]").click()
    expect(desk.locator(".script__head h2")).to_have_text("Billing from the tests")
    browser.close()


@pytest.mark.long
def test_a_trial_is_begun_on_the_page_and_ended_there(house: PageHouse, context: BrowserContext) -> None:
    page = logged_in(house, context, "ratna")
    page.goto(f"{house.address}/scripts/edit/billing")
    page.wait_for_selector(READY)
    put(page, "Thank you for waiting.", "Thanks on trial.")
    expect(page.locator("#difference")).to_contain_text("Thanks on trial.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#publish[open]")
    page.keyboard.type("does it help?")
    page.locator("input[name=how][value=share]").check()
    page.locator("#publish-now").click()
    expect(page.locator("#published")).to_contain_text("Version 1 is tried on 20 of 100 calls that come.")
    page.locator("#trial").click()
    expect(page.locator(".scripts__trial")).to_contain_text("Too few calls to tell")
    page.locator("[data-choose='1']").click()
    page.wait_for_selector(".scripts__trial:not(:has([data-choose]))")
    assert [(number, how) for number, how, _note in versions(house, "billing")] == [(1, "chosen"), (1, "tried")]


@pytest.mark.long
@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_the_pages_of_scripts_are_open_to_everybody(browser, house, look, size, tmp_path):
    walk = Walk(browser, house, "ratna", look, size)
    page = walk.page
    page.goto(f"{house.address}/scripts")
    walk.look("the list")
    page.screenshot(path=tmp_path / "list.png", full_page=True)
    page.keyboard.press("n")
    page.wait_for_selector("#new-script[open]")
    walk.look("a new script")
    page.keyboard.press("Escape")
    page.goto(f"{house.address}/scripts/report/billing")
    walk.look("the report")
    page.screenshot(path=tmp_path / "report.png", full_page=True)
    page.goto(f"{house.address}/scripts/trial/billing")
    walk.look("no trial yet")
    page.goto(f"{house.address}/scripts/edit/billing")
    page.wait_for_selector(READY)
    page.wait_for_selector("#walk .walk")
    walk.look("the editor")
    page.screenshot(path=tmp_path / "editor.png", full_page=True)
    page.locator("#walk [data-answer]").first.click()
    page.wait_for_selector("#walk .walk[data-taken='1']")
    walk.look("a step of the walk")
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("colour: red\n")
    page.wait_for_selector("body[data-serious='1']")
    page.evaluate("scrollTo(0, 0)")
    walk.look("faults")
    page.screenshot(path=tmp_path / "faults.png")
    for _ in range(len("colour: red\n")):
        page.keyboard.press("Backspace")
    put(page, "Billing question", "Billing tried")
    page.wait_for_selector("body[data-serious='0'] #difference .change")
    walk.look("a difference")
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#publish[open]")
    walk.look("dialog publish")
    page.screenshot(path=tmp_path / "publish.png")
    page.keyboard.type("trial")
    page.locator("input[name=how][value=share]").check()
    page.locator("#publish-now").click()
    page.wait_for_selector("#published:not([hidden])")
    page.goto(f"{house.address}/scripts/trial/billing")
    walk.look("a trial")
    page.screenshot(path=tmp_path / "trial.png", full_page=True)
    walk.end()
