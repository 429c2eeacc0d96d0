"""My day, the lines of the desks and the test of the headset are open to everybody; whatever a page can do is found by name."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from core.event_archive import archive
from core.events import Event, EventKind
from core.ids import new_id
from crm.customers import Customer
from routing.agent_state import Action
from tests.live.page_house import PageHouse
from tests.live.walk import LOOKS, PC, PHONE, Walk

pytestmark = pytest.mark.one_database

AGENT = "1001"  # sari's
# What can be clicked: its words without the key that is written on it, that key, and whether the palette has other words for it.
BUTTONS = """
[...document.querySelectorAll('#work button:not([disabled]), #work a[href], .rail a[href]')]
  .filter((one) => one.checkVisibility() && one.id !== 'state-button' && one.dataset.do !== 'palette').map((one) => {
    const said = one.cloneNode(true);
    const key = said.querySelector('kbd')?.textContent.trim() ?? '';
    said.querySelectorAll('kbd, .rail__number, .tab__count').forEach((mark) => mark.remove());
    const own = ['do', 'state', 'beside', 'offered', 'solved', 'script'].some((name) => name in one.dataset);
    const words = said.textContent.replace(/\\s+/g, ' ').trim();
    return {words: words.length > 3 ? words : one.title || words, key: key.replace('↵', 'Enter'), own};
  })
"""
ROWS = """
[...document.querySelectorAll('#palette-list .palette__row')]
  .map((row) => [row.children[0].textContent, row.children[1].textContent])
"""


def lived(house: PageHouse) -> None:
    """A morning: states, calls, and how their lines were."""
    now = house.clock.now()
    states = [("NOT_READY", "logged_in"), ("READY", ""), ("RESERVED", ""), ("RINGING", ""), ("TALKING", ""), ("WRAP_UP", "")]
    states += [("READY", ""), ("NOT_READY", "break"), ("READY", ""), ("TALKING", ""), ("WRAP_UP", ""), ("NOT_READY", "rona")]
    events = []
    for number, (state, reason) in enumerate(states):
        data = {"action": "x", "before": "", "state": state, "reason": reason, "token": 0, "deadline": ""}
        at = now - timedelta(minutes=5 * (len(states) - number))
        events.append(Event(EventKind.AGENT_STATE_CHANGED, at, "", AGENT, data).placed(f"1-{number}"))
    line = {"seconds": 90, "worst": 2.1, "loss_in": 0.01, "loss_out": 0, "jitter_ms": 9, "round_trip_ms": 60, "silent_s": 0}
    for number, (agent_id, mos) in enumerate(((AGENT, 4.3), (AGENT, 4.1), ("1002", 3.2), ("1002", 2.4))):
        data = line | {"mos": mos, "bad_s": 60 if mos < 3 else 0}
        events.append(Event(EventKind.LINE_MEASURED, now, new_id(), agent_id, data).placed(f"2-{number}"))
    with house.database.writing() as session:
        archive(session, events)
        session.commit()
    for ago_s in (900, 2400):
        house.record_talk(AGENT, house.put_in_line(), ago_s)


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_my_day_and_the_lines_and_the_test_of_the_headset(browser, house, look, size):
    lived(house)
    walk = Walk(browser, house, "sari", look, size)
    page = walk.page
    page.keyboard.press("Alt+h")
    page.wait_for_selector("#sound[open]")
    walk.look("headset and line")
    page.goto(f"{house.address}/my-day")
    page.wait_for_selector("#my-day [data-call]")
    walk.look("my day")
    walk.end()
    other = Walk(browser, house, "ratna", look, size)
    other.page.goto(f"{house.address}/wallboard/lines")
    other.page.wait_for_selector("[data-desk]")
    other.look("the lines of the desks")
    other.end()


def palette(page: Page) -> dict[str, str]:
    """What is in the palette now, with the key beside it."""
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    rows = dict(page.evaluate(ROWS))
    page.keyboard.press("Escape")
    return rows


def lacking(page: Page) -> list[str]:
    buttons, rows = page.evaluate(BUTTONS), palette(page)
    lost = [one["words"] for one in buttons if one["key"] and one["key"] not in rows.values()]
    return lost + [one["words"] for one in buttons if not one["key"] and not one["own"] and one["words"] not in rows]


def test_whatever_can_be_clicked_is_found_by_its_name(browser, house):
    walk = Walk(browser, house, "sari", LOOKS[1])
    page = walk.page
    house.make_ready(AGENT)
    page.wait_for_selector("body[data-agent-state=READY]")
    assert lacking(page) == []
    place = house.put_in_line()
    house.reserve(AGENT, place)
    house.step(AGENT, place, Action.RING)
    page.wait_for_selector("body[data-agent-state=RINGING]")
    assert "F9" in palette(page).values()
    house.step(AGENT, place, Action.ANSWER)
    page.wait_for_selector("body[data-agent-state=TALKING]")
    assert lacking(page) == []
    house.step(AGENT, place, Action.HANG_UP)
    page.wait_for_selector("body[data-agent-state=WRAP_UP]")
    assert lacking(page) == []
    with house.database.reading() as session:
        customer_id, name = session.execute(select(Customer.id, Customer.name).order_by(Customer.id.desc())).first()
    page.keyboard.press("Control+k")
    page.keyboard.type(name)
    page.locator("#palette-list .palette__row", has_text=name).first.wait_for()
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    opened.value.wait_for_url(f"**/customers/{customer_id}")
    walk.end()
