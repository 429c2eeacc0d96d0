"""Twilio is connected with all of its settings or with none, and one message says what is missing."""

from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import SETTINGS_FILE
from core.twilio_settings import TwilioSettings, load_twilio
from launch.settings_file import given_settings, write_settings

ACCOUNT, SERVICE = "AC" + "0" * 32, "MG" + "f" * 32
WHOLE = {
    "HALO_TWILIO_ACCOUNT_SID": ACCOUNT,
    "HALO_TWILIO_AUTH_TOKEN": "a-secret",
    "HALO_TWILIO_FROM_NUMBER": "+622150001234",
    "HALO_TWILIO_PUBLIC_URL": "https://halo.example.com/",
    "HALO_TWILIO_SIP_ADDRESS": "halo.example.com",
}


def loaded(home: Path, given: dict[str, str]) -> TwilioSettings | None:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / SETTINGS_FILE).write_text("".join(f"{name}='{value}'\n" for name, value in given.items()), encoding="utf-8")
    return load_twilio(home)


def test_without_any_of_them_twilio_is_not_connected(tmp_path):
    assert loaded(tmp_path, {}) is None
    assert loaded(tmp_path, {"HALO_TWILIO_TEXTS_PER_HOUR": "3"}) is None


def test_all_of_them_connect_it(tmp_path):
    twilio = loaded(tmp_path, WHOLE)
    assert twilio is not None
    assert twilio.public_url == "https://halo.example.com"
    assert (twilio.api_url, twilio.texts_per_hour) == ("https://api.twilio.com", 5)
    assert (twilio.all_texts_per_hour, twilio.all_texts_per_day) == (200, 1000)
    assert "a-secret" not in repr(twilio)


def test_a_messaging_service_stands_for_the_number(tmp_path):
    given = {name: value for name, value in WHOLE.items() if name != "HALO_TWILIO_FROM_NUMBER"}
    twilio = loaded(tmp_path, {**given, "HALO_TWILIO_MESSAGING_SERVICE_SID": SERVICE})
    assert twilio is not None
    assert twilio.messaging_service_sid == SERVICE


@pytest.mark.parametrize("left_out", WHOLE)
def test_one_missing_is_named(tmp_path, left_out):
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, {name: value for name, value in WHOLE.items() if name != left_out})
    missing = refused.value.message.partition("missing: ")[2]
    assert left_out in missing
    assert [name for name in WHOLE if name in missing] == [left_out]


def test_all_that_is_missing_or_wrong_is_named_at_once(tmp_path):
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, {"HALO_TWILIO_ACCOUNT_SID": "SK123", "HALO_TWILIO_PUBLIC_URL": "halo.example.com"})
    for name in WHOLE:
        assert name in refused.value.message
    assert "SK123" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACCOUNT_SID", "AC123"),
        ("FROM_NUMBER", "08112345678"),
        ("FROM_NUMBER", "A name that is too long"),
        ("MESSAGING_SERVICE_SID", "MGx"),
        ("PUBLIC_URL", "ftp://halo.example.com"),
        ("PUBLIC_URL", "https://halo.example.com/?a=b"),
        ("PUBLIC_URL", "http://halo.example.com"),
        ("PUBLIC_URL", "https://"),
        ("API_URL", "http://api.twilio.com"),
        ("SIP_ADDRESS", "sip:halo@example.com"),
        ("SIP_ADDRESS", "halo.example.com:5060?X-Other=1"),
        ("API_URL", "nowhere"),
        ("TEXTS_PER_HOUR", "many"),
        ("TEXTS_PER_HOUR", "0"),
        ("ALL_TEXTS_PER_HOUR", "0"),
        ("ALL_TEXTS_PER_DAY", "many"),
    ],
)
def test_a_wrong_one_is_named_without_its_value(tmp_path, name, value):
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, {**WHOLE, f"HALO_TWILIO_{name}": value})
    assert f"HALO_TWILIO_{name}" in refused.value.message.partition("wrong: ")[2] + refused.value.message
    assert "a-secret" not in str(refused.value)


@pytest.mark.parametrize("value", ["http://127.0.0.1:8080", "http://localhost", "https://calls.example.com/halo"])
def test_secrets_go_over_https_or_stay_on_this_machine(tmp_path, value):
    assert loaded(tmp_path, {**WHOLE, "HALO_TWILIO_PUBLIC_URL": value, "HALO_TWILIO_API_URL": value}) is not None


@pytest.mark.parametrize("value", ["Halo", "+622150001234", "TOKO 21"])
def test_messages_come_from_a_number_or_a_name(tmp_path, value):
    assert loaded(tmp_path, {**WHOLE, "HALO_TWILIO_FROM_NUMBER": value}) is not None


def test_set_up_keeps_them_with_the_others(tmp_path):
    write_settings(tmp_path, {**WHOLE, "HALO_TWILIO_UNKNOWN": "x"})
    write_settings(tmp_path, {})
    assert load_twilio(tmp_path) is not None
    assert set(given_settings({**WHOLE, "HALO_TWILIO_UNKNOWN": "x"})) == set(WHOLE)


def test_the_page_for_operators_says_each_of_them():
    page = (Path(__file__).parents[3] / "docs/twilio.md").read_text(encoding="utf-8")
    assert [name for name in TwilioSettings.model_fields if f"`HALO_TWILIO_{name.upper()}`" not in page] == []
