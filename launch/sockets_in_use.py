"""Who holds a port: read from /proc, so that the answer can name the process."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_LISTENING = "0A"
_HEX = 16


@dataclass(frozen=True, slots=True)
class Holder:
    """The process at a port. `pid` is 0 and `command` "" when it is another user's and can't be seen."""

    pid: int
    command: str
    uid: int

    def __str__(self) -> str:
        return f"{self.command} (process {self.pid})" if self.pid else f"a process of another user (uid {self.uid})"


def bound_sockets(table: str, port: int, listening_only: bool) -> list[tuple[str, int]]:
    """The (inode, uid) of every socket bound to `port` in a table like /proc/net/tcp or /proc/net/udp."""
    found = []
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 10 or int(fields[1].rsplit(":", 1)[1], _HEX) != port:
            continue
        if not listening_only or fields[3] == _LISTENING:
            found.append((fields[9], int(fields[7])))
    return found


def find_holder(port: int, udp: bool) -> Holder | None:
    """Who is bound to this port on this machine; None when nobody is."""
    sockets = []
    for name in ("udp", "udp6") if udp else ("tcp", "tcp6"):
        table = _PROC / "net" / name
        if table.exists():
            sockets += bound_sockets(table.read_text(encoding="ascii"), port, listening_only=not udp)
    if not sockets:
        return None
    pid = _owner_of(inode for inode, _ in sockets)
    return Holder(pid, command_of(pid) if pid else "", sockets[0][1])


def command_of(pid: int) -> str:
    """The name of a process, as `ps` would say it; "" when it is gone."""
    try:
        words = (_PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return ""
    return " ".join([Path(word).name for word in words if _is_telling(word)][:2])


def _is_telling(word: str) -> bool:
    """Options, code, library paths and the loader say less than the program and its first argument."""
    return bool(word) and word[0] != "-" and not any(sign in word for sign in (" ", "\n", ":", ".so."))


def _owner_of(inodes: Iterable[str]) -> int:
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for folder in _PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if any(str(link.readlink()) in wanted for link in (folder / "fd").iterdir()):
                return int(folder.name)
        except OSError:
            continue  # another user's process, or gone meanwhile
    return 0
