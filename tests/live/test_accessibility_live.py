"""Every page in every state, in both themes and languages, is open to everybody: checked by axe-core in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright

from core.database import Database
from ivr.flow_file import read_flow, shipped_flow
from launch.schema import all_tables
from routing.agent_state import Action, NotReadyReason
from tests.live.axe import barriers
from tests.live.browser import CHROMIUM, FLAGS
from tests.live.page_house import PageHouse, page_house

pytestmark = pytest.mark.one_database

AGENT = "1001"  # sari's
LOOKS = [("light", "id"), ("dark", "en")]
# Every control that can be seen, but those tabs that are reached by the arrow keys.
_CONTROLS = """
[...document.querySelectorAll('a[href], button, input, textarea, summary')]
  .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && one.type !== 'hidden' && !one.closest('dialog'))
  .map((one) => one.outerHTML)
"""
PC, PHONE = (1366, 768), (390, 844)


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Database]]:
    """The demo's people and customers, made once."""
    home = tmp_path_factory.mktemp("pages")
    database = Database(f"sqlite:///{home / 'pages.db'}")
    all_tables().create_all(database.engine)
    yield home, database
    database.dispose()


@pytest.fixture
def house(filled: tuple[Path, Database], redis_url: str) -> Iterator[PageHouse]:
    with page_house(*filled, redis_url) as house:
        yield house


class Walk:
    """A person's way through the pages; what stands in the way of somebody is noted, and said at the end."""

    def __init__(self, browser: Browser, house: PageHouse, login: str, look: tuple[str, str], size: tuple[int, int] = PC) -> None:
        theme, language = look
        self.house = house
        self.found: list[str] = []
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme, locale=language)
        self.page = context.new_page()
        self.page.goto(f"{house.address}/login")
        if login:
            self.page.fill("input[name=login]", login)
            self.page.fill("input[name=password]", house.login(login).password)
            self.page.keyboard.press("Enter")
            self.page.wait_for_selector("nav.rail")
        self.page.click(f"button[name=language][value={language}]")
        self.page.wait_for_selector(f"html[lang={language}]")

    def look(self, where: str) -> None:
        """Check the page as it is now."""
        self.found += [f"{where}: {barrier.rule} at {barrier.place}: {barrier.why}" for barrier in barriers(self.page)]
        if not self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            self.found.append(f"{where}: runs over the edge")

    def end(self) -> None:
        self.page.context.close()
        assert not self.found, "\n".join(self.found)


def agent_is(page: Page, state: str) -> None:
    page.wait_for_selector(f"body[data-agent-state={state}]")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [PC, PHONE], ids=["pc", "phone"])
def test_an_agent_s_page_from_log_in_to_wrap_up(browser, house, look, size):
    walk = Walk(browser, house, "sari", look, size)
    page = walk.page
    walk.look("not ready")
    house.make_ready(AGENT)
    agent_is(page, "READY")
    walk.look("ready")
    page.click("#state-button")
    walk.look("the list of states")
    page.keyboard.press("Escape")

    place = house.put_in_line()
    house.reserve(AGENT, place)
    agent_is(page, "RESERVED")
    walk.look("call coming")
    house.step(AGENT, place, Action.RING)
    agent_is(page, "RINGING")
    walk.look("ringing")
    house.step(AGENT, place, Action.ANSWER)
    agent_is(page, "TALKING")
    for tab in page.locator("[role=tab]").all():
        tab.click()
        walk.look("talking")
    house.step(AGENT, place, Action.HANG_UP)
    agent_is(page, "WRAP_UP")
    walk.look("wrap-up")
    page.locator("#middle .disposition").first.click()
    walk.look("wrap-up with a disposition")

    house.record_talk(AGENT, place, ago_s=300)
    house.changes.wrap_up_timed_out(house.store.agent(AGENT))
    agent_is(page, "READY")
    page.locator("[data-unfinished]").first.click()
    page.wait_for_selector("#sheet[open]")
    walk.look("an unfinished wrap-up")
    walk.end()


