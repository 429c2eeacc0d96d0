"""The history of a ticket in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from agent_desktop.code_words import PRIORITIES, TICKET_CATEGORIES, TICKET_STATUSES
from agent_desktop.texts import _, _later
from crm.ticket_history import TicketChange

_FIELDS = {
    "opened": _later("Opened"),
    "subject": _later("Subject"),
    "category": _later("Category"),
    "priority": _later("Priority"),
    "status": _later("Status"),
    "owner": _later("Agent"),
    "team": _later("Team"),
    "due_at": _later("Due"),
}


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One change in words; a value is text, or a moment."""

    at: datetime
    by: str
    what: str
    before: str | datetime
    after: str | datetime


def told_changes(changes: list[TicketChange], people: Mapping[str, str], teams: Mapping[str, str]) -> list[ToldChange]:
    """What was changed, as it is read."""
    words: dict[str, Callable[[str], str | datetime]] = {
        "category": lambda code: str(TICKET_CATEGORIES.get(code, code)),
        "priority": lambda code: str(PRIORITIES.get(int(code), code)) if code.isdigit() else code,
        "status": lambda code: str(TICKET_STATUSES.get(code, code)),
        "owner": lambda key: people.get(key, key) if key else _("nobody"),
        "team": lambda name: teams.get(name, name) if name else _("nobody"),
        "due_at": _moment,
    }
    return [
        ToldChange(
            each.at, each.by, str(_FIELDS.get(each.what, each.what)),
            *(words.get(each.what, str)(value) for value in (each.before, each.after)),
        )
        for each in changes
    ]  # fmt: skip


def _moment(text: str) -> str | datetime:
    return datetime.fromisoformat(text) if text else "–"
