"""The page of promised calls in a real browser: the number in the rail and the list are pushed, and keys do everything."""

import wave
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from core.database import Database
from core.ids import new_id
from crm.callback_tasks import CallbackTask, CallbackWish, add_callback_task
from crm.recordings import CallerRecording, Source, TranscriptKind, keep_transcript
from ivr.callback_news import task_changed
from tests.live.browser import CHROMIUM, FLAGS, choose_language
from tests.live.page_house import PageHouse, page_house

pytestmark = pytest.mark.one_database

SAID = "… tagihan saya …"


@pytest.fixture
def house(database: Database, redis_url: str, tmp_path: Path) -> Iterator[PageHouse]:
    with page_house(tmp_path, database, redis_url) as made:
        yield made


@pytest.fixture
def page(house: PageHouse, playwright: Playwright) -> Iterator[Page]:
    """Andi, an agent with every skill, at the list."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    opened = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB").new_page()
    opened.goto(house.address)
    opened.fill("input[name=login]", "andi")
    opened.fill("input[name=password]", house.login("andi").password)
    opened.keyboard.press("Enter")
    opened.wait_for_selector("nav.rail")
    choose_language(opened, "en")
    opened.goto(f"{house.address}/callbacks")
    yield opened
    browser.close()


def promise(house: PageHouse, seconds: float = 0, transcript: str = "", due_in_h: float = 2) -> str:
    """Somebody is promised a call, with a message of so many seconds; every page is told."""
    interaction_id, now, file = new_id(), house.clock.now(), ""
    if seconds:
        folder = house.home / "recordings"
        folder.mkdir(exist_ok=True)
        file = str(folder / f"{interaction_id}_0a.wav")
        with wave.open(file, "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(int(16_000 * seconds)))
    customer, number, bill = house.customer_with_bill()
    wish = CallbackWish(
        interaction_id, number, "billing", "id", now + timedelta(hours=due_in_h), customer, f"bill:{bill}", file
    )  # fmt: skip
    with house.database.writing() as session:
        add_callback_task(session, wish, now)
        if transcript:
            spoken = CallerRecording(Source.TASK, interaction_id, Path(file), "id")
            keep_transcript(session, spoken, transcript, TranscriptKind.KEYWORDS)
        session.commit()
    house.bus.publish(task_changed(interaction_id, "billing", "kept", now))
    return interaction_id


def state_of(house: PageHouse, interaction_id: str) -> str:
    with house.database.reading() as session:
        return session.query(CallbackTask).filter_by(interaction_id=interaction_id).one().state


def test_the_number_and_the_list_are_pushed(house: PageHouse, page: Page) -> None:
    expect(page.locator("#promises-open")).to_be_hidden()
    promise(house)
    expect(page.locator(".promise")).to_have_count(1)
    promise(house)
    expect(page.locator(".promise")).to_have_count(2)
    expect(page.locator("#promises-open")).to_have_attribute("data-open", "2")


def test_the_number_is_pushed_to_an_agents_page_of_calls(house: PageHouse, page: Page) -> None:
    page.goto(f"{house.address}/desk")
    page.wait_for_selector("body[data-stream=on]")
    promise(house)
    expect(page.locator("#promises-open")).to_have_attribute("data-open", "1")


def test_keys_walk_play_take_and_finish(house: PageHouse, page: Page) -> None:
    promise(house, due_in_h=1)
    second = promise(house, seconds=8, transcript=SAID)
    expect(page.locator(".promise")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.wait_for_function("() => [...document.querySelectorAll('audio')].some((sound) => !sound.paused && sound.currentTime > 0)")
    promise(house)  # what is being listened to goes on when the list changes
    expect(page.locator(".promise")).to_have_count(3)
    assert page.evaluate("() => [...document.querySelectorAll('audio')].filter((sound) => !sound.paused).length") == 1
    page.keyboard.press("t")
    page.wait_for_selector("[data-step=done]")
    assert state_of(house, second) == "taken"
    page.keyboard.press("d")
    expect(page.locator("[data-step=done]")).to_have_count(0)
    assert state_of(house, second) == "done"


def test_caught_words_are_never_shown_as_all_that_was_said(house: PageHouse, page: Page) -> None:
    promise(house, seconds=2, transcript=SAID)
    said = page.locator(".promise__said")
    expect(said).to_contain_text(SAID)
    expect(said.locator(".tag")).to_have_text("Key words only")
