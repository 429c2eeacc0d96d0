"""A flow edited in a real browser: a mistake seen at its line and mended, a sentence heard, a version published, brought back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from core.database import Database
from core.text_drafts import Author
from ivr.flow_drafts import FLOW_DRAFTS
from ivr.flow_file import read_flow, shipped_flow
from ivr.flow_versions import history, in_force
from tests.live.browser import CHROMIUM, FLAGS, choose_language
from tests.live.page_house import PageHouse, page_house

pytestmark = pytest.mark.one_database

TEXT = shipped_flow().text
SALES = TEXT[: TEXT.index("queue: sales}")].count("\n") + 1


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
    """Ratna, a supervisor, at the flow."""
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
    page.goto(f"{house.address}/ivr/edit/hotline")
    is_kept(page)


def is_kept(page: Page) -> None:
    page.wait_for_selector("body[data-kept=kept][data-stream=on]")


def find(page: Page, words: str) -> None:
    """Put the cursor behind these words by the editor's own search."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+f")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")


def add_line(page: Page, words: str) -> None:
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)


def draft(house: PageHouse, login: str = "ratna") -> str:
    with house.database.reading() as session:
        found = FLOW_DRAFTS.draft_of(session, "hotline", login)
    return found.content if found else ""


def versions(house: PageHouse) -> list[tuple[int, str, str, str]]:
    with house.database.reading() as session:
        return [(line.number, line.by, line.how, line.note) for line in history(session, "hotline")]


def text_in_force(house: PageHouse) -> str:
    with house.database.reading() as session:
        found = in_force(session, "hotline")
    return found.content if found else TEXT


