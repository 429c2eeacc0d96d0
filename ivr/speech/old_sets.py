"""Speech sets that nobody needs any more: marked when they are first seen so, and deleted when no call can still have one.

Publishing and deleting hold the same lock, on the folder itself, so that a set which is just being published again is never taken
away. Safe when it is broken off: a set is renamed out of sight first, and what lies there is deleted at the next look.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A call keeps the version that it began with; none is in the menus for so long. A publication is made in less, too.
KEPT_FOR = timedelta(days=2)
_MARK = "unneeded"
_GONE = ".gone-"
_SET = re.compile(r"[0-9a-f]{16}")


def claim_set(folder: Path) -> bool:
    """Whether this speech set is there; when it is, it stays for KEPT_FOR at least, needed or not."""
    if not folder.parent.is_dir():
        return False
    with _locked(folder.parent):
        if not folder.is_dir():
            return False
        (folder / _MARK).unlink(missing_ok=True)
        return True


def forget_sets(root: Path, needed: Collection[str], now: datetime) -> list[str]:
    """Delete the sets below `root` that are not among the `needed` ids and were not for KEPT_FOR; returns their ids.

    What an earlier run or a broken publication left is deleted as well. Raises OSError for what can't be deleted.
    """
    if not root.is_dir():
        return []
    deleted = []
    for folder in sorted(root.iterdir()):
        if _SET.fullmatch(folder.name) and folder.is_dir():
            with _locked(root):
                if folder.name not in needed and _is_long_unneeded(folder, now):
                    shutil.rmtree(folder.rename(root / f"{_GONE}{folder.name}"))
                    deleted.append(folder.name)
                elif folder.name in needed:
                    (folder / _MARK).unlink(missing_ok=True)
        elif folder.name.startswith("."):
            _delete_left_over(folder, now)
    return deleted


def _is_long_unneeded(folder: Path, now: datetime) -> bool:
    """Whether it was marked long ago; marks it when it was not."""
    mark = folder / _MARK
    if mark.exists():
        return now - _time_of(mark) > KEPT_FOR
    mark.touch()
    os.utime(mark, (now.timestamp(), now.timestamp()))
    return False


def _delete_left_over(folder: Path, now: datetime) -> None:
    with suppress(FileNotFoundError):  # a publication that is under way renames its own
        if folder.is_dir() and (folder.name.startswith(_GONE) or now - _time_of(folder) > KEPT_FOR):
            shutil.rmtree(folder)


def _time_of(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
