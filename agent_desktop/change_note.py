"""Who puts something in force from a page, and what they say of it."""

from agent_desktop.json_body import Body
from agent_desktop.roles import user_here
from agent_desktop.sent_text import unwritable_line
from core.errors import BadInput, HaloError

_LONGEST_NOTE = 200
_LONGEST_AUTHOR = 80


class NoNote(HaloError):
    """Nobody would know later why it was changed."""

    code = "note_missing"


def note_of(body: Body) -> str:
    """The note in what a page sends. Raises NoNote, BadInput."""
    note = " ".join(body.text("note", most=_LONGEST_NOTE).split())
    if not note:
        raise NoNote("There is no note.", "Say what changed.")
    if unwritable_line(note):
        raise BadInput("The note has a sign that no text may hold.", "Type it again.")
    return note


def author_here() -> str:
    """Who is logged in, by name and log-in: "Ratna (ratna)"."""
    user = user_here()
    return f"{user.name[:50]} ({user.login})"[:_LONGEST_AUTHOR]
