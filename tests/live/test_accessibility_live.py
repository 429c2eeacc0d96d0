"""Every page in every state, in both themes and languages, is open to everybody: checked by axe-core in a real browser."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from routing.agent_state import Action, NotReadyReason
from tests.live.axe import barriers
from tests.live.walk import LOOKS, PC, PHONE, Walk

pytestmark = pytest.mark.one_database

AGENT = "1001"  # sari's
# Every control that can be seen, but those tabs that are reached by the arrow keys.
_CONTROLS = """
[...document.querySelectorAll('a[href], button, input, textarea, summary')]
  .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && one.type !== 'hidden' && !one.closest('dialog'))
  .map((one) => one.outerHTML)
"""


def agent_is(page: Page, state: str) -> None:
    page.wait_for_selector(f"body[data-agent-state={state}]")


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
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
    page.keyboard.press("Alt+s")
    page.wait_for_selector('#offer [aria-pressed="true"], #offer:not(:has([data-solved]))')
    walk.look("the problem is solved")
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


@pytest.mark.long
@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_a_call_by_hand_from_the_dialog_to_the_wrap_up(browser, house, look, size):
    walk = Walk(browser, house, "sari", look, size)
    page = walk.page
    house.changes.phone_changed(AGENT, True)
    page.keyboard.press("Alt+c")
    page.wait_for_selector("#dial-number")
    walk.look("an empty dialog")
    page.keyboard.press("Escape")
    customer_id, number, _bill = house.customer_with_bill()
    page.goto(f"{house.address}/customers/{customer_id}")
    page.click(f"[data-dial='{number}']")
    page.wait_for_selector(".dial__purpose [value=sales]")
    page.check("[name=purpose][value=sales]")
    walk.look("a customer's number")
    page.keyboard.press("Escape")
    page.goto(f"{house.address}/customers?q={number[-6:]}")
    walk.look("numbers in the search")
    page.goto(f"{house.address}/desk")
    place = house.dial(AGENT)
    agent_is(page, "RESERVED")
    walk.look("about to call")
    house.step(AGENT, place, Action.RING)
    house.step(AGENT, place, Action.ANSWER)
    agent_is(page, "TALKING")
    walk.look("their phone rings")
    agent = house.store.agent(AGENT)
    house.changes.apply_reserved(
        AGENT, Action.HANG_UP, agent.token, interaction_id=place.interaction_id, deadline=house.clock.now() + timedelta(seconds=60),
        restored=replace(place, missed="busy"),
    )  # fmt: skip
    page.wait_for_selector(".call-missed")
    walk.look("the wrap-up of a call in vain")
    page.goto(f"{house.address}/wallboard")
    walk.look("a page that says no")
    walk.end()
    walk = Walk(browser, house, "ratna", look, size)
    walk.page.goto(f"{house.address}/wallboard/refused")
    walk.look("what was refused")
    walk.end()


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
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
    page.goto(house.address + "/offers")
    walk.look("offers")
    walk.end()


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
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


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
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
    house.step(AGENT, place, Action.RING, Action.ANSWER)
    agent_is(walk.page, "TALKING")
    wanted = walk.page.evaluate(_CONTROLS)
    reached = set()
    for _ in range(3 * len(wanted)):
        walk.page.keyboard.press("Tab")
        reached.add(walk.page.evaluate("document.activeElement.outerHTML"))
    assert not set(wanted) - reached
    walk.end()