@pytest.mark.parametrize("look", LOOKS)
def test_a_stranger_s_call_a_missed_one_and_every_dialog(browser, house, look):
    walk = Walk(browser, house, "sari", look)
    page = walk.page
    page.keyboard.press("?")
    page.wait_for_selector("#keymap[open]")
    walk.look("the keyboard map")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    walk.look("the palette")
    page.fill("#palette-text", "ad")
    page.wait_for_selector("#palette-list .palette__heading:first-child + .palette__row")  # a customer: commands come after
    walk.look("customers found")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open]")
    walk.look("a customer looked up")
    page.keyboard.press("Escape")

    place = house.put_in_line("sales", known=False, language="en")
    house.reserve(AGENT, place)
    house.step(AGENT, place, Action.RING)
    agent_is(page, "RINGING")
    walk.look("a stranger rings")
    house.miss(AGENT, place)
    agent_is(page, "NOT_READY")
    walk.look("a missed call")
    walk.end()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [PC, PHONE], ids=["pc", "phone"])
def test_the_wallboard_quiet_and_busy(browser, house, look, size):
    walk = Walk(browser, house, "ratna", look, size)
    page = walk.page
    walk.look("a quiet wallboard")
    house.changes.log_in("1002")
    house.changes.make_not_ready("1002", NotReadyReason.MEAL)
    house.make_ready("1003")
    missed = house.put_in_line("sales")
    house.reserve(AGENT, missed)
    house.step(AGENT, missed, Action.RING)
    house.miss(AGENT, missed)
    talk = house.put_in_line("technical")
    house.reserve("1004", talk)
    house.step("1004", talk, Action.RING)
    house.step("1004", talk, Action.ANSWER)
    waiting = [house.put_in_line(queue, waits_s=waits_s) for queue in ("sales", "billing") for waits_s in (4, 25, 200)]
    page.wait_for_selector(f"[data-caller='{waiting[-1].interaction_id}']")
    walk.look("a busy wallboard")
    walk.end()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [PC, PHONE], ids=["pc", "phone"])
def test_the_planner_the_door_and_pages_that_say_no(browser, house, look, size):
    walk = Walk(browser, house, "", look, size)
    page = walk.page
    walk.look("the door")
    page.fill("input[name=login]", "wayan")
    page.fill("input[name=password]", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    walk.look("a wrong password")
    walk.end()

    walk = Walk(browser, house, "wayan", look, size)
    page = walk.page
    walk.look("an empty day")
    house.record_talk("1002", house.put_in_line("billing"), ago_s=60)
    for address in ("/planner?queue=billing", "/planner?queue=billing&minutes=15", "/planner?day=nonsense", "/desk", "/nowhere"):
        page.goto(house.address + address)
        walk.look(address)
    walk.end()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [PC, PHONE], ids=["pc", "phone"])
def test_promised_calls_and_the_hours(browser, house, look, size):
    walk = Walk(browser, house, "andi", look, size)
    walk.page.goto(f"{house.address}/callbacks")
    walk.look("nothing promised")
    house.promise_call(late=False)
    house.promise_call(late=True)
    walk.page.reload()
    walk.look("promised calls")
    walk.page.locator("form[action$='/take'] button").first.click()
    walk.page.wait_for_selector("#mine")
    walk.look("a promise taken")
    walk.end()

    walk = Walk(browser, house, "ratna", look, size)
    walk.page.goto(f"{house.address}/hours")
    walk.look("hours")
    for choice in ("until=at", "heard=text"):
        name, value = choice.split("=")
        walk.page.check(f"input[name={name}][value={value}]", force=True)
        walk.look(f"hours, {choice}")
    walk.page.check("input[name=heard][value='']", force=True)
    walk.page.check("input[name=until][value='']", force=True)
    walk.page.locator(".button--close").click()
    walk.page.wait_for_selector(".closing")
    walk.look("a line closed")
    walk.page.locator("[data-do=reopen]").first.click()
    walk.page.wait_for_selector(".closing--over")
    walk.look("a line reopened")
    walk.end()


def test_a_barrier_is_found_when_there_is_one(browser, house):
    walk = Walk(browser, house, "", LOOKS[0])
    walk.page.evaluate("document.querySelector('main').append(new Image())")
    assert [barrier.rule for barrier in barriers(walk.page)] == ["image-alt"]
    walk.end()


