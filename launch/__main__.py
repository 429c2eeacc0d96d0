"""The command line's first half: runs on a plain Python, sets up what is missing, and hands over to the environment's own."""

import os
import sys

from core.clock import stopwatch_s
from core.errors import HaloError
from launch.console import say, show_error
from launch.install.python_environment import PythonEnvironment
from launch.install.set_up import TEST_OPTION, install_machine, set_up
from launch.places import BEGAN_VARIABLE, VENV_PYTHON, in_virtualenv, setup_logs

USAGE = """Halo, a contact center on Asterisk.

  ./halo up                 set everything up, start it, place a demo call, print addresses and log-ins
  ./halo down               stop everything
  ./halo status             what runs
  ./halo doctor             what is wrong here, and the next step
  ./halo logs [PROCESS] -f  what the processes say
  ./halo test [pytest …]    every check and test, on SQLite and PostgreSQL
  ./halo check              the checks without the tests
  ./halo import customers FILE.csv [--dry-run]; also products, promotions
  ./halo install            only what needs root: packages and Asterisk (sudo ./halo install)

./halo COMMAND --help tells more once Halo is set up."""

_BROKEN_OFF = 130


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    if not in_virtualenv():
        os.environ[BEGAN_VARIABLE] = str(stopwatch_s())  # the second half tells how long both took
    try:
        return _run(arguments)
    except HaloError as problem:
        show_error(problem)
    except PermissionError as problem:
        show_error(HaloError(f"{problem.filename} may not be used by this user.", "run halo as the user who set it up."))
    except KeyboardInterrupt:
        say("\nBroken off. Nothing is lost: run the same command again.")
        return _BROKEN_OFF
    return 1


def _run(arguments: list[str]) -> int:
    if in_virtualenv():
        from launch.cli import run  # third-party packages exist only in here

        return run(arguments)
    command = arguments[0] if arguments else "help"
    if command in ("help", "-h", "--help"):
        say(USAGE)
        return 0
    asks_help = "--help" in arguments
    if command == "install" and not asks_help:
        install_machine(with_tests=TEST_OPTION in arguments)
        return 0
    if command in ("up", "test", "check") and not asks_help:
        set_up(with_tests=command != "up")
    elif not PythonEnvironment(setup_logs()).is_done():
        return _without_environment(command, asks_help)
    return _hand_over(arguments)


def _without_environment(command: str, asks_help: bool) -> int:
    if asks_help:
        say(USAGE)
        return 0
    if command == "doctor":
        from launch.doctor.machine import machine_findings
        from launch.doctor.report import print_findings

        return print_findings(machine_findings())
    raise HaloError("Halo is not set up here.", "run ./halo up.")


def _hand_over(arguments: list[str]) -> int:
    sys.stdout.flush()
    try:
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "launch", *arguments])  # noqa: S606  # our own path, no shell
    except OSError as problem:
        raise HaloError(f"{VENV_PYTHON} can't be run: {problem.strerror}.", "run ./halo up as the owner of this folder.") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
