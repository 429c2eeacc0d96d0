"""Why an agent hands a caller over, in words."""

from agent_desktop.texts import _later

# Code, words. Stored with cards: add, never rename.
WHY = {
    "other_team": _later("Belongs to another team"),
    "expert": _later("Needs somebody who knows more"),
    "asked": _later("Asked for this person"),
    "language": _later("Needs another language"),
    "complaint": _later("Complaint"),
}
