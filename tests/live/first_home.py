"""What every house begins with, made once a run: customers, what is said to callers, the word graphs of the flows."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core.database import Database
from core.settings import Settings
from launch.install.asterisk_root import asterisk_program
from launch.pytest_run import FOLDER_VARIABLE
from launch.up import DEMO_CALL_DONE, prepare

_FOLDERS = ("prompts", "speech")
_FILES = ("config/logins.txt", "config/customer-pins.txt")
_DATABASE = "halo.db"


def furnish(settings: Settings) -> None:
    """Take what another house of this run has made, or make it for the others. Alone, without a folder in common: nothing.

    `launch up` looks through all of it either way. A house on PostgreSQL fills its own database.
    """
    folder = os.environ.get(FOLDER_VARIABLE, "")
    if not folder:
        return
    kept, on_sqlite = Path(folder) / "first home", settings.database.startswith("sqlite")
    with _only_one(kept.with_suffix(".lock")):
        if not kept.exists() and on_sqlite:
            _make(settings, kept)
            return
    if kept.exists():
        _take(kept, settings.home, with_database=on_sqlite)


def _make(settings: Settings, kept: Path) -> None:
    database, half_done = Database(settings.database), kept.with_suffix(".new")
    try:
        prepare(settings, database, asterisk_program(), running=False)
    finally:
        database.dispose()
    shutil.rmtree(half_done, ignore_errors=True)
    (half_done / "config").mkdir(parents=True)
    with closing(sqlite3.connect(settings.home / _DATABASE)) as here, closing(sqlite3.connect(half_done / _DATABASE)) as there:
        here.backup(there)
    for name in _FOLDERS:
        shutil.copytree(settings.home / name, half_done / name)
    for name in _FILES:
        shutil.copy2(settings.home / name, half_done / name)
    (half_done / DEMO_CALL_DONE).touch()  # one house of a run takes that call
    half_done.rename(kept)


def _take(kept: Path, home: Path, with_database: bool) -> None:
    for name in _FOLDERS:
        shutil.copytree(kept / name, home / name, dirs_exist_ok=True)
    for name in (*_FILES, DEMO_CALL_DONE, _DATABASE) if with_database else ():
        shutil.copy2(kept / name, home / name)


@contextmanager
def _only_one(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
