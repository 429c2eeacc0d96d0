"""The pages of the policy in every state are open to everybody, as test_accessibility_live checks the others."""

import pytest

from routing.policy_file import read_policy, shipped_policy
from routing.policy_publication import PolicyPublisher
from routing.policy_versions import in_force
from tests.live.page_house import PageHouse
from tests.live.walk import LOOKS, PC, PHONE, Walk

pytestmark = pytest.mark.one_database

TEXT = shipped_policy().text
SITES = "sites: {near_km: 0, widen: [{after_s: 20, km: 900}], any_after_s: 60}"
HARDER = "rings: [{after_s: 60, also: general}]\n    last_agent: {within_h: 24, wait_s: 20}\n    priority: 2"
HARD = TEXT.replace("needs: [{skill: technical, at_least: 2}]", f"needs: [{{skill: sundanese}}]\n    {HARDER}\n    {SITES}")


def publish(house: PageHouse, text: str) -> int:
    publisher = PolicyPublisher(house.database, house.clock, house.policy_shop.surroundings, house.bus.publish)
    return publisher.publish(read_policy(text, "policy"), "Admin (admin)", "theirs")


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_the_pages_of_the_policy(browser, house, look, size, tmp_path):
    with house.database.reading() as session:
        first = in_force(session)
    if first is None:
        publish(house, TEXT)
    publish(house, HARD)
    walk = Walk(browser, house, "ratna", look, size)
    page = walk.page
    page.goto(f"{house.address}/policy")
    page.wait_for_selector("body[data-stream=on]")
    walk.look("the policy")
    assert page.locator(".queue--nobody").count() >= 1
    assert page.locator(".site").count() == 3
    page.screenshot(path=tmp_path / "policy.png", full_page=True)
    page.locator("[data-compare]").first.click()
    page.wait_for_selector("#compare[open] .change")
    walk.look("two versions")
    page.keyboard.press("Escape")
    page.locator("[data-bring-back]").first.click()
    page.wait_for_selector("#bring-back[open] .change")
    walk.look("an earlier version")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    walk.look("the palette")
    page.keyboard.press("Escape")
    page.goto(f"{house.address}/policy?version=1")
    page.wait_for_selector(".policy__changes .change")
    walk.look("an earlier version drawn")

    page.goto(f"{house.address}/policy/edit")
    page.wait_for_selector("body[data-check=checked][data-stream=on]")
    walk.look("the editor")
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("head_start: 5\n")
    page.wait_for_selector("body[data-check=checked] .problem__kind >> nth=0")
    page.wait_for_selector("body[data-serious='1']")
    page.evaluate("scrollTo(0, 0)")  # on a phone nothing stands half under the bar of pages then
    walk.look("faults")
    for _ in range(len("head_start: 5\n")):
        page.keyboard.press("Backspace")
    page.keyboard.insert_text("# a remark\n")
    page.wait_for_selector("body[data-check=checked][data-serious='0']")
    for name, key in (("publish", "Control+Enter"), ("keymap", "F1"), ("drop", "")):
        page.locator(".cm-content").focus()
        if key:
            page.keyboard.press(key)
        else:
            page.locator("[data-do=drop]").click()
        page.wait_for_selector(f"#{name}[open]")
        walk.look(f"dialog {name}")
        page.keyboard.press("Escape")
    publish(house, TEXT + f"# {look} {size}\n")
    page.wait_for_selector("#overtaken:not([hidden])")
    page.evaluate("scrollTo(0, 0)")
    walk.look("another version came into force")
    page.screenshot(path=tmp_path / "overtaken.png")
    walk.end()
