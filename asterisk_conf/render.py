"""Writes the whole Asterisk configuration of one installation from its templates."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from asterisk_conf import names

TEMPLATES = Path(__file__).with_name("templates")
RECORDED_SOUNDS = Path(__file__).with_name("sounds")


@dataclass(frozen=True, slots=True)
class AgentPhone:
    """An agent's SIP account: one password for the page's phone (WebRTC) and for a desk or soft phone."""

    agent_id: str
    name: str
    secret: str


@dataclass(frozen=True, slots=True)
class Account:
    """A SIP account that may call the hotline. `number`: its caller id; "" lets the account say it itself (a trunk)."""

    user: str
    secret: str
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses and ports. All TCP, but `sip_port` and the RTP range, which are UDP. `standby_agi_port` is asked when nobody
    listens on `agi_port`; None: there is no stand-by."""

    bind: str
    sip_port: int
    http_port: int
    ami_port: int
    agi_port: int
    rtp_first_port: int
    rtp_last_port: int
    speech_ports: Sequence[int] = ()
    standby_agi_port: int | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """All that the templates need. `folder` becomes Asterisk's own world; `modules` and `data` are the program's.

    `twilio` is the account with which Twilio brings calls; None when it is not connected.
    """

    folder: Path
    modules: Path
    data: Path
    addresses: Addresses
    manager_secret: str
    agi_key: str
    hotline: str
    agents: Sequence[AgentPhone]
    accounts: Sequence[Account]
    twilio: Account | None = None
    speech_key: str = ""  # needed where addresses.speech_ports has any
    control: str = ""  # the number of the control line; "" for none


def render(installation: Installation) -> bool:
    """Write the configuration; files that would stay the same are not touched. Returns whether anything changed.

    Every file is readable by its owner only: some hold secrets. Files in `etc/local/` are the operator's and stay.
    """
    for folder in ("etc/local", "log", "run", "lib", "spool", names.TALKS, "lib/keys", "data/sounds", "music"):
        (installation.folder / folder).mkdir(parents=True, exist_ok=True)
    _link_program_data(installation)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True,
        variable_start_string="@{", variable_end_string="}",
        autoescape=False,  # noqa: S701  # configuration, not HTML; every foreign value goes through _clean
    )  # fmt: skip
    values = _values(installation)
    changed = False
    for template in sorted(TEMPLATES.glob("*.j2")):
        text = environment.get_template(template.name).render(values)
        changed |= _write(installation.folder / "etc" / template.name.removesuffix(".j2"), text)
    return changed


def _values(installation: Installation) -> Mapping[str, object]:
    for agent in installation.agents:
        _clean(agent.name + agent.secret)
    for account in [*installation.accounts, *([installation.twilio] if installation.twilio else [])]:
        _clean(account.user + account.name + account.secret + account.number)
    return {
        "at": installation.addresses,
        "folder": installation.folder,
        "modules": installation.modules,
        "manager_secret": _clean(installation.manager_secret),
        "agi_key": _clean(installation.agi_key),
        "speech_key": _clean(installation.speech_key),
        "hotline": _clean(installation.hotline),
        "control": _clean(installation.control),
        "agents": installation.agents,
        "accounts": installation.accounts,
        "twilio": installation.twilio,
        "names": names,
    }


def _clean(value: str) -> str:
    """A value that stays one value: a line break, a semicolon or a bracket would start something else in these files."""
    if any(character in value for character in '\r\n;[]{}$"\\') or not value.isprintable():
        raise ValueError("a value for the Asterisk configuration holds a character that has a meaning there")
    return value


def _link_program_data(installation: Installation) -> None:
    """Asterisk reads documentation, web pages and API descriptions from its data folder; ours points to the program's."""
    for name in ("documentation", "static-http", "rest-api"):
        link = installation.folder / "data" / name
        target = installation.data / name
        if link.is_symlink() and os.readlink(link) != str(target):
            link.unlink()
        if target.exists() and not link.is_symlink():
            link.symlink_to(target)


def _write(file: Path, text: str) -> bool:
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
    return True
