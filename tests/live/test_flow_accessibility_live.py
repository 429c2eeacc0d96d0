"""The pages of flows in every state are open to everybody, as test_accessibility_live checks the others."""

import pytest

from ivr.flow_file import read_flow, shipped_flow
from tests.live.walk import LOOKS, PC, PHONE, Walk

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
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


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
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
