"""Skills edited in a real browser: by keyboard alone, for several agents, by a file, and by two supervisors at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.database import Database
from core.events import EventKind
from routing.agent_skills import change_skills
from routing.agents import AgentRecord, AgentSkill, load_profile
from tests.live.browser import choose_language
from tests.live.page_house import PageHouse, page_house

pytestmark = pytest.mark.one_database


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        yield made


@pytest.fixture
def page(house: PageHouse, chromium: Browser) -> Page:
    return at_skills(house, chromium, "ratna")


def at_skills(house: PageHouse, chromium: Browser, login: str) -> Page:
    """Somebody at the page, in English."""
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB").new_page()
    page.goto(house.address)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", house.login(login).password)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav.rail")
    choose_language(page, "en")
    page.click("nav.rail a[href='/skills']")
    page.wait_for_selector("body.skills[data-stream=on]")
    return page


def cell(page: Page, agent_id: str, skill: str) -> Locator:
    """The cell of this agent and skill."""
    column = page.locator(f"[role=columnheader][data-skill={skill}]").get_attribute("aria-colindex")
    return page.locator(f"[role=row][data-agent='{agent_id}'] > [aria-colindex='{column}']")


def skills_of(house: PageHouse, agent_id: str) -> dict[str, int]:
    with house.database.reading() as session:
        profile = load_profile(session, agent_id)
    assert profile
    return profile.proficiencies


def told(page: Page, words: str) -> None:
    """What a screen reader hears of it."""
    expect(page.locator("#said")).to_contain_text(words)


def focus_is_at(page: Page, agent_id: str, skill: str) -> None:
    expect(cell(page, agent_id, skill)).to_be_focused()


def test_arrows_move_digits_set_escape_and_ctrl_z_take_back(house: PageHouse, page: Page) -> None:
    before = skills_of(house, "1001")
    page.locator("#open-upload").focus()
    for _ in range(20):  # by Tab into the grid, which is one stop
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#grid') !== null"):
            break
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    rows = [row.get_attribute("data-agent") for row in page.locator("[role=row][data-agent]").all()]
    first, second = rows[0], rows[1]
    assert first
    assert second
    focus_is_at(page, first, "sales")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    focus_is_at(page, second, "billing")
    page.keyboard.press("ArrowUp")
    focus_is_at(page, first, "billing")
    was = skills_of(house, first).get("billing", 0)
    page.keyboard.press("1")
    told(page, "billing 1.")
    page.keyboard.press("4")
    told(page, "billing 4.")
    assert skills_of(house, first)["billing"] == 4
    expect(cell(page, first, "billing")).to_have_text("4")
    page.keyboard.press("Escape")
    told(page, "billing 1 again.")
    page.keyboard.press("Escape")
    told(page, f"billing {was} again.")
    assert skills_of(house, first).get("billing", 0) == was
    page.keyboard.press("0")
    told(page, "billing 0.")
    assert "billing" not in skills_of(house, first)
    page.keyboard.press("End")
    page.keyboard.press("Control+z")
    told(page, f"billing {was} again.")
    expect(page.locator("#undo")).to_be_disabled()
    assert skills_of(house, "1001") == before
    changed = [event for event in house.bus.read("0-0") if event.kind is EventKind.AGENT_SKILLS_CHANGED]
    assert {event.data["by"] for event in changed} == {"Ratna (ratna)"}


def test_the_panel_says_from_which_ring_on_they_serve_before_and_after(house: PageHouse, page: Page) -> None:
    cell(page, "1001", "english").click()
    page.keyboard.press("0")
    told(page, "english 0.")
    page.keyboard.press("3")
    row = page.locator("#reach tr", has_text="Billing, callers in English")
    expect(row).to_contain_text("ring 2, after 0:45")
    expect(row).to_contain_text("from the start")
    page.click("#levels [data-level='1']")
    told(page, "english 1.")
    expect(page.locator("#levels [data-level='1']")).to_have_attribute("aria-pressed", "true")


def test_two_supervisors_at_the_same_cell_hear_of_each_other_and_overwrite_nothing_unawares(
    house: PageHouse, page: Page, chromium: Browser
) -> None:
    other = at_skills(house, chromium, "admin")
    cell(page, "1001", "sales").click()
    cell(other, "1001", "sales").click()
    other.keyboard.press("1")
    expect(cell(page, "1001", "sales")).to_have_text("1")
    expect(page.locator("#toasts")).to_contain_text("(admin) set")
    page.keyboard.press("5")
    expect(page.locator("#toasts")).to_contain_text("while you were here. Press 5 once more")
    assert skills_of(house, "1001")["sales"] == 1
    page.keyboard.press("5")
    told(page, "sales 5.")
    expect(cell(other, "1001", "sales")).to_have_text("5")
    assert skills_of(house, "1001")["sales"] == 5


def test_a_change_that_the_page_has_not_heard_of_is_not_overwritten(house: PageHouse, page: Page) -> None:
    was = cell(page, "1001", "sales").inner_text()
    change_skills(house.database, house.clock, lambda event: None, "1001", {"sales": 2}, "somebody")  # told to nobody
    cell(page, "1001", "sales").click()
    page.keyboard.press("4")
    expect(page.locator("#toasts")).to_contain_text("sales is 2 by now")
    expect(cell(page, "1001", "sales")).to_have_text("2")
    assert was != "2"
    assert skills_of(house, "1001")["sales"] == 2
    page.keyboard.press("4")
    told(page, "sales 4.")
    assert skills_of(house, "1001")["sales"] == 4


def test_what_did_not_reach_halo_is_shown_as_it_is_and_tried_again(house: PageHouse, page: Page) -> None:
    here = cell(page, "1001", "sales")
    was = here.inner_text()
    page.route("**/api/skills/changes", lambda route: route.abort())
    here.click()
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("#toasts .toast", has_text="Try again").nth(1)).to_be_visible()
    expect(here).to_have_text(was)
    page.unroute("**/api/skills/changes")
    page.locator("#toasts .toast button").last.click()
    told(page, "sales 2.")
    expect(here).to_have_text("2")
    assert skills_of(house, "1001")["sales"] == 2


def test_several_agents_get_one_skill_that_was_not_there_before(house: PageHouse, page: Page) -> None:
    page.fill("#new-skill", "Batak Toba")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("1 to 40 small letters")
    page.fill("#new-skill", "batak_toba")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    chosen = [row.get_attribute("data-agent") for row in page.locator("[role=row][aria-selected=true]").all()]
    assert len(chosen) == 3
    page.keyboard.press("End")
    page.keyboard.press("2")
    told(page, "Saved: 3 changes.")
    for agent_id in chosen:
        assert agent_id
        assert skills_of(house, agent_id)["batak_toba"] == 2
    page.select_option("#bulk-skill", "batak_toba")
    page.select_option("#bulk-level", "5")
    page.click("#bulk button.button--main")
    expect(cell(page, chosen[0] or "", "batak_toba")).to_have_text("5")  # shown at once, and taken back while it is being saved
    page.click("#undo")
    told(page, "Undone: 3 changes.")
    for agent_id in chosen:
        assert agent_id
        expect(cell(page, agent_id, "batak_toba")).to_have_text("2")
        assert skills_of(house, agent_id)["batak_toba"] == 2
    page.click("#undo")
    expect(page.locator("#undo")).to_be_disabled()
    for agent_id in chosen:
        assert agent_id
        expect(cell(page, agent_id, "batak_toba")).to_have_text("·")
        expect(cell(page, agent_id, "batak_toba")).to_have_attribute("data-mark", "")
        assert "batak_toba" not in skills_of(house, agent_id)


def test_a_file_is_looked_at_mended_and_applied(house: PageHouse, page: Page, tmp_path: Path) -> None:
    file = tmp_path / "skills.csv"
    page.click("#open-upload")
    file.write_text("agent,skill,proficiency\n1001,sales,9\n", encoding="utf-8")
    page.set_input_files("#upload-file", file)
    expect(page.locator("#upload-result")).to_contain_text("Line 2")
    expect(page.locator("#upload-result")).to_contain_text("Write a whole number from 1 to 5")
    expect(page.locator("#upload-apply")).to_be_disabled()
    mended = tmp_path / "mended.csv"
    mended.write_text("agent,skill,proficiency\n1001,sales,1\n1001,minang,3\n", encoding="utf-8")
    page.set_input_files("#upload-file", mended)
    expect(page.locator("#upload-result")).to_contain_text("2 lines, 2 changes:")
    expect(page.locator("#upload-result")).to_contain_text("Are they spelled right? minang")
    page.click("#upload-apply")
    expect(page.locator("#upload")).to_be_hidden()
    expect(cell(page, "1001", "minang")).to_have_text("3")
    assert skills_of(house, "1001") | {"sales": 1, "minang": 3} == skills_of(house, "1001")


def test_who_comes_on_duty_is_shown_at_once_and_gaps_lead_to_their_column(house: PageHouse, page: Page) -> None:
    row = page.locator("[role=row][data-agent='1002']")
    expect(row.locator("[role=rowheader]")).to_contain_text("not on duty")
    house.changes.log_in("1002")
    expect(row.locator("[role=rowheader]")).not_to_contain_text("not on duty")
    page.check("#duty-only")
    expect(page.locator("#grid")).to_have_attribute("aria-rowcount", "2")
    page.uncheck("#duty-only")
    for agent_id in house_agents(house):
        change_skills(house.database, house.clock, house.bus.publish, agent_id, {"technical": 1}, "somebody")
    gap = page.locator("#gaps button", has_text="Technical: nobody has technical 2+.")
    gap.click()
    focus_is_at(page, page.locator("[role=row][data-agent]").first.get_attribute("data-agent") or "", "technical")
    page.keyboard.press("3")
    expect(page.locator("#gaps")).to_contain_text("Technical: only 1 has technical 2+.")


def house_agents(house: PageHouse) -> list[str]:
    with house.database.reading() as session:
        return [record.id for record in session.query(AgentRecord)]


def test_of_five_hundred_agents_only_those_in_sight_are_drawn_and_every_one_is_reached(house: PageHouse, page: Page) -> None:
    with house.database.writing() as session:
        for number in range(500):
            skills = [AgentSkill(skill=f"skill_{each:02}", proficiency=1 + each % 5) for each in range(36)]
            session.add(AgentRecord(id=f"7{number:03}", name=f"Zulkifli {number:03}", phone_secret="x", skills=skills))
        session.commit()
    page.reload()
    page.wait_for_selector("body.skills[data-stream=on]")
    assert page.locator("[role=gridcell]").count() < 60 * 40
    page.locator(".cell").first.click()
    page.keyboard.press("Control+End")
    focus_is_at(page, "7499", "skill_35")
    expect(cell(page, "7499", "skill_35")).to_be_in_viewport(ratio=1)
    page.keyboard.press("3")
    told(page, "Zulkifli 499, skill_35 3.")
    page.locator("#grid").evaluate("(grid) => { grid.scrollTop = 0; }")
    focus_is_at(page, "7499", "skill_35")  # out of sight, and not lost
    page.fill("#find-agent", "zulkifli 25")
    expect(page.locator("#grid")).to_have_attribute("aria-rowcount", "11")
    page.fill("#find-skill", "skill_07")
    expect(page.locator("#grid")).to_have_attribute("aria-colcount", "2")
