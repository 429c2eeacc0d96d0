"""The policy edited in a real browser: a mistake mended, a day played, published, brought back, nothing overwritten."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from core.database import Database
from core.event_archive import archive
from routing.policy_file import read_policy, shipped_policy
from routing.policy_publication import PolicyPublisher
from routing.policy_versions import history, in_force
from tests.live.browser import CHROMIUM, FLAGS, choose_language
from tests.live.page_house import PageHouse, page_house
from tests.recorded_hour import busy_hour

pytestmark = pytest.mark.one_database

TEXT = shipped_policy().text
FALLBACK = TEXT[: TEXT.index("\nfallback: general")].count("\n") + 2


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        yield made


@pytest.fixture
def context(playwright: Playwright) -> Iterator[BrowserContext]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB")
    browser.close()


@pytest.fixture
def page(house: PageHouse, context: BrowserContext) -> Page:
    """Ratna, a supervisor, at the editor."""
    page = context.new_page()
    page.goto(house.address)
    page.fill("input[name=login]", "ratna")
    page.fill("input[name=password]", house.login("ratna").password)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav.rail")
    choose_language(page, "en")
    open_editor(house, page)
    return page


def open_editor(house: PageHouse, page: Page) -> None:
    page.goto(f"{house.address}/policy/edit")
    is_checked(page)


def is_checked(page: Page) -> None:
    page.wait_for_selector("body[data-check=checked][data-stream=on]")


def put(page: Page, before: str, after: str) -> None:
    """Put other words in the place of these, by the editor's own search."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+f")
    page.locator(".cm-search input[name=search]").press("Control+a")
    page.keyboard.type(before)  # key by key: the editor looks for what was there when the last key came up
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.insert_text(after)


def publish(page: Page, note: str) -> None:
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#publish[open]")
    page.keyboard.type(note)
    page.keyboard.press("Enter")


def versions(house: PageHouse) -> list[tuple[int, str, str, str]]:
    with house.database.reading() as session:
        return [(line.number, line.by, line.how, line.note) for line in history(session)]


def text_in_force(house: PageHouse) -> str:
    with house.database.reading() as session:
        found = in_force(session)
    return found.content if found else TEXT


def publish_elsewhere(house: PageHouse, text: str) -> int:
    publisher = PolicyPublisher(house.database, house.clock, house.policy_shop.surroundings, house.bus.publish)
    return publisher.publish(read_policy(text, "policy"), "Admin (admin)", "theirs")


