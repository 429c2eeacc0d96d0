"""The SIP accounts that may call the hotline on a fresh installation: secrets made once, kept for the owner only."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from asterisk_conf.names import TRUNK
from asterisk_conf.render import Account
from core.errors import HaloError
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


def twilio_account_file(home: Path) -> Path:
    """Where the account is kept with which Twilio brings calls."""
    return home / "config" / "twilio_sip_account.json"


def ensure_twilio_account(home: Path) -> Account:
    """That account: user and password are random, because whoever knows them may bring calls. Made once."""
    file = twilio_account_file(home)
    if not file.exists():
        made = Account(f"twilio-{secrets.token_hex(8)}", secrets.token_urlsafe(24))
        write_whole(file, _to_json([made]), mode=0o600)
    return read_twilio_account(home)


def read_twilio_account(home: Path) -> Account:
    """That account. Raises HaloError when set-up has not made it yet."""
    file = twilio_account_file(home)
    if not file.exists():
        raise HaloError(f"{file} is missing.", "run ./halo down, then ./halo up.")
    return Account(**json.loads(file.read_text(encoding="utf-8"))[0])


def _to_json(accounts: Sequence[Account]) -> str:
    rows = [
        {"user": account.user, "secret": account.secret, "number": account.number, "name": account.name} for account in accounts
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
