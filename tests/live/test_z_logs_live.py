"""Runs after all other live tests: what they left in the logs."""

import re

from core.settings import Settings
from launch.logins import read_logins
from launch.sip_accounts import read_accounts
from tests.live.house import PASSWORD, House


def everything_logged(halo: House) -> str:
    files = [*(halo.settings.home / "log").rglob("*.log*"), *(halo.settings.home / "asterisk" / "log").glob("*")]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file())


def test_no_log_holds_a_whole_number_of_a_caller(halo):
    call = halo.dial().wait_answered()
    call.hang_up()
    text = everything_logged(halo)
    assert "ivr_ended" in text or "caller_gone" in text, "the logs were written"
    numbers = {row.ani for row in halo.all_interactions() if row.ani}
    assert numbers
    found = {number for number in numbers if number.lstrip("+") in text or number.removeprefix("+62") in text}
    assert not found


def test_no_log_holds_a_secret(halo):
    text = everything_logged(halo)
    secrets = [PASSWORD, *(login.password for login in read_logins(halo.settings.home))]
    secrets += [account.secret for account in read_accounts(halo.settings.home)]
    secrets += [secret_of(halo.settings, name) for name in ("session_key", "redis_password", "ami_password")]
    assert not [secret for secret in secrets if secret in text]


def test_every_line_about_a_call_carries_its_interaction(halo):
    lines = [line for line in everything_logged(halo).splitlines() if '"ivr_ended"' in line or '"reserved"' in line]
    assert lines
    assert all(re.search(r'"interaction_id": "[0-9a-f-]{36}"', line) for line in lines)


def secret_of(settings: Settings, name: str) -> str:
    return getattr(settings, name).get_secret_value()
