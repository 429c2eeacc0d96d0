"""What the desk says of others in a real browser: whose phone rings, where a handed-over caller is, that the records are away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.events import Event, EventKind
from routing.agent_state import Action
from tests.live.browser import WAIT_MS
from tests.live.page_house import PageHouse
from tests.live.walk import Walk

pytestmark = pytest.mark.one_database
SARI, BUDI = "1001", "1002"


def desk_of_sari(house: PageHouse, browser: Browser) -> Page:
    page = Walk(browser, house, "sari", ("light", "en")).page
    page.goto(f"{house.address}/desk")
    return page


def test_while_the_other_phone_rings_the_state_says_so_and_talking_only_once_they_have_answered(
    house: PageHouse, chromium: Browser
) -> None:
    house.make_ready(SARI)
    place = house.dial(SARI)
    page = desk_of_sari(house, chromium)
    state, said = page.locator("#state-button"), page.locator("#announcer")
    expect(page.locator("#state-word")).to_have_text("Calling", timeout=WAIT_MS)
    house.step(SARI, place, Action.RING)
    house.step(SARI, place, Action.ANSWER)
    expect(page.locator("#state-word")).to_have_text("Ringing", timeout=WAIT_MS)
    expect(state).to_contain_text("their phone")
    expect(said).to_have_text("Their phone rings", timeout=WAIT_MS)
    agent = house.store.agent(SARI)
    told = Event(EventKind.DIAL_PICKED_UP, house.clock.now(), place.interaction_id, SARI, {"queue": place.queue})
    assert house.changes.customer_answered(agent, replace(place, channel="PJSIP/them"), told)
    expect(page.locator("#state-word")).to_have_text("Talking", timeout=WAIT_MS)
    expect(state).not_to_contain_text("their phone")
    expect(said).to_have_text("Talking", timeout=WAIT_MS)


def test_the_wrap_up_of_who_handed_over_says_where_the_caller_is(house: PageHouse, chromium: Browser) -> None:
    place = house.put_in_line()
    house.reserve(SARI, place)
    house.step(SARI, place, Action.RING, Action.ANSWER)
    page = desk_of_sari(house, chromium)
    page.wait_for_selector("body[data-agent-state=TALKING]")
    now = house.clock.now()
    given = place.handed_on("technical", now)
    told = [
        Event(EventKind.INTERACTION_HANDED_OVER, now, place.interaction_id, SARI, {"how": "queue", "queue": "technical", "to": ""}),
        Event(EventKind.INTERACTION_QUEUED, now, place.interaction_id, data={"queue": "technical", "again": False}),
    ]
    assert house.changes.hand_over(house.store.agent(SARI), place, None, given, told)
    where = page.locator("#handed-where")
    expect(where).to_have_text("They wait in Technical.", timeout=WAIT_MS)
    house.reserve(BUDI, given)
    house.step(BUDI, given, Action.RING)
    expect(where).to_have_text("The phone of Budi rings for them.", timeout=WAIT_MS)
    house.step(BUDI, given, Action.ANSWER)
    expect(where).to_have_text("Budi talks with them.", timeout=WAIT_MS)
    page.reload()
    house.step(BUDI, given, Action.HANG_UP)
    expect(where).to_have_text("Budi has talked with them.", timeout=WAIT_MS)


@pytest.mark.parametrize("path", ["/desk", "/tickets"])
def test_a_page_loaded_while_the_records_are_away_looks_again_and_opens_when_they_are_back(
    house: PageHouse, chromium: Browser, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    page = desk_of_sari(house, chromium)
    page.wait_for_selector("#work")

    @contextmanager
    def read() -> Iterator[Session]:
        raise OperationalError("SELECT", {}, ConnectionError())
        yield

    with monkeypatch.context() as away:
        away.setattr(house.database, "reading", read)
        answer = page.goto(f"{house.address}{path}")
        assert answer is not None
        assert answer.status == 503
        expect(page.locator("main [role=status]")).to_contain_text("looks by itself every few seconds")
        page.wait_for_timeout(6000)  # it has looked, and stayed
        expect(page.locator("main [role=status]")).to_be_visible()
    page.wait_for_selector("#work" if path == "/desk" else "#tickets, .tickets", timeout=WAIT_MS)
