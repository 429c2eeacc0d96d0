"""The demo log-ins: passwords made once, kept in one file that only the owner can read."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from launch.install.stamp import write_whole

_SYLLABLES = [first + second for first in "bcdfghjklmnprstvwyz" for second in "aeiou"]
_HEADER = "# Demo log-ins, made at set-up: log-in, password, role. Change or remove them before real customers are in here.\n"


@dataclass(frozen=True, slots=True)
class Login:
    """One log-in of the demo."""

    name: str
    password: str
    role: str


def logins_file(home: Path) -> Path:
    """Where they are kept."""
    return home / "config" / "logins.txt"


def readable_password() -> str:
    """A random password that can be read out and typed: three times three syllables and two digits, about 65 bits."""
    words = ["".join(secrets.choice(_SYLLABLES) for _ in range(3)) for _ in range(3)]
    return "-".join([*words, f"{secrets.randbelow(100):02d}"])


def read_logins(home: Path) -> list[Login]:
    """The log-ins on file; [] when there are none."""
    file = logins_file(home)
    if not file.exists():
        return []
    rows = (line.split() for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return [Login(*row) for row in rows if len(row) == 3]


def ensure_logins(home: Path, wanted: dict[str, str]) -> list[Login]:
    """The log-ins for `wanted` (name -> role). Passwords on file stay; the file is whole before anybody uses one."""
    known = {login.name: login for login in read_logins(home)}
    logins = [known.get(name) or Login(name, readable_password(), role) for name, role in wanted.items()]
    lines = [f"{login.name:<12} {login.password:<26} {login.role}\n" for login in logins]
    write_whole(logins_file(home), _HEADER + "".join(lines), mode=0o600)
    return logins