def test_a_mistake_is_seen_at_its_line_mended_heard_published_and_brought_back(house: PageHouse, page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    before = versions(house)[0][0] if versions(house) else 0

    find(page, "queue: sales")
    page.keyboard.type("s")  # the mistake
    expect(page.locator("#count")).to_have_text("1 fault")
    problem = page.locator(".problem__go")
    expect(problem).to_contain_text(f"Line {SALES}")
    expect(problem).to_contain_text("There is no queue 'saless'.")
    expect(problem).to_contain_text("Use one of:")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    expect(page.locator(".cm-activeLine")).to_contain_text("queue: saless")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#publish-problem")).to_contain_text("To be mended first: 1 fault.")
    page.keyboard.press("Escape")
    find(page, "queue: saless")
    page.keyboard.press("Backspace")
    expect(page.locator("#count")).to_have_text("Nothing is wrong.")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(0)

    find(page, "Untuk penjualan,")
    page.keyboard.type(" atau belanja,")
    is_kept(page)
    expect(page.locator("#menu [data-menu=people_menu] .said--here")).to_contain_text("atau belanja,")
    expect(page.locator("#picture a.here")).to_have_attribute("data-menu", "people_menu")
    page.keyboard.press("F7")
    page.wait_for_selector(".said--here .playing")
    page.wait_for_selector(".playing", state="detached", timeout=30_000)  # the sound has come to its end
    (spoken,) = (house.home / "prompts" / "fixed" / "id").glob("people_menu_1-*.wav")
    assert spoken.stat().st_size > 16_000

    page.keyboard.press("Control+Enter")
    expect(page.locator("#publish-difference .diff__in")).to_contain_text("atau belanja,")
    page.keyboard.press("Enter")  # without a note
    assert page.locator("#publish[open]").count() == 1
    page.keyboard.type("who wants to buy says so")
    page.keyboard.press("Enter")
    expect(page.locator("#order[data-state=done]")).to_contain_text("is in force for every call", timeout=60_000)
    assert "atau belanja," in text_in_force(house)
    (number, by, how, note) = versions(house)[0]
    assert (number, how, note) == (before + 1, "published", "who wants to buy says so")
    assert "(ratna)" in by
    assert draft(house) == ""
    expect(page.locator("#in-force")).to_have_text(f"Version {number} in force")

    add_line(page, "# second\n")
    is_kept(page)
    page.keyboard.press("Control+Enter")
    page.locator("#note").fill("again")
    page.keyboard.press("Enter")
    expect(page.locator("#in-force")).to_have_text(f"Version {number + 1} in force", timeout=60_000)
    page.locator(f"[data-bring-back='{number}']").click()
    expect(page.locator("#bring-back-difference .diff__out")).to_contain_text("# second")
    page.keyboard.press("Enter")
    expect(page.locator("#order[data-state=done]")).to_contain_text("is in force again", timeout=60_000)
    assert [line[2] for line in versions(house)[:3]] == ["rolled_back", "published", "published"]
    expect(page.locator(".cm-content")).not_to_contain_text("# second")  # nobody had typed anything: the text follows
    assert errors == []


def test_a_closed_tab_and_a_desk_that_is_away_lose_nothing(house: PageHouse, page: Page, context: BrowserContext) -> None:
    add_line(page, "# kept by the server\n")
    is_kept(page)
    page.wait_for_function("() => localStorage.length === 0")
    assert "# kept by the server" in draft(house)
    page.route("**/api/flows/**", lambda route: route.abort())
    add_line(page, "# kept by the browser\n")
    page.wait_for_selector("body[data-kept=away]")
    expect(page.locator("#kept")).to_contain_text("safe in this browser")
    page.close()

    again = context.new_page()
    open_editor(house, again)
    again.wait_for_function("() => localStorage.length === 0")
    assert draft(house).endswith("# kept by the server\n# kept by the browser\n")
    add_line(again, "# and on\n")
    is_kept(again)


def test_another_window_of_the_same_person_is_noticed_and_one_is_chosen(
    house: PageHouse, page: Page, context: BrowserContext
) -> None:
    other = context.new_page()
    open_editor(house, other)
    add_line(page, "# one\n")
    is_kept(page)
    page.wait_for_function("() => localStorage.length === 0")
    add_line(other, "# two\n")
    other.wait_for_selector("body[data-kept=elsewhere]")
    assert "# one" in draft(house)
    other.get_by_role("button", name="Take that text").click()
    is_kept(other)
    other.keyboard.press("Control+End")
    expect(other.locator(".cm-content")).to_contain_text("# one")


def test_two_people_do_not_overwrite_each_other(house: PageHouse, page: Page) -> None:
    with house.database.writing() as session:
        FLOW_DRAFTS.keep(session, "hotline", Author("admin", "Admin"), TEXT + "# a\n", 0, "", house.clock.now())
        session.commit()
    expect(page.locator("#others")).to_contain_text("Admin", timeout=15_000)
    add_line(page, "# mine\n")
    is_kept(page)
    number = house.shop.publisher.publish(read_flow(TEXT + "# theirs\n", "x"), "Admin (admin)", "theirs")
    overtaken = page.locator("#overtaken")
    expect(overtaken).to_contain_text(f"Version {number}", timeout=15_000)
    page.locator("[data-overtaken=see]").click()
    expect(page.locator("#compare-difference .diff__in")).to_contain_text("# theirs")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    page.locator("#note").fill("mine")
    page.keyboard.press("Enter")
    expect(page.locator("#publish-problem")).to_contain_text("Another version came into force meanwhile.")
    assert text_in_force(house).endswith("# theirs\n")
    page.keyboard.press("Escape")
    page.locator("[data-overtaken=mine]").click()
    page.keyboard.press("Control+Enter")
    page.locator("#note").fill("mine after theirs")
    page.keyboard.press("Enter")
    expect(page.locator("#order[data-state=done]")).to_be_visible(timeout=60_000)
    assert text_in_force(house).endswith("# mine\n")


def test_who_typed_nothing_gets_what_came_into_force(house: PageHouse, page: Page) -> None:
    house.shop.publisher.publish(read_flow(TEXT + "# theirs\n", "x"), "Admin (admin)", "theirs")
    page.locator(".cm-content").focus()
    expect(page.locator("#in-force")).not_to_contain_text("shipped", timeout=15_000)
    page.keyboard.press("Control+End")
    expect(page.locator(".cm-content")).to_contain_text("# theirs")
    expect(page.locator("#overtaken")).to_be_hidden()


def test_the_keyboard_leaves_the_text_and_reaches_what_callers_hear(house: PageHouse, page: Page) -> None:
    def focus() -> str:
        return str(page.evaluate("document.activeElement.id || document.activeElement.className"))

    assert "cm-content" in focus()
    page.keyboard.press("Tab")  # indents
    assert "cm-content" in focus()
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert "cm-content" not in focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("F6")
    assert focus() == "menu"
    page.keyboard.press("F6")
    assert "cm-content" in focus()
    page.keyboard.press("F1")
    page.wait_for_selector("#keymap[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("after_bill")
    page.keyboard.press("Enter")
    expect(page.locator(".cm-activeLine")).to_have_text(re.compile("after_bill:"))


def test_an_old_answer_never_stands_over_a_newer_one(house: PageHouse, page: Page) -> None:
    """The first check is held back; what is typed meanwhile is checked after it, and what it said of the old text is not shown."""
    held = []
    page.route("**/api/flows/hotline/draft", lambda route: held.append(route) if not held else route.continue_())
    add_line(page, "broken: [\n")
    page.wait_for_function("() => document.body.dataset.kept === 'keeping'")
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(20)
    for _ in range(len("broken: [\n")):
        page.keyboard.press("Backspace")
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => window.seen.push(document.querySelector('#count').textContent))
        .observe(document.querySelector('#count'), {childList: true, characterData: true, subtree: true}); }"""
    )
    held[0].continue_()
    is_kept(page)
    expect(page.locator("#count")).to_have_text("Nothing is wrong.")
    assert page.evaluate("window.seen") == []
