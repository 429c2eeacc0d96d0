"""Checks of what talks are recorded into: can be written to, has room, and is brought in by the worker."""

import os
import shutil
from pathlib import Path

from asterisk_conf.names import CALLERS_SIDE
from core.clock import SystemClock
from core.settings import Settings
from cti.talks.jobs import raw_talks_folder
from launch.doctor.finding import Finding
from launch.install.debian_packages import find_program

LEFT_AFTER_S = 2 * 3600  # longer than any talk waits for its end
HOURS_OF_ROOM = 10
_BYTES_A_SECOND = 2 * 2 * 8000  # both sides, 16 bits, 8 kHz, before they are packed
_GB = 1_000_000_000
_SUBJECT = "recordings"


def recordings(settings: Settings) -> Finding:
    """Talks can be recorded here and are taken away in time."""
    if not settings.record_talks:
        return Finding(_SUBJECT, True, "talks are not recorded (HALO_RECORD_TALKS)")
    raw = raw_talks_folder(settings)
    for folder in (raw, settings.talks_folder):
        there = _nearest(folder)
        if not os.access(there, os.W_OK | os.X_OK):
            return Finding(
                _SUBJECT, False, f"{there} can not be written to", f"make it writable for this user: chmod u+rwx {there}"
            )
    if not find_program("sox"):
        return Finding(_SUBJECT, False, "sox is missing, which packs them", "run 'sudo ./halo install'.")
    return room_and_rest(_nearest(settings.talks_folder), shutil.disk_usage(_nearest(raw)).free, _left(raw))


def room_and_rest(place: Path, free_bytes: int, left: int) -> Finding:
    """Whether so much room is enough, and so many talks that nobody has brought in are too many."""
    hours = free_bytes / (_BYTES_A_SECOND * 3600)
    said = f"room for {hours:,.0f} hours ({free_bytes / _GB:.1f} GB) at {place}"
    if hours < HOURS_OF_ROOM:
        return Finding(_SUBJECT, False, said, "free space, or keep talks for fewer days (HALO_TALKS_KEPT_DAYS).")
    if left:
        return Finding(_SUBJECT, False, f"{left} talks were not brought in for two hours", "read ./halo logs worker.")
    return Finding(_SUBJECT, True, said)


def _left(raw: Path) -> int:
    limit = SystemClock().now().timestamp() - LEFT_AFTER_S
    return sum(file.stat().st_mtime < limit for file in raw.glob(f"*{CALLERS_SIDE}"))


def _nearest(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
