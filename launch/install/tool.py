"""Runs the tools of the set-up: all they say goes to a log file; a failure shows the last lines and a next step."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.errors import HaloError, Unavailable

_SHOWN_LINES = 8
_READ_BYTES = 20_000
# What apt, pip, npm and debootstrap say when the other side cannot be reached.
_UNREACHABLE = (
    "temporary failure resolving", "temporary failure in name resolution", "name or service not known", "could not resolve",
    "failed to establish a new connection", "connection refused", "network is unreachable", "connection timed out",
    "max retries exceeded", "enotfound", "econnrefused", "eai_again", "etimedout", "enetunreach", "econnreset",
    "invalid release file", "failed getting release file", "unable to connect to", "no route to host", "proxyerror",
    "connecttimeout", "read timed out", "certificate verify failed", "unable to get local issuer certificate",
    "self-signed certificate",
)  # fmt: skip


class ToolFailed(HaloError):
    """A tool ended with an error; `last_lines` is what it said last."""

    code = "tool_failed"

    def __init__(self, message: str, next_step: str, last_lines: Sequence[str]) -> None:
        super().__init__(message, next_step)
        self.last_lines = list(last_lines)


class Unreachable(ToolFailed, Unavailable):
    """A tool could not reach the place it downloads from."""

    code = "unreachable"


def run_tool(
    command: Sequence[str],
    log: Path,
    *,
    name: str = "",
    source: str = "",
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run `command`; its output is appended to `log`. `source` names what it downloads from, `name` the tool
    where the command's first word does not.

    Raises Unreachable when that cannot be reached, ToolFailed otherwise.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        begin = output.tell()
        output.write(f"$ {' '.join(command)}\n".encode())
        output.flush()
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env={**os.environ, **(environment or {})},
                check=False,
            )
        except OSError as problem:
            raise ToolFailed(f"{command[0]} can't be started: {problem.strerror}.", "Run ./halo doctor.", []) from None
    if done.returncode:
        raise failure(name or Path(command[0]).name, done.returncode, _since(log, begin), log, source)


def failure(tool: str, code: int, said: str, log: Path, source: str) -> ToolFailed:
    """The error for a tool that said `said` and ended with `code`."""
    lines = [line for line in said.splitlines()[1:] if line.strip()][-_SHOWN_LINES:]
    if source and any(sign in said.lower() for sign in _UNREACHABLE):
        return Unreachable(
            f"{source} can't be reached from this machine ({tool}).",
            f"connect the machine to it (proxy, mirror, DNS), then run the same command again. All that was said: {log}",
            lines[-2:],
        )
    return ToolFailed(f"{tool} failed (exit {code}).", f"read {log}, then run the same command again.", lines)


def _since(log: Path, begin: int) -> str:
    with log.open("rb") as written:
        written.seek(max(begin, log.stat().st_size - _READ_BYTES))
        return written.read().decode("utf-8", "replace")
