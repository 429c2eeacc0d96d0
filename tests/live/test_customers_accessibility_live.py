"""A customer's page, the search and the list of those on record twice are open to everybody: axe-core in a real browser."""

import pytest

from crm.customers import Customer, CustomerEmail, CustomerPhone
from tests.live.walk import LOOKS, PC, PHONE, Walk

pytestmark = pytest.mark.one_database


def double(house) -> int:
    """Somebody who is on record twice; the first of the two."""
    customer_id, number, _bill = house.customer_with_bill()
    now, shared = house.clock.now(), "twice@example.com"
    with house.database.writing() as session:
        first = session.get_one(Customer, customer_id)
        if shared not in [email.address for email in first.emails]:
            first.emails.append(CustomerEmail(address=shared))
        again = Customer(name=first.name, created_at=now, updated_at=now, phones=[CustomerPhone(e164=number)])
        again.emails.append(CustomerEmail(address=shared))
        session.add(again)
        session.commit()
    return customer_id


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_the_pages_of_customers(browser, house, look, size, tmp_path):
    customer_id = double(house)
    place = house.put_in_line()
    house.record_talk("1001", place, ago_s=300)
    walk = Walk(browser, house, "ratna", look, size)
    page = walk.page
    page.goto(f"{house.address}/customers")
    page.fill("#typed", "a")
    page.wait_for_selector("#found .customer-hit mark")
    walk.look("the search")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#customer h1")
    walk.look("a customer")

    page.goto(f"{house.address}/customers/{customer_id}")
    page.screenshot(path=tmp_path / "customer.png", full_page=True)
    page.locator(".worth summary").click()
    page.locator(".trail summary").click()
    walk.look("where the value is from")
    for group in ("name", "phones", "emails", "address", "language", "consents", "segment"):
        page.locator(f"[data-edit={group}]").click()
        page.evaluate("scrollTo(0, 0)")  # on a phone nothing stands half under the bar of pages then
        walk.look(f"changing {group}")
        page.keyboard.press("Escape")
        page.wait_for_selector(f"[data-edit={group}]:focus")
    page.locator("[data-edit=phones]").click()
    page.fill("textarea[name=phones]", "12")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-fault=phones]:not([hidden])")
    page.evaluate("scrollTo(0, 0)")
    walk.look("a number that is none")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.type("Putri Ayu")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-undo]")
    page.wait_for_selector("[data-edit=name]:focus")
    page.evaluate("scrollTo(0, 0)")
    walk.look("changed")
    with house.database.writing() as session:
        session.get_one(Customer, customer_id).name = "Putri Dewi"
        session.commit()
    page.keyboard.press("e")
    page.keyboard.type("Putri Sari")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-moved]:not([hidden])")
    page.evaluate("scrollTo(0, 0)")
    walk.look("changed by somebody else meanwhile")
    page.locator("[data-moved] button").last.click()
    page.wait_for_selector("#customer h1:has-text('Putri Sari')")
    page.keyboard.press("?")
    page.wait_for_selector("#keymap[open]")
    walk.look("the keyboard map")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    walk.look("the palette")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    page.wait_for_selector("#customer h1:has-text('Putri Dewi')")
    page.goto(f"{house.address}/customers/duplicates")
    page.locator("[data-merge]").first.click()
    page.wait_for_selector("[data-part]")
    walk.look("those on record twice")
    page.screenshot(path=tmp_path / "duplicates.png", full_page=True)
    page.locator("[data-part]").first.click()
    page.wait_for_selector("[data-part]", state="detached")
    walk.end()
