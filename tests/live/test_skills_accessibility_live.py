"""The page of skills in every state is open to everybody, as test_accessibility_live checks the others."""

import pytest

from routing.agent_skills import change_skills
from routing.agents import load_profiles
from tests.live.walk import LOOKS, PC, PHONE, Walk

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_the_skills_of_everybody(browser, house, look, size, tmp_path):
    walk = Walk(browser, house, "ratna", look, size)
    page = walk.page
    page.goto(f"{house.address}/skills")
    page.wait_for_selector("body[data-stream=on]")
    walk.look("skills")
    house.make_ready("1002")
    page.locator(".cell").first.click()
    for level in (1, 2, 3, 4, 5, 0, 3):
        page.keyboard.press(str(level))
        page.wait_for_selector(f".cell:focus[data-level='{level}'][data-mark='']")
        walk.look(f"level {level}")
    page.wait_for_selector("#reach:not([hidden])")
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    walk.look("agents chosen")
    with house.database.reading() as session:
        everybody = list(load_profiles(session))
    for level in (3, 0):
        for agent_id in everybody:
            change_skills(house.database, house.clock, house.bus.publish, agent_id, {"technical": level, "billing": 1}, "somebody")
        page.wait_for_selector(".toast")
    page.wait_for_selector("#gaps .gap--bad")
    walk.look("others changed much, and nobody can do something")
    page.screenshot(path=tmp_path / "gaps.png")
    page.fill("#find-agent", "nobody is called this")
    walk.look("nobody found")
    page.fill("#find-agent", "")
    page.click("#open-upload")
    walk.look("a file is asked for")
    page.set_input_files("#upload-file", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"agent,skill,proficiency\n1,X,9\n"})
    page.wait_for_selector("#upload-result .faults")
    walk.look("faults in a file")
    page.screenshot(path=tmp_path / "faults.png")
    content = b"agent,skill,proficiency\n1001,minang,3\n"
    page.set_input_files("#upload-file", {"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    page.wait_for_selector("#upload-apply:not([disabled])")
    walk.look("what a file would change")
    walk.end()
