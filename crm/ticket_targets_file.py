"""The targets of tickets in force: the operator's own file where there is one, read again when it changes, else the shipped one."""

import threading
from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import HaloError
from core.log import get_log
from crm.ticket_targets import OWN_FILE, SHIPPED_FILE, TicketTargets, load_targets

_log = get_log(__name__)


class TargetsInForce:
    """Those of the installation in `home`. A broken new version is logged, and the last good one stays in force.

    Safe to use from many threads.
    """

    def __init__(self, home: Path, zone: ZoneInfo) -> None:
        self._own, self._zone = home / OWN_FILE, zone
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = (0, 0)
        self._targets: TicketTargets | None = None

    def current(self) -> TicketTargets:
        """The targets now. Costs a look at the file's date."""
        try:
            found = self._own.stat()
            seen: tuple[int, int] | None = (found.st_mtime_ns, found.st_size)
        except OSError:
            seen = None
        with self._lock:
            if self._targets is None or seen != self._seen:
                self._seen, self._targets = seen, self._read(seen is not None)
            return self._targets

    def _read(self, own: bool) -> TicketTargets:
        if own:
            try:
                return load_targets(self._own, self._zone)
            except (HaloError, OSError, UnicodeDecodeError) as problem:
                _log.error("ticket_targets_broken", problem=str(problem))
                if self._targets is not None:
                    return self._targets
        return load_targets(SHIPPED_FILE, self._zone)
