"""Fixtures of the tests on real services."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import Database
from launch.schema import upgrade
from launch.settings_file import prepare_home, write_settings
from tests.services.desk_house import Browser, DeskHouse, build_desk
from tests.services.twilio_house import Twilio, build_twilio
from tests.services.twilio_texts import Texts
from tests.twilio_stand_in import stand_in


@pytest.fixture
def desk(database: Database, redis_url: str, tmp_path: Path) -> Iterator[DeskHouse]:
    """A desk with everybody in it."""
    desk = build_desk(database, redis_url, tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def command_home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are typed in `tmp_path`, of an installation whose home is a folder there."""
    monkeypatch.setenv("HALO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HALO_CALLED_FROM", str(tmp_path))
    prepare_home(tmp_path / "home")
    write_settings(tmp_path / "home", {"HALO_DATABASE_URL": database_url})
    upgrade(database_url)


@pytest.fixture
def dewi(desk: DeskHouse) -> Browser:
    """The browser of agent 1001, at the desk."""
    browser = desk.browser("dewi")
    browser.get("/desk")
    return browser


@pytest.fixture
def twilio(database: Database, redis_url: str, tmp_path: Path) -> Iterator[Twilio]:
    """A desk with Twilio connected."""
    twilio = build_twilio(database, redis_url, tmp_path)
    yield twilio
    twilio.desk.close()


@pytest.fixture
def texts(database: Database) -> Iterator[Texts]:
    """A messenger, the worker's part of it, and Twilio."""
    with stand_in() as there:
        yield Texts(database, there)
