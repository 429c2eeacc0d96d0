"""Settings that can't work together are refused before anything starts, by their names."""

from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import load_settings
from launch.settings_file import prepare_home, write_settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    prepare_home(tmp_path)
    write_settings(tmp_path, {})
    return tmp_path


def test_those_of_a_new_home_work(home: Path) -> None:
    assert load_settings(home).desk_port == 8080


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DESK_PORT": "9108"}, "HALO_DESK_PORT and HALO_METRICS_PORT both have TCP port 9108"),
        ({"STANDBY": "1", "STANDBY_AGI_PORT": "4573"}, "HALO_AGI_PORT and HALO_STANDBY_AGI_PORT both have TCP port 4573"),
        ({"AGI_PORT": "9211"}, "HALO_AGI_PORT and a port from HALO_SPEECH_FIRST_PORT on both have TCP port 9211"),
        ({"DESK_PORT": "70000"}, "HALO_DESK_PORT: Input should be less than or equal to 65535"),
        ({"SPEECH_FIRST_PORT": "65535"}, "HALO_SPEECH_FIRST_PORT 65535 leaves no port for 2 recognisers"),
        ({"SIP_PORT": "16500"}, "HALO_SIP_PORT 16500 lies in HALO_RTP_FIRST_PORT to HALO_RTP_LAST_PORT"),
        ({"RTP_FIRST_PORT": "20000"}, "HALO_RTP_FIRST_PORT is above HALO_RTP_LAST_PORT"),
    ],
)
def test_ports_that_cannot_be_are_named(home: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"HALO_{name}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings(home)
    assert said in refused.value.message
    assert "HALO_:" not in refused.value.message


def test_a_udp_port_may_have_the_number_of_a_tcp_port(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALO_SIP_PORT", "8080")
    assert load_settings(home).sip_port == 8080
