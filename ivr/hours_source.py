"""The opening hours in force: the operator's own file where there is one, read again when it changes, else the shipped one."""

import threading
from collections.abc import Mapping
from pathlib import Path

from core.errors import HaloError
from core.log import get_log
from ivr.hours import Schedule
from ivr.hours_file import SHIPPED_FILE, HoursFile, load_hours

OWN_FILE = "config/hours.yaml"  # in the home
_Stamp = tuple[int, int] | None
_log = get_log(__name__)


class HoursSource:
    """Reads the hours of the installation in `home`. A broken new version is reported, and the last good one stays in force.

    Safe to use from many threads.
    """

    def __init__(self, home: Path, shipped: Path = SHIPPED_FILE) -> None:
        self._own = home / OWN_FILE
        self._shipped = shipped
        self._lock = threading.Lock()
        self._seen: _Stamp = (0, 0)
        self._hours: HoursFile | None = None
        self.problem = ""

    def schedules(self) -> Mapping[str, Schedule]:
        """Every schedule by name. Costs a look at the file's date. Raises BadInput only when the shipped file is broken."""
        return self._in_force().schedules

    def queues(self) -> Mapping[str, Schedule]:
        """The own hours of every queue that has some, by the queue's name. As schedules."""
        return self._in_force().queues

    def _in_force(self) -> HoursFile:
        seen = _stamp(self._own)
        with self._lock:
            if self._hours is None or seen != self._seen:
                self._read(seen)
            assert self._hours is not None
            return self._hours

    def _read(self, seen: _Stamp) -> None:
        self._seen = seen
        try:
            self._hours = load_hours(self._shipped if seen is None else self._own)
            if self.problem:
                _log.info("hours_file_good_again", file=str(self._own))
            self.problem = ""
        except HaloError as problem:
            if seen is None:
                raise
            self.problem = str(problem)
            _log.error("hours_file_broken", problem=self.problem, kept=self._hours is not None)
            if self._hours is None:
                self._hours = load_hours(self._shipped)


def _stamp(file: Path) -> _Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
