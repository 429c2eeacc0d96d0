"""Tickets, follow-ups and articles in a real browser, by keys beside the call; open to everybody in both themes and sizes."""

from datetime import timedelta

import pytest

from crm.follow_ups import add_follow_up
from launch.due_follow_ups import remind
from routing.agent_state import Action
from tests.live.walk import LOOKS, PC, PHONE, Walk

pytestmark = pytest.mark.one_database

AGENT = "1001"  # sari's


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_a_ticket_and_an_article_beside_the_call(browser, house, look, size):
    walk = Walk(browser, house, "sari", look, size)
    page = walk.page
    place = house.put_in_line()
    house.reserve(AGENT, place)
    house.step(AGENT, place, Action.RING, Action.ANSWER)
    page.wait_for_selector("body[data-agent-state=TALKING]")
    before = page.locator(".fitting__one").first.inner_text()
    page.keyboard.press("Alt+1")  # it is them
    page.wait_for_selector('[data-page-open="greeting"]')
    page.click("#choose [data-answer=paid_already]")
    page.wait_for_function("before => document.querySelector('.fitting__one').innerText !== before", arg=before)
    walk.look("what fits the call")

    page.keyboard.press("Alt+k")
    page.wait_for_selector("#help-text:focus")
    page.keyboard.type("garnasi")
    page.wait_for_selector("#help-found mark")
    walk.look("articles found")
    page.keyboard.press("Enter")
    page.wait_for_selector("#beside article")
    walk.look("an article beside the call")
    page.click("#beside [data-helped]")
    page.wait_for_selector("#beside [data-helped]:disabled")
    page.keyboard.press("Escape")
    page.wait_for_selector("#beside", state="hidden")
    assert page.get_attribute("body", "data-agent-state") == "TALKING"

    page.keyboard.press("Alt+t")
    page.wait_for_selector("#beside [name=subject]:focus")
    walk.look("a new ticket")
    page.fill("#beside [name=subject]", "Tagihan & <b>tempo</b>")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast .link")
    page.goto(f"{house.address}/tickets")
    page.wait_for_selector(".ticket-row")
    walk.look("my tickets")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#say")
    assert "Tagihan & <b>tempo</b>" in page.inner_text("h1")
    page.keyboard.press("n")
    page.keyboard.type("menunggu bukti")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.wait_for_selector("[data-key=r]")
    assert "menunggu bukti" in page.inner_text(".notes")
    walk.look("a ticket that waits")
    page.keyboard.press("s")
    page.wait_for_selector("[data-key=r]:not([formaction$=resume])")
    walk.look("a solved ticket")
    page.goto(f"{house.address}/tickets?view=all&q=nobody+is+called+this")
    walk.look("no ticket")
    walk.end()


@pytest.mark.parametrize("look", LOOKS, ids=["light-id", "dark-en"])
def test_a_reminder_is_quiet_in_a_talk_and_said_after_it(browser, house, look):
    walk = Walk(browser, house, "sari", look)
    page = walk.page
    place = house.put_in_line()
    house.reserve(AGENT, place)
    house.step(AGENT, place, Action.RING, Action.ANSWER)
    page.wait_for_selector("body[data-agent-state=TALKING]")
    now = house.clock.now()
    with house.database.writing() as session:
        add_follow_up(session, AGENT, "Telepon Ibu Sari", now - timedelta(minutes=1), now)
        session.commit()
    remind(house.database, now, house.bus.publish)
    page.wait_for_selector("#follow-ups-due[data-open='1']")
    assert page.locator(".toast", has_text="Telepon Ibu Sari").count() == 0
    house.step(AGENT, place, Action.HANG_UP)
    page.wait_for_selector("body[data-agent-state=WRAP_UP]")
    assert page.locator(".toast", has_text="Telepon Ibu Sari").count() == 0
    house.changes.wrap_up_timed_out(house.store.agent(AGENT))
    page.wait_for_selector(".toast:has-text('Telepon Ibu Sari')")
    walk.look("reminded")
    page.goto(f"{house.address}/follow-ups")
    walk.look("follow-ups")
    page.keyboard.press("d")
    page.wait_for_selector(".empty")
    walk.look("nothing to do")
    walk.end()


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_supervisors_write_articles(browser, house, look, size):
    walk = Walk(browser, house, "ratna", look, size)
    page = walk.page
    word = f"zebra{look[0]}{size[0]}"  # the walks share a database
    with page.expect_response("**/api/knowledge/missed"):
        page.goto(f"{house.address}/knowledge?q={word}")
    walk.look("nothing found")
    page.goto(f"{house.address}/knowledge")
    page.wait_for_selector(".missed")
    walk.look("all articles, and what nobody could find")
    page.locator(".missed li", has_text=word).locator("a").click()
    page.fill("[name=slug]", word)
    page.fill("#article-body", "# Stripes\n\n**black** and <b>white</b>")
    page.wait_for_selector("#preview strong")
    assert page.inner_text("#preview h2") == "Stripes"
    assert page.locator("#preview b").count() == 0
    walk.look("an article being written")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".article h1")
    walk.look("a published article")
    walk.end()
