import stat
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import SETTINGS_FILE, load_settings
from launch.settings_file import given_settings, prepare_home, read_settings_file, write_settings


def test_secrets_are_made_once_random_and_for_the_owner_only(tmp_path: Path) -> None:
    assert write_settings(tmp_path / "one", {})
    assert write_settings(tmp_path / "two", {})
    file = tmp_path / "one" / SETTINGS_FILE
    first, other = read_settings_file(file), read_settings_file(tmp_path / "two" / SETTINGS_FILE)

    secrets = {"HALO_SESSION_KEY", "HALO_REDIS_PASSWORD", "HALO_AMI_PASSWORD"}
    assert set(first) == secrets | {"HALO_PAYMENT_GATEWAY"}
    assert len({file_of[name] for file_of in (first, other) for name in secrets}) == 6
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    assert not write_settings(tmp_path / "one", {})
    assert read_settings_file(file) == first


def test_settings_given_once_stay_in_force(tmp_path: Path) -> None:
    write_settings(tmp_path, {"HALO_SIP_PORT": "5070", "PATH": "/bin", "HALO_HOME": "/elsewhere", "HALO_NO_SETTING": "1"})
    write_settings(tmp_path, {})

    settings = load_settings(tmp_path)

    assert settings.sip_port == 5070
    assert settings.home == tmp_path
    assert "HALO_NO_SETTING" not in read_settings_file(tmp_path / SETTINGS_FILE)


def test_a_later_value_replaces_an_earlier_one_and_only_that(tmp_path: Path) -> None:
    write_settings(tmp_path, {"HALO_SIP_PORT": "5070", "HALO_DESK_PORT": "8090"})
    before = read_settings_file(tmp_path / SETTINGS_FILE)

    assert write_settings(tmp_path, {"HALO_SIP_PORT": "5080"})

    assert read_settings_file(tmp_path / SETTINGS_FILE) == {**before, "HALO_SIP_PORT": "5080"}


def test_cards_can_be_tried_on_a_new_installation_and_are_never_switched_on_behind_ones_back(tmp_path: Path) -> None:
    write_settings(tmp_path / "new", {})
    assert load_settings(tmp_path / "new").payment_gateway == "sandbox"

    write_settings(tmp_path / "new", {"HALO_PAYMENT_GATEWAY": ""})
    write_settings(tmp_path / "new", {})
    assert load_settings(tmp_path / "new").payment_gateway == ""

    file = tmp_path / "old" / SETTINGS_FILE
    file.parent.mkdir(parents=True)
    file.write_text("HALO_SESSION_KEY='one'\nHALO_REDIS_PASSWORD='two'\nHALO_AMI_PASSWORD='three'\n", encoding="utf-8")
    write_settings(tmp_path / "old", {})
    assert load_settings(tmp_path / "old").payment_gateway == ""


def test_the_home_itself_is_no_setting_to_keep() -> None:
    assert given_settings({"HALO_HOME": "/x", "HALO_BIND_ADDRESS": "127.0.0.1"}) == {"HALO_BIND_ADDRESS": "127.0.0.1"}


def test_the_home_is_closed_to_others(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)

    prepare_home(home)

    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.parametrize("hotline", ["1500500", "+1500500"])
def test_supervisors_have_a_number_of_their_own(tmp_path: Path, hotline: str) -> None:
    write_settings(tmp_path, {"HALO_HOTLINE_NUMBER": hotline, "HALO_CONTROL_NUMBER": "1500500"})
    with pytest.raises(SettingsError, match=r"HALO_CONTROL_NUMBER: .*HALO_HOTLINE_NUMBER, which callers dial"):
        load_settings(tmp_path)
    write_settings(tmp_path, {"HALO_CONTROL_NUMBER": "1500501"})
    assert load_settings(tmp_path).control_number == "1500501"
