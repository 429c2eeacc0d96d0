"""What processes cost: CPU in percent of one core, from /proc, and memory."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass
class CpuWatch:
    """Between `start` and `stop`: how busy each named process was, its children included, and the whole machine."""

    pids: Mapping[str, int]
    _began: dict[str, float] = field(default_factory=dict)
    _machine: tuple[float, float, float] = (0, 0, 0)
    _at: float = 0.0

    def start(self) -> None:
        """Begin."""
        self._began = {name: _cpu_s(pid) for name, pid in self.pids.items()}
        self._machine, self._at = _machine_s(), time.monotonic()

    def stop(self) -> dict[str, float]:
        """Percent of one core by name; "machine" in percent of all cores, "stolen" what others on the same host took of them."""
        length_s = time.monotonic() - self._at
        found = {name: 100 * (_cpu_s(pid) - self._began[name]) / length_s for name, pid in self.pids.items()}
        busy, stolen, whole = (now - before for now, before in zip(_machine_s(), self._machine, strict=True))
        return found | {"machine": 100 * busy / whole, "stolen": 100 * stolen / whole}


def memory_mib(pid: int) -> float:
    """Resident memory of one process."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES / 2**20


def _cpu_s(pid: int) -> float:
    """CPU seconds of a process and its living children; 0 for one that has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    own = sum(int(fields[place]) for place in (11, 12, 13, 14))  # user, system, and the same of children that have ended
    return own / _TICKS_A_SECOND + sum(_cpu_s(int(child)) for child in children)


def _machine_s() -> tuple[float, float, float]:
    """Seconds of all cores together: busy, stolen from us by the host's other guests, and all."""
    times = [int(value) for value in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    idle, stolen, whole = times[3] + times[4], times[7], sum(times)
    return (whole - idle - stolen) / _TICKS_A_SECOND, stolen / _TICKS_A_SECOND, whole / _TICKS_A_SECOND
