"""Flows in force against an installation that has changed since: the doctor says so, and a start refuses what is dangerous."""

from pathlib import Path

import pytest

from core.database import Database
from core.errors import SettingsError
from core.settings import Settings
from ivr.flow_file import read_flow, shipped_flow
from ivr.hours_source import OWN_FILE
from launch.doctor.flows import flows
from launch.publishing import publisher, raise_if_callers_reach_control_line

ENTRIES = "  - {menu: main_menu, dialled: [1500501]}\n  - {menu: main_menu}"
WITH_NUMBER = read_flow(shipped_flow().text.replace("  - {menu: main_menu}", ENTRIES), "mine.yaml")
SHOP = "schedules: {shop: {label: {id: Toko, en: Shop}, zone: Asia/Jakarta, week: {daily: 09:00-17:00}}}\n"


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    url = database.engine.url.render_as_string(hide_password=False)
    return Settings(
        home=tmp_path, session_key="s", redis_password="r", ami_password="a", database_url=url, control_number="",
        speech_processes=0,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.voice.Voice.file_for", lambda *_: Path())  # what is heard does not matter here


def test_what_fits_is_named_and_well(settings: Settings, database: Database) -> None:
    assert "none published" in flows(settings).what
    publisher(settings, database).publish_shipped()
    finding = flows(settings)
    assert (finding.well, finding.what) == (True, "hotline version 1")


def test_hours_that_were_taken_away_are_found(settings: Settings, database: Database) -> None:
    publisher(settings, database).publish_shipped()
    own = settings.home / OWN_FILE
    own.parent.mkdir()
    own.write_text(SHOP, encoding="utf-8")
    finding = flows(settings)
    assert not finding.well
    assert "hotline version 1, line" in finding.what
    assert "There is no schedule 'hotline'. Use one of: shop" in finding.what


def test_a_number_that_callers_dial_becomes_no_control_line(settings: Settings, database: Database) -> None:
    publishes = publisher(settings, database)
    publishes.publish(WITH_NUMBER, "admin")
    raise_if_callers_reach_control_line(settings, publishes)
    taken = settings.model_copy(update={"control_number": "1500501"})
    with pytest.raises(SettingsError, match=r"HALO_CONTROL_NUMBER is a number that callers dial \(hotline version 1, line \d+\)"):
        raise_if_callers_reach_control_line(taken, publisher(taken, database))
    assert not flows(taken).well
    assert flows(settings).well
