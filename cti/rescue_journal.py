"""What the rescue queue did while we were away, from the journal that the dialplan keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from asterisk_conf import names
from core.ids import is_id
from core.log import get_log

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class JournalLine:
    """`what` is arrived, answered or ended; `who` the caller's number, the agent's channel, or ""; `at` to the second."""

    interaction_id: str
    what: str
    at: datetime
    who: str


class RescueJournal:
    """The journal in Asterisk's folder. A line is handed out until `forget` says that all of them are kept elsewhere."""

    def __init__(self, asterisk_folder: Path) -> None:
        self._written = asterisk_folder / names.RESCUE_JOURNAL
        self._taken = self._written.with_suffix(".taken")

    def take(self) -> list[JournalLine]:
        """The lines so far, oldest first. Asterisk goes on in a new file."""
        if not self._taken.exists():
            try:
                self._written.replace(self._taken)
            except FileNotFoundError:
                return []
        return list(_lines(self._taken.read_text(encoding="utf-8", errors="replace")))

    def forget(self) -> None:
        """The lines taken are told: they need not be told again."""
        self._taken.unlink(missing_ok=True)


def _lines(text: str) -> Iterator[JournalLine]:
    for line in text.splitlines():
        interaction_id, what, at, who, *_ = [*line.split(), "", "", "", ""]
        if is_id(interaction_id) and what in ("arrived", "answered", "ended") and at.isdigit():
            yield JournalLine(interaction_id, what, datetime.fromtimestamp(int(at), UTC), who)
        elif line.strip():
            log.warning("journal_line_unreadable", length=len(line))