def test_the_keyboard_alone_reaches_every_control_of_a_call(browser, house):
    walk = Walk(browser, house, "sari", LOOKS[1])
    place = house.put_in_line()
    house.reserve(AGENT, place)
    for action in (Action.RING, Action.ANSWER):
        house.step(AGENT, place, action)
    agent_is(walk.page, "TALKING")
    wanted = walk.page.evaluate(_CONTROLS)
    reached = set()
    for _ in range(3 * len(wanted)):
        walk.page.keyboard.press("Tab")
        reached.add(walk.page.evaluate("document.activeElement.outerHTML"))
    assert not set(wanted) - reached
    walk.end()


@pytest.mark.parametrize("size", [PC, PHONE], ids=["PC", "phone"])
@pytest.mark.parametrize("look", LOOKS, ids=["light-id", "dark-en"])
def test_the_flow_with_what_callers_do_in_it(browser, house, look, size, tmp_path):
    walk = Walk(browser, house, "wayan", look, size)
    walk.page.goto(f"{house.address}/ivr")
    walk.look("flow, nobody yet")
    house.record_flow_calls()
    walk.page.goto(f"{house.address}/ivr?days=7")
    walk.look("flow")
    assert walk.page.locator("svg .node").count() >= 8
    walk.page.screenshot(path=tmp_path / "flow.png", full_page=True)
    node = walk.page.locator("svg a").nth(2)
    node.focus()
    walk.page.keyboard.press("Enter")
    assert walk.page.evaluate("document.querySelector('tr:target') !== null"), "a node leads to its numbers"
    walk.page.click("nav.segmented >> text=/(Versi|Version) 2/")
    walk.look("flow, one version")
    walk.end()


@pytest.mark.parametrize("size", [PC, PHONE], ids=["PC", "phone"])
@pytest.mark.parametrize("look", LOOKS, ids=["light-id", "dark-en"])
def test_the_page_on_which_a_flow_is_edited(browser, house, look, size, tmp_path):
    walk = Walk(browser, house, "ratna", look, size)
    page = walk.page
    page.goto(f"{house.address}/ivr")
    house.record_flow_calls()
    page.goto(f"{house.address}/ivr")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    walk.look("the palette of flows")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.wait_for_selector("body.edit[data-kept=kept]")
    walk.look("a flow as it is in force")
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(
        "  broken_menu: {ask: {id: [A]}, choices: [{name: x, key: 1, queue: none, phrases: {id: [qq], en: [to]}}]}\n"
    )
    page.wait_for_selector("body.edit[data-kept=kept] .problem")
    page.evaluate("scrollTo(0, 0)")  # on a phone nothing stands half under the bar of pages then
    walk.look("faults")
    page.screenshot(path=tmp_path / "faults.png")
    page.keyboard.press("Control+f")
    page.wait_for_selector(".cm-search")
    page.evaluate("scrollTo(0, 0)")
    walk.look("search in the text")
    page.keyboard.press("Escape")
    page.locator(".said__play").first.focus()
    walk.look("a sentence in focus")
    for name in ("publish", "keymap", "palette", "drop"):
        page.locator(".cm-content").focus()
        page.keyboard.press({"publish": "Control+Enter", "keymap": "F1"}.get(name, "Control+k"))
        if name == "drop":
            page.keyboard.press("Escape")
            page.locator("[data-do=drop]").click()
        page.wait_for_selector(f"#{name}[open]")
        if name == "publish":
            page.wait_for_selector("#publish-difference .diff")
        walk.look(f"dialog {name}")
        page.keyboard.press("Escape")
    page.locator("#compare-form button").click()
    page.wait_for_selector("#compare[open] .diff")
    walk.look("two versions")
    page.screenshot(path=tmp_path / "versions.png")
    page.keyboard.press("Escape")
    page.locator("[data-bring-back]").first.click()
    page.wait_for_selector("#bring-back[open] .diff")
    walk.look("an earlier version")
    page.keyboard.press("Escape")
    house.shop.publisher.publish(read_flow(shipped_flow().text + "# theirs\n", "x"), "Admin (admin)", "theirs")
    page.wait_for_selector("#overtaken:not([hidden])")
    walk.look("another version came into force")
    page.screenshot(path=tmp_path / "overtaken.png")
    page.locator("[data-overtaken=theirs]").click()
    page.wait_for_selector("#overtaken", state="hidden")
    page.wait_for_selector("body[data-serious='0']")  # the next walk begins without a draft
    walk.end()
