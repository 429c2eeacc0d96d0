"""How much of the processor Halo gets beside other work on the machine.

Where no service manager divides the machine, Linux gives every session (what is started together) an equal share, whatever it does:
sched(7), "The autogroup feature". There a single busy program in another session can hold up every call.
"""

import os
from pathlib import Path

# Against a session that stays at 0 this is 9 shares to 1 (sched_prio_to_weight in the kernel): the other one is still served.
NICENESS = -10
_PROC = Path("/proc")


def raise_share(pid: int, proc: Path = _PROC) -> bool:
    """Let the session of this process go before others. False where the kernel has no such shares, where it may not be done (it
    takes root), and where the process is in our own session, which is not Halo's alone."""
    group = proc / str(pid) / "autogroup"
    try:
        if _name(group) == _name(proc / str(os.getpid()) / "autogroup"):
            return False
        group.write_text(str(NICENESS))
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
    return group.read_text().split()[0]
