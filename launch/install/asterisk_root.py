"""Asterisk: the system's own when it is new enough, else one from Debian testing in a folder of its own.

A root made once serves every copy of Halo on the machine. It appears under its final name only when it is whole.
"""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import HaloError
from launch.install.apt_sources import debian_mirror, read_sources, release_codename
from launch.install.debian_packages import apt_install, find_program
from launch.install.tool import run_tool
from launch.places import caches, machine_cache

AT_LEAST = 20
SUITE = "forky"
# Debian 12's debootstrap has no script for the suite yet; sid's is the same one.
_BOOTSTRAP_SCRIPT = "/usr/share/debootstrap/scripts/sid"
_PACKAGES = "asterisk,asterisk-modules,asterisk-config,ca-certificates"
_ROOT_NAME = "asterisk-root"
_SYSTEM_MODULES = ("/usr/lib/*-linux-gnu*/asterisk/modules", "/usr/lib/asterisk/modules", "/usr/lib64/asterisk/modules")
_SYSTEM_DATA = ("/usr/share/asterisk", "/var/lib/asterisk")


@dataclass(frozen=True, slots=True)
class AsteriskProgram:
    """An Asterisk that runs here. `command` starts it (options follow), `modules` is its astmoddir, `data` the folder
    with its documentation, static-http and rest-api, `version` like "22.1.0"."""

    command: list[str]
    modules: Path
    data: Path
    version: str


def asterisk_program() -> AsteriskProgram:
    """The Asterisk to use. Raises HaloError with the next step when there is none that is new enough."""
    program = _find()
    if program is None:
        raise HaloError(f"Asterisk {AT_LEAST} or newer is missing.", "run 'sudo ./halo install'.")
    return program


def read_version(said: str) -> str:
    """The version in what `asterisk -V` says: "Asterisk 22.10.1+dfsg…" -> "22.10.1"; "" when there is none."""
    found = re.match(r"Asterisk (?:certified[-/])?(\d+(?:\.\d+)*)", said)
    return found.group(1) if found else ""


def is_new_enough(version: str) -> bool:
    """Whether a version like "22.1.0" will do."""
    return bool(version) and int(version.split(".")[0]) >= AT_LEAST


def program_in(root: Path) -> AsteriskProgram | None:
    """The Asterisk inside a root folder, run through that root's own loader, without chroot; None when it does not run."""
    loaders = sorted([*root.glob("lib64/ld-linux-*.so.*"), *root.glob("usr/lib/ld-linux-*.so.*")])
    folders = sorted(folder for folder in root.glob("usr/lib/*-linux-gnu*") if (folder / "asterisk/modules").is_dir())
    if not loaders or not folders:
        return None
    libraries = f"{folders[0]}:{root / 'lib' / folders[0].name}"
    command = [str(loaders[0]), "--library-path", libraries, str(root / "usr/sbin/asterisk")]
    version = _version_of(command)
    if not is_new_enough(version):
        return None
    return AsteriskProgram(command, folders[0] / "asterisk/modules", root / "usr/share/asterisk", version)


def _find() -> AsteriskProgram | None:
    return _system_program() or next(filter(None, (program_in(cache / _ROOT_NAME) for cache in caches())), None)


def _system_program() -> AsteriskProgram | None:
    binary = find_program("asterisk")
    version = _version_of([binary]) if binary else ""
    modules = next((folder for pattern in _SYSTEM_MODULES for folder in Path("/").glob(pattern[1:])), None)
    data = next((Path(folder) for folder in _SYSTEM_DATA if (Path(folder) / "documentation").is_dir()), None)
    if not binary or not is_new_enough(version) or modules is None or data is None:
        return None
    return AsteriskProgram([binary], modules, data, version)


def _version_of(command: list[str]) -> str:
    try:
        done = subprocess.run([*command, "-V"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return read_version(done.stdout)


@dataclass(frozen=True, slots=True)
class AsteriskRoot:
    """The step that brings Asterisk. Needs root; takes a few minutes the first time on a machine."""

    logs: Path
    name: str = "Asterisk"

    def missing(self) -> list[str]:
        return [] if self.is_done() else [f"Asterisk {AT_LEAST} or newer"]

    def is_done(self) -> bool:
        return _find() is not None

    def run(self) -> None:
        cache = machine_cache()
        cache.mkdir(mode=0o755, parents=True, exist_ok=True)
        with _alone(cache / "asterisk-root.lock"):
            if not self.is_done():  # another copy of Halo may have made it while we waited
                self._make(cache / _ROOT_NAME)

    def _make(self, root: Path) -> None:
        log = self.logs / "asterisk.log"
        mirror = debian_mirror(read_sources(), release_codename())
        if not find_program("debootstrap"):
            apt_install(["debootstrap"], log)
        partial = root.with_name(f"{_ROOT_NAME}.partial")
        clear_root(partial)
        clear_root(root)  # only here when it does not run: from another architecture, or damaged
        command = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", SUITE, str(partial), mirror, _BOOTSTRAP_SCRIPT]
        run_tool(command, log, source=f"Debian's mirror {mirror}", environment={"DEBIAN_FRONTEND": "noninteractive"})
        for package in (partial / "var/cache/apt/archives").glob("*.deb"):
            package.unlink()
        if program_in(partial) is None:
            raise HaloError(f"Asterisk from Debian {SUITE} does not run here.", f"read {log}, or install Asterisk yourself.")
        partial.chmod(0o755)
        partial.rename(root)


def clear_root(root: Path) -> None:
    """Remove a root folder. What debootstrap mounted in it is unmounted first, never emptied."""
    if not root.exists():
        return
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    for place in sorted(mounts, reverse=True):
        if Path(place).is_relative_to(root):
            subprocess.run(["umount", "--lazy", place], check=True)
    shutil.rmtree(root)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
