"""Nothing starts with half of Twilio's settings."""

from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import load_settings
from core.twilio_settings import load_twilio
from launch.settings_file import prepare_home
from launch.up import settings_for
from tests.unit.launch.test_doctor_carriers import WHOLE


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*WHOLE, "HALO_HOME"):
        monkeypatch.delenv(name, raising=False)
    prepare_home(tmp_path)


def test_without_twilio_set_up_goes_on(tmp_path: Path) -> None:
    assert settings_for(tmp_path, running=False) == load_settings(tmp_path)


def test_half_of_twilio_stops_set_up_and_the_missing_half_lets_it_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = list(WHOLE)
    for name in names[:2]:
        monkeypatch.setenv(name, WHOLE[name])
    with pytest.raises(SettingsError) as refused:
        settings_for(tmp_path, running=False)
    assert all(name in refused.value.message for name in names[2:])
    for name in names[:2]:
        monkeypatch.delenv(name)
    for name in names[2:]:
        monkeypatch.setenv(name, WHOLE[name])
    settings_for(tmp_path, running=False)
    assert load_twilio(tmp_path) is not None
