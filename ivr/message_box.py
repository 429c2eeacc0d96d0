"""Messages that callers left, kept on disk before anything else is told, so that none is lost when the records are away."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from core.log import get_log
from crm.callback_tasks import CallbackWish

log = get_log(__name__)


class MessageBox:
    """Wishes to be called back, one small file each, until the records have them. `folder` is closed to everybody else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, wish: CallbackWish) -> None:
        """Keep a wish; written whole or not at all. A second one of the same interaction replaces the first."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._file(wish.interaction_id).with_suffix(".part")
        body = asdict(wish) | {"due_at": wish.due_at.isoformat()}
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(body, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file(wish.interaction_id))

    def forget(self, interaction_id: str) -> None:
        """The records have it."""
        self._file(interaction_id).unlink(missing_ok=True)

    def left_over(self) -> Iterator[CallbackWish]:
        """Every wish that the records do not have yet. A file that can't be read stays, and the log names it."""
        for file in sorted(self._folder.glob("*.json")):
            try:
                body = json.loads(file.read_text(encoding="utf-8"))
                yield CallbackWish(**body | {"due_at": datetime.fromisoformat(body["due_at"])})
            except (OSError, ValueError, TypeError, KeyError) as problem:
                log.error("message_unreadable", file=file.name, why=type(problem).__name__)

    def _file(self, interaction_id: str) -> Path:
        return self._folder / f"{interaction_id}.json"
