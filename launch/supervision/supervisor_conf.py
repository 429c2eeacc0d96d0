"""Renders the process manager's configuration."""

import hashlib
import os
import shlex
import stat
from collections.abc import Sequence
from pathlib import Path

from core.errors import HaloError
from launch.install.stamp import write_whole
from launch.places import ROOT
from launch.supervision.programs import Program

# A Unix socket's address holds 108 bytes; supervisord first binds the same name with its process number behind it.
_LONGEST_SOCKET_PATH = 107 - len(".4194304")
_LOG_BYTES = "20MB"
_LOGS_KEPT = 5


def conf_file(home: Path) -> Path:
    """Where the configuration is."""
    return home / "config" / "supervisord.conf"


def socket_file(home: Path) -> Path:
    """Where the process manager listens: in the home, or, when that path is too long for a socket, in a folder of
    this user's alone under /tmp, the same one each time."""
    usual = home / "run" / "supervisor.sock"
    if len(os.fsencode(usual)) <= _LONGEST_SOCKET_PATH:
        return usual
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"halo-{os.getuid()}-{digest}" / "supervisor.sock"  # noqa: S108  # checked by make_socket_folder


def make_socket_folder(home: Path) -> None:
    """Make the socket's folder. Raises HaloError when it is there but another user could reach into it."""
    folder = socket_file(home).parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_relative_to(home):
        return
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
        raise HaloError(f"{folder} is not this user's alone.", "remove it, or set HALO_HOME to a shorter path.")


def remove_socket_folder(home: Path) -> None:
    """Remove the socket's folder when it is outside the home and nobody uses it."""
    folder = socket_file(home).parent
    if not folder.is_relative_to(home) and folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def log_file(home: Path, program: str) -> Path:
    """What a process says."""
    return home / "log" / f"{program}.log"


def supervisor_conf(home: Path, wanted: Sequence[Program]) -> str:
    """The text. Programs do not start by themselves: `up` starts one when the one before it is ready."""
    sections = [
        _section(
            "unix_http_server",
            {"file": str(socket_file(home)), "chmod": "0700"},
        ),
        _section(
            "supervisord",
            {
                "identifier": "halo",
                "directory": str(ROOT),
                "logfile": str(log_file(home, "supervisord")),
                "logfile_maxbytes": _LOG_BYTES,
                "logfile_backups": str(_LOGS_KEPT),
                "pidfile": str(home / "run" / "supervisord.pid"),
                "childlogdir": str(home / "log"),
                "umask": "077",
                "minfds": "4096",
                **({"user": "root"} if os.getuid() == 0 else {}),
            },
        ),
        _section(
            "rpcinterface:supervisor",
            {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
        *(_program_section(home, place, program) for place, program in enumerate(wanted)),
    ]
    return "\n".join(sections)


def write_supervisor_conf(home: Path, wanted: Sequence[Program]) -> None:
    """Write it, and make the folder of its socket."""
    make_socket_folder(home)
    write_whole(conf_file(home), supervisor_conf(home, wanted), mode=0o600)


def _program_section(home: Path, place: int, program: Program) -> str:
    return _section(
        f"program:{program.name}",
        {
            "command": shlex.join(program.command),
            "directory": str(ROOT),
            "priority": str(100 + place),
            "autostart": "false",
            "autorestart": "true",
            "startsecs": "1",
            "startretries": "1000000",
            "stopsignal": "TERM",
            "stopwaitsecs": str(program.stop_wait_s),
            "stopasgroup": "true",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": str(log_file(home, program.name)),
            "stdout_logfile_maxbytes": _LOG_BYTES,
            "stdout_logfile_backups": str(_LOGS_KEPT),
        },
    )


def _section(name: str, values: dict[str, str]) -> str:
    lines = "".join(f"{key} = {value.replace('%', '%%')}\n" for key, value in values.items())
    return f"[{name}]\n{lines}"
