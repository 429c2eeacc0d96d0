"""The agent's page while the records are away: who calls and why, and all of it once they are back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from agent_desktop import events, records
from core.database import Database
from routing.agent_state import Action
from tests.services.desk_house import Browser, DeskHouse, Message, build_desk, messages


@pytest.fixture
def desk(database: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskHouse]:
    monkeypatch.setattr(events, "BEAT_S", 0.2)
    monkeypatch.setattr(records, "LIMIT_S", 0.5)
    house = build_desk(database, redis_url, tmp_path)
    yield house
    house.close()


@pytest.fixture
def dewi(desk: DeskHouse) -> Browser:
    browser = desk.browser("dewi")
    browser.get("/desk")
    return browser


@pytest.fixture(params=["dead", "slow"])
def away(request: pytest.FixtureRequest, desk: DeskHouse, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Takes the records away at once; what it gives brings them back."""
    back, reading = threading.Event(), desk.database.reading

    @contextmanager
    def read() -> Iterator[Session]:
        if request.param == "dead" and not back.is_set():
            raise OperationalError("SELECT", {}, ConnectionError())
        back.wait(30)
        with reading() as session:
            yield session

    request.getfixturevalue("dewi")
    monkeypatch.setattr(desk.database, "reading", read)
    yield back.set
    back.set()


def pushed(browser: Browser) -> Iterator[Message]:
    query = {"after": browser.data("position"), "page": browser.data("page-number")}
    return messages(browser.client.get("/events", query_string=query, buffered=False))


def test_the_page_shows_the_caller_without_the_records_and_fills_itself_in(
    desk: DeskHouse, dewi: Browser, away: Callable[[], None]
) -> None:
    stream = pushed(dewi)
    place = desk.reserve()
    pop = next(message for message in stream if message.name == "agent" and message.body["action"] == Action.RESERVE)
    assert pop.body["agent"]["interaction"] == place.interaction_id
    for shown in ("0811-2345-678", "Billing", "Wants a person", "The records do not answer just now."):
        assert shown in pop.body["html"]
    assert "Rp 412,000" not in pop.body["html"]
    assert dewi.post("/api/pop-shown", interaction_id=place.interaction_id, token=pop.body["agent"]["token"]).status_code == 200
    away()
    filled = next(message for message in stream if message.name == "agent" and "Rp 412,000" in message.body.get("html", ""))
    assert filled.body["agent"]["interaction"] == place.interaction_id
    assert "The records do not answer" not in filled.body["html"]
    stream.close()  # type: ignore[attr-defined]  # as a browser that goes