def test_a_mistake_is_seen_at_its_line_mended_published_and_brought_back(house: PageHouse, page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    put(page, "fallback: general", "fallback: generals")
    expect(page.locator(".problem__go", has_text="There is no queue generals.")).to_contain_text(f"Line {FALLBACK}")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    expect(page.locator("#preview-now")).to_be_disabled()
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    expect(page.locator(".cm-activeLine")).to_contain_text("generals")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#publish-problem")).to_contain_text("To be mended first: 1 fault.")
    page.keyboard.type("all the same")
    page.keyboard.press("Enter")
    expect(page.locator("#publish-problem")).to_contain_text("The policy has faults.")
    assert versions(house) == []
    page.keyboard.press("Escape")

    put(page, "fallback: generals", "fallback: sales")
    expect(page.locator("#difference .change")).to_contain_text("Where unknown wishes go")
    put(page, "head_start_s: 600", "head_start_s: 300")
    expect(page.locator("#difference .change")).to_contain_text("10:00 of waiting → 5:00 of waiting")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#publish-difference")).to_contain_text("5:00 of waiting")
    page.locator("#note").fill("")
    page.keyboard.press("Enter")  # without a note
    assert page.locator("#publish[open]").count() == 1
    page.keyboard.type("priority counts less")
    page.keyboard.press("Enter")
    expect(page.locator("#published")).to_contain_text("Version 1 is in force")
    expect(page.locator("#in-force")).to_have_text("Version 1 in force")
    expect(page.locator("#kept")).to_have_text("This is the text in force.")
    assert "head_start_s: 300" in text_in_force(house)
    (name,) = {one for one in [versions(house)[0][1]] if "(ratna)" in one}
    assert versions(house) == [(1, name, "published", "priority counts less")]
    assert page.evaluate("localStorage.length") == 0

    put(page, "head_start_s: 300", "head_start_s: 100")
    is_checked(page)
    publish(page, "still less")
    expect(page.locator("#in-force")).to_have_text("Version 2 in force")
    page.goto(f"{house.address}/policy")
    page.wait_for_selector("body[data-stream=on]")
    page.locator("[data-bring-back='1']").click()
    expect(page.locator("#bring-back-difference")).to_contain_text("1:40 of waiting → 5:00 of waiting")
    page.keyboard.press("Escape")
    assert versions(house)[0][0] == 2, "nothing happens without the second press"
    page.locator("[data-bring-back='1']").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#bring-back-difference .change")
    page.keyboard.press("Enter")
    expect(page.locator(".plan__head .tag")).to_have_text("Version 1 in force")
    assert versions(house)[0] == (1, name, "rolled_back", "priority counts less")
    assert errors == []


def test_a_text_that_was_not_published_is_there_after_a_reload_and_in_a_new_tab(
    house: PageHouse, page: Page, context: BrowserContext
) -> None:
    put(page, "fallback: general", "fallback: sales")
    page.reload()
    is_checked(page)
    expect(page.locator("#kept")).to_contain_text("kept in this browser")
    expect(page.locator("#difference .change")).to_contain_text("Where unknown wishes go")
    page.close()
    again = context.new_page()
    open_editor(house, again)
    expect(again.locator("#difference .change")).to_contain_text("Where unknown wishes go")
    again.locator("[data-do=drop]").click()
    again.locator("#drop-now").click()
    expect(again.locator("#kept")).to_have_text("This is the text in force.")
    again.reload()
    is_checked(again)
    expect(again.locator("#difference")).to_contain_text("Both mean the same.")


def test_two_people_do_not_overwrite_each_other(house: PageHouse, page: Page) -> None:
    put(page, "fallback: general", "fallback: sales")
    is_checked(page)
    theirs = TEXT.replace("head_start_s: 600", "head_start_s: 60")
    assert publish_elsewhere(house, theirs) == 1
    expect(page.locator("#overtaken")).to_contain_text("Version 1 by Admin (admin)", timeout=15_000)
    page.locator("[data-overtaken=see]").click()
    expect(page.locator("#compare-difference")).to_contain_text("10:00 of waiting → 1:00 of waiting")
    page.keyboard.press("Escape")
    publish(page, "mine")
    expect(page.locator("#publish-problem")).to_contain_text("Another version came into force meanwhile.")
    assert text_in_force(house) == theirs
    page.keyboard.press("Escape")
    page.locator("[data-overtaken=mine]").click()
    expect(page.locator("#overtaken")).to_be_hidden()
    expect(page.locator("#difference")).to_contain_text("1:00 of waiting → 10:00 of waiting")
    publish(page, "mine after theirs")
    expect(page.locator("#in-force")).to_have_text("Version 2 in force")
    assert "fallback: sales" in text_in_force(house)


def test_who_typed_nothing_gets_what_came_into_force(house: PageHouse, page: Page) -> None:
    publish_elsewhere(house, TEXT + "# theirs\n")
    expect(page.locator("#in-force")).to_have_text("Version 1 in force", timeout=15_000)
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    expect(page.locator(".cm-content")).to_contain_text("# theirs")
    expect(page.locator("#overtaken")).to_be_hidden()


def test_a_day_is_played_by_the_keyboard_and_found_again_after_a_reload(house: PageHouse, page: Page) -> None:
    zone = ZoneInfo("Asia/Jakarta")
    midnight = datetime.combine((house.clock.now().astimezone(zone) - timedelta(days=1)).date(), time(), zone)
    with house.database.writing() as session:
        archive(session, busy_hour(midnight, "1001", "sales"))
        session.commit()
    put(page, "needs: [{skill: sales, at_least: 2}]", "needs: [{skill: javanese, at_least: 5}]")
    is_checked(page)
    page.keyboard.press("F9")
    page.wait_for_selector("body[data-preview=done]")
    expect(page.locator("#preview")).to_contain_text("60 callers")
    expect(page.locator(".played__gain--worse")).not_to_have_count(0)
    page.keyboard.insert_text("# changed since\n")
    expect(page.locator("#preview-state")).to_have_text("The text has changed since; play it again.")
    page.reload()
    page.wait_for_selector("body[data-preview=done]")
    expect(page.locator("#preview")).to_contain_text("60 callers")
    page.locator("#preview-day").fill((midnight - timedelta(days=30)).date().isoformat())
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-preview=empty]")
    expect(page.locator("#preview")).to_contain_text("Nobody was served or gave up in a line")


def test_the_keyboard_goes_between_text_and_what_changes(house: PageHouse, page: Page) -> None:
    def focus() -> str:
        return str(page.evaluate("document.activeElement.id || document.activeElement.className"))

    assert "cm-content" in focus()
    page.keyboard.press("F6")
    assert focus() == "difference"
    page.keyboard.press("F6")
    assert "cm-content" in focus()
    page.keyboard.press("F1")
    page.wait_for_selector("#keymap[open]")
    page.keyboard.press("Escape")
    page.goto(f"{house.address}/policy")
    page.wait_for_selector("body[data-stream=on]")
    page.keyboard.press("Control+k")
    page.keyboard.type("queue bill")
    page.keyboard.press("Enter")
    expect(page.locator("#queue-billing")).to_be_in_viewport()
    page.keyboard.press("e")
    page.wait_for_selector("body.policy-edit")
