"""How much of the processor Halo gets beside other work on the machine.

Where no service manager divides the machine, Linux gives every session (what is started together) an equal share, whatever it does:
sched(7), "The autogroup feature". There a single busy program in another session can hold up every call.
"""

import os
from pathlib import Path

# Against a session that stays at 0 the first gets 9 shares to 1, the last 1 to 9 (sched_prio_to_weight in the kernel).
FIRST, LAST = -10, 10
_PROC = Path("/proc")


def give_share(pid: int, niceness: int, proc: Path = _PROC) -> bool:
    """Let the session of this process go before others, or after them. False where the kernel has no such shares, where it may not
    be done (to go before takes root), and where the process is in our own session, which holds more than it."""
    group = proc / str(pid) / "autogroup"
    try:
        if _name(group) == _name(proc / str(os.getpid()) / "autogroup"):
            return False
        group.write_text(str(niceness))
    except OSError:
        return False
    return True


def is_raised(pid: int, proc: Path = _PROC) -> bool:
    """Whether the session of this process goes before others, or all are alike on this machine."""
    try:
        if (proc / "sys/kernel/sched_autogroup_enabled").read_text().strip() != "1":
            return True
        return int((proc / str(pid) / "autogroup").read_text().rsplit(None, 1)[1]) < 0
    except (OSError, ValueError, IndexError):
        return True


def _name(group: Path) -> str:
    """Which session it is; empty for the one that holds all that was never started as a session of its own."""
    return group.read_text().partition(" ")[0]
