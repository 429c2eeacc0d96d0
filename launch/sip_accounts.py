"""The SIP accounts that may call the hotline on a fresh installation: secrets made once, kept for the owner only."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from asterisk_conf.names import TRUNK
from asterisk_conf.render import Account
from launch.install.stamp import write_whole

SOFT_PHONE = "soft-phone"


def accounts_file(home: Path) -> Path:
    """Where they are kept."""
    return home / "config" / "sip_accounts.json"


def read_accounts(home: Path) -> list[Account]:
    """The accounts on file; [] when there are none yet."""
    file = accounts_file(home)
    return [Account(**fields) for fields in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else []


def ensure_accounts(home: Path, soft_phone_number: str, soft_phone_name: str) -> list[Account]:
    """The accounts: a trunk that says its caller's number itself, and a soft phone that calls as one demo customer.

    What is on file stays as it is.
    """
    if accounts := read_accounts(home):
        return accounts
    made = [
        Account(TRUNK, secrets.token_urlsafe(24)),
        Account(SOFT_PHONE, secrets.token_urlsafe(12), soft_phone_number, soft_phone_name),
    ]
    write_whole(accounts_file(home), _to_json(made), mode=0o600)
    return made


def _to_json(accounts: Sequence[Account]) -> str:
    rows = [
        {"user": account.user, "secret": account.secret, "number": account.number, "name": account.name} for account in accounts
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
