"""`./halo knowledge …`: articles as a folder of Markdown files, into this installation and out of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.clock import SystemClock
from core.database import Database
from core.settings import default_home, load_settings
from crm.knowledge_files import export_articles, import_articles, read_folder
from launch.console import say


def bring_in(folder: Path, by: str) -> None:
    """Publish the folder's articles. Raises Faults that names every fault; then nothing was changed."""
    files = read_folder(folder)
    with _database() as database, database.writing() as session:
        done = import_articles(session, files, by, SystemClock().now())
        session.commit()
    say(f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged. Agents find them now.")


def write_out(folder: Path) -> None:
    """Write what is published into a folder; a file of the same name is replaced."""
    with _database() as database, database.reading() as session:
        count = export_articles(session, folder)
    say(f"{count} articles written to {folder}.")


@contextmanager
def _database() -> Iterator[Database]:
    database = Database(load_settings(default_home()).database)
    try:
        yield database
    finally:
        database.dispose()
