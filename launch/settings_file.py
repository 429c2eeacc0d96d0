"""The installation's own settings file: secrets made once, and the settings given when Halo was brought up."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from core.settings import SETTINGS_FILE, Settings
from core.twilio_settings import PREFIX, TwilioSettings
from launch.install.stamp import write_whole

SECRETS = ("session_key", "redis_password", "ami_password")
# For a new installation, which begins with demo customers: paying by card can be tried, and charges nobody.
FIRST_SETTINGS = {"payment_gateway": "sandbox"}
FOLDERS = ("config", "log", "run", "redis")
_PRIVATE = 0o600
_HEADER = "# Written by ./halo up. Secrets are made once; settings given to ./halo up in the environment are kept here.\n"


def prepare_home(home: Path) -> None:
    """Make the home and its folders, open to its owner only: it holds customers, recordings and secrets."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    for name in FOLDERS:
        (home / name).mkdir(exist_ok=True)


def write_settings(home: Path, environment: Mapping[str, str]) -> bool:
    """Bring `config/halo.env` up to date; returns whether anything changed.

    What is in the file stays, unless `environment` gives that setting another value; missing secrets are made, and a new
    file begins with FIRST_SETTINGS.
    """
    file = home / SETTINGS_FILE
    before = read_settings_file(file)
    first = {} if before else {variable(name): value for name, value in FIRST_SETTINGS.items()}
    now = {**first, **before, **given_settings(environment)}
    for name in SECRETS:
        now.setdefault(variable(name), secrets.token_urlsafe(32))
    if now == before:
        file.chmod(_PRIVATE)
        return False
    lines = [f"{name}='{value}'\n" for name, value in sorted(now.items())]
    write_whole(file, _HEADER + "".join(lines), mode=_PRIVATE)
    return True


def given_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings of ours in an environment. `HALO_HOME` is no part of them: it says where the file is."""
    known = {variable(name) for name in Settings.model_fields} - {variable("home")}
    known |= {f"{PREFIX}{name.upper()}" for name in TwilioSettings.model_fields}
    return {name: value for name, value in environment.items() if name in known}


def read_settings_file(file: Path) -> dict[str, str]:
    """The lines `NAME='value'` of a settings file; {} when there is none."""
    if not file.exists():
        return {}
    pairs = (line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines() if "=" in line and line[0] != "#")
    return {name.strip(): value.strip().strip("'\"") for name, value in pairs}


def variable(field: str) -> str:
    """The environment variable of a settings field: "sip_port" -> "HALO_SIP_PORT"."""
    return f"HALO_{field.upper()}"
