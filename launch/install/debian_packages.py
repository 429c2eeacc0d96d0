"""The programs that come from Debian's packages."""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import HaloError
from launch.install.tool import run_tool

NODE_AT_LEAST = 18
_ADMIN_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
_APT_SOURCE = "Debian's package mirror"


@dataclass(frozen=True, slots=True)
class Need:
    """A package, and how to see that what it brings is there, from whatever origin."""

    package: str
    is_there: Callable[[], bool]


def find_program(name: str) -> str | None:
    """Where a program is, in the administrator's folders too."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_ADMIN_FOLDERS]))


def node_version() -> tuple[int, ...]:
    """The version of Node.js; () when there is none."""
    program = find_program("node")
    if not program:
        return ()
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:3])


def postgresql_programs() -> Path | None:
    """The folder of initdb and postgres, the newest version's; None when there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: _number(folder.parent.name))
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    there = shutil.which("postgres")
    return Path(there).resolve().parent if there and shutil.which("initdb") else None


def may_become_root() -> bool:
    """Whether this user is root, or may sudo without a password."""
    sudo = find_program("sudo")
    return os.geteuid() == 0 or (
        sudo is not None and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    )


def needs_to_run() -> list[Need]:
    """What Halo itself needs."""
    return [
        Need("redis-server", lambda: find_program("redis-server") is not None),
        Need("espeak-ng", lambda: find_program("espeak-ng") is not None),
        Need("sox", lambda: find_program("sox") is not None),
        Need("nodejs", lambda: node_version() >= (NODE_AT_LEAST,)),
        Need("npm", lambda: find_program("npm") is not None),
        Need("python3-venv", lambda: None not in (importlib.util.find_spec("ensurepip"), importlib.util.find_spec("venv"))),
    ]


def needs_to_test() -> list[Need]:
    """What the tests need beside that."""
    return [
        Need("chromium", lambda: find_program("chromium") is not None),
        Need("sip-tester", lambda: find_program("sipp") is not None),
        Need("postgresql", lambda: postgresql_programs() is not None),
    ]


@dataclass(frozen=True, slots=True)
class DebianPackages:
    """The step that installs packages. Needs root. Services that a package brings are left as Debian sets them."""

    needs: list[Need]
    logs: Path
    name: str = "Debian packages"

    def missing(self) -> list[str]:
        return [need.package for need in self.needs if not need.is_there()]

    def is_done(self) -> bool:
        return not self.missing()

    def run(self) -> None:
        packages = self.missing()
        apt_install(packages, self.logs / "debian-packages.log")
        importlib.invalidate_caches()  # python3-venv adds modules to the very Python that runs this
        left = self.missing()
        if left:
            raise HaloError(
                f"Installed, but still not usable: {', '.join(left)}.",
                f"see that {left[0]} is new enough and on PATH (Node.js {NODE_AT_LEAST} or newer), then run this again.",
            )


def apt_install(packages: list[str], log: Path) -> None:
    """Install packages without asking anything. Raises HaloError when this is no Debian, or apt fails."""
    if not find_program("apt-get"):
        raise HaloError(
            f"Missing: {', '.join(packages)}; and this machine has no apt-get.",
            "install them with the machine's own package manager, then run this again.",
        )
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1"}
    wait = "DPkg::Lock::Timeout=300"
    run_tool(["dpkg", "--configure", "-a"], log, environment=quiet)  # an installation that was broken off
    # As one tool: a mirror out of reach shows in the update's output only, while one broken source need not stop us.
    both = 'apt-get -o "$0" update; exec apt-get -o "$0" install -y --no-install-recommends "$@"'
    run_tool(["sh", "-c", both, wait, *packages], log, name="apt-get", source=_APT_SOURCE, environment=quiet)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else -1
