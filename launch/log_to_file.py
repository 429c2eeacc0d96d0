"""Log lines of the command line's own run go to a file: the terminal is for the steps."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.log import configure_logging


@contextmanager
def log_to_file(home: Path) -> Iterator[None]:
    """While the body runs, every log line of this process is appended to `log/launch.log` of the home."""
    configure_logging("launch")
    with (home / "log" / "launch.log").open("a", encoding="utf-8") as file:
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(file)
        try:
            yield
        finally:
            logging.getLogger().handlers.clear()
