"""What a house's tests have left in its logs."""

import re

from core.settings import Settings
from launch.logins import read_logins
from launch.sip_accounts import read_accounts
from tests.live.house import PASSWORD, House


def check_logs(house: House) -> None:
    """Fails when a log holds a secret, a caller's whole number, or a line about a call that does not say which."""
    text = everything_logged(house)
    numbers = {row.ani for row in house.all_interactions() if row.ani}
    assert not {number for number in numbers if number.lstrip("+") in text or number.removeprefix("+62") in text}, "a whole number"
    assert not [secret for secret in _secrets(house) if secret in text], "a secret"
    lines = [line for line in text.splitlines() if '"ivr_ended"' in line or '"reserved"' in line]
    assert lines or not numbers, "calls came, and no log says so"
    assert all(re.search(r'"interaction_id": "[0-9a-f-]{36}"', line) for line in lines), "a call without its id"


def everything_logged(house: House) -> str:
    """Every line that its processes and its Asterisk have written."""
    files = [*(house.settings.home / "log").rglob("*.log*"), *(house.settings.home / "asterisk" / "log").glob("*")]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file())


def _secrets(house: House) -> list[str]:
    home = house.settings.home
    logins = [login.password for login in read_logins(home)]
    accounts = [account.secret for account in read_accounts(home)]
    return [
        PASSWORD,
        *logins,
        *accounts,
        *(_of(house.settings, name) for name in ("session_key", "redis_password", "ami_password")),
    ]


def _of(settings: Settings, name: str) -> str:
    return str(getattr(settings, name).get_secret_value())
