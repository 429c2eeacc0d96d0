"""What the doctor says of Twilio."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.database import Database
from core.settings import load_settings
from crm.text_messages import TextMessage, TextStatus
from launch.doctor.carriers import twilio
from launch.doctor.finding import Finding
from launch.settings_file import prepare_home, write_settings
from launch.sip_accounts import ensure_twilio_account
from tests.twilio_requests import AUTH_TOKEN, PUBLIC_URL, TWILIO

WHOLE = {
    "HALO_TWILIO_ACCOUNT_SID": TWILIO.account_sid,
    "HALO_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    "HALO_TWILIO_FROM_NUMBER": TWILIO.from_number,
    "HALO_TWILIO_PUBLIC_URL": PUBLIC_URL,
    "HALO_TWILIO_SIP_ADDRESS": TWILIO.sip_address,
}


def found(home: Path, database: Database, given: dict[str, str]) -> Finding:
    prepare_home(home)
    write_settings(home, {**given, "HALO_DATABASE_URL": database.engine.url.render_as_string(hide_password=False)})
    return twilio(load_settings(home))


def put(database: Database, status: TextStatus, age: timedelta) -> None:
    at = SystemClock().now() - age
    with database.writing() as session:
        session.add(
            TextMessage(
                id=status + str(age)[:20], number="+628112345678", text="x", status=status, created_at=at, try_at=at, claimed_at=at
            )
        )
        session.commit()


def test_not_connected_is_well(tmp_path, database):
    assert found(tmp_path, database, {}).well


def test_half_connected_is_not_and_what_is_missing_is_named(tmp_path, database):
    finding = found(tmp_path, database, {"HALO_TWILIO_ACCOUNT_SID": TWILIO.account_sid})
    assert not finding.well
    assert "HALO_TWILIO_AUTH_TOKEN" in finding.what


def test_connected_needs_the_account_that_set_up_makes(tmp_path, database):
    assert not found(tmp_path, database, WHOLE).well
    ensure_twilio_account(tmp_path)
    finding = found(tmp_path, database, WHOLE)
    assert finding.well
    assert TWILIO.sip_address in finding.what
    assert AUTH_TOKEN not in finding.what


@pytest.mark.parametrize(
    ("status", "age", "well"),
    [
        (TextStatus.UNKNOWN, timedelta(hours=1), False),
        (TextStatus.UNKNOWN, timedelta(minutes=1), True),  # it may be under way
        (TextStatus.UNKNOWN, timedelta(days=8), True),
        (TextStatus.SENT, timedelta(hours=1), True),
    ],
)
def test_a_message_of_unknown_fate_is_told_for_a_week(tmp_path, database, status, age, well):
    ensure_twilio_account(tmp_path)
    put(database, status, age)
    finding = found(tmp_path, database, WHOLE)
    assert finding.well is well
    assert well or finding.what.startswith("1 text message")


@pytest.mark.parametrize(
    ("setting", "age", "told"), [("HOUR", timedelta(0), "in the last hour"), ("DAY", timedelta(hours=3), "24 hours")]
)
def test_a_limit_for_all_messages_that_is_reached_is_told(tmp_path, database, setting, age, told):
    ensure_twilio_account(tmp_path)
    put(database, TextStatus.SENT, age)
    put(database, TextStatus.SENT, age + timedelta(minutes=1))
    assert found(tmp_path, database, {**WHOLE, f"HALO_TWILIO_ALL_TEXTS_PER_{setting}": "3"}).well
    finding = found(tmp_path, database, {**WHOLE, f"HALO_TWILIO_ALL_TEXTS_PER_{setting}": "2"})
    assert not finding.well
    assert told in finding.what
