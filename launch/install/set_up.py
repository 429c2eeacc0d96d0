"""Which steps a command needs, and who may do them: the machine's part wants root, the project's part does not."""

import os
import subprocess
import tempfile
from pathlib import Path

from core.errors import HaloError
from launch.console import say
from launch.install.asterisk_root import AsteriskRoot
from launch.install.compiled_engine import EXTRA, CompiledEngine, can_compile, needs_to_compile
from launch.install.debian_packages import DebianPackages, find_program, may_become_root, needs_to_run, needs_to_test
from launch.install.javascript_bundle import JavascriptBundle
from launch.install.page_translations import PageTranslations
from launch.install.python_environment import PythonEnvironment
from launch.install.step import Dispensable, Step, run_steps
from launch.places import ROOT, home, setup_logs

TEST_OPTION = "--with-tests"
_UNCOMPILED = "The routing engine runs as plain Python, at about half the speed."


def machine_steps(logs: Path, with_tests: bool) -> list[Step]:
    """What the whole machine shares: packages and Asterisk."""
    needs = [*needs_to_run(), *(needs_to_test() if with_tests else [])]
    steps: list[Step] = [DebianPackages(needs, logs), AsteriskRoot(logs)]
    if not can_compile() and may_become_root():  # nobody is asked for what Halo runs without
        steps.append(Dispensable(DebianPackages(needs_to_compile(), logs, "C compiler"), _UNCOMPILED))
    return steps


def project_steps(logs: Path, with_tests: bool) -> list[Step]:
    """What belongs to this copy of Halo."""
    environment: list[Step] = [PythonEnvironment(logs)]
    if with_tests:
        environment.append(PythonEnvironment(logs, extra="test", name="Python test tools"))
    compiled: list[Step] = []
    if can_compile():
        compiled = [PythonEnvironment(logs, extra=EXTRA, name="Python compiler"), CompiledEngine(logs)]
    return [
        *environment, JavascriptBundle(logs), PageTranslations(logs), *(Dispensable(each, _UNCOMPILED) for each in compiled),
    ]  # fmt: skip


def install_machine(with_tests: bool) -> None:
    """`./halo install`: the machine's part only. Writes nothing into the project's folders. Raises HaloError."""
    steps = machine_steps(_logs_of_install(), with_tests)
    missing = [name for one in steps for name in one.missing()]
    if missing and os.geteuid() != 0:
        _install_by_sudo(missing, with_tests)
        return
    run_steps(steps)


def set_up(with_tests: bool) -> None:
    """Everything before the first process can start. Raises HaloError with the next step."""
    logs = setup_logs()
    writable_or_raise(home())
    writable_or_raise(ROOT)
    steps = machine_steps(logs, with_tests)
    missing = [name for one in steps for name in one.missing()]
    if missing and os.geteuid() != 0:
        _install_by_sudo(missing, with_tests)
    else:
        run_steps(steps)
    run_steps(project_steps(logs, with_tests))


def writable_or_raise(folder: Path) -> None:
    """Raises HaloError when this user can't write in the folder, or in the nearest one above it that exists."""
    place = folder
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        raise HaloError(
            f"{place} may not be written by this user.", "clone the project into a folder of your own, or run halo as its owner."
        )


def _install_by_sudo(missing: list[str], with_tests: bool) -> None:
    command = [str(ROOT / "halo"), "install", *([TEST_OPTION] if with_tests else [])]
    sudo = find_program("sudo")
    if not sudo or not may_become_root():
        shown = " ".join(["sudo ./halo", *command[1:]])
        raise HaloError(f"Missing on this machine, and only root may install it: {', '.join(missing)}.", f"run '{shown}'.")
    say("  As root, by sudo:")
    if subprocess.run([sudo, "-n", *command], check=False).returncode:
        raise HaloError("The part of the set-up that needs root failed.", "read the lines above, then run this again.")


def _logs_of_install() -> Path:
    if os.geteuid() == 0:
        return Path("/var/log/halo")
    return Path(tempfile.mkdtemp(prefix="halo-install-"))
