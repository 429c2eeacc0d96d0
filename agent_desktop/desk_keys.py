"""Every key of the agent's page, with what it does: the map that `?` opens. A test holds it against the page's script."""

from dataclasses import dataclass
from typing import Any

from agent_desktop.texts import _later


@dataclass(frozen=True, slots=True)
class DeskKey:
    """`keys` are pressed together, as they are written on the map."""

    keys: tuple[str, ...]
    words: Any


KEYS = (
    DeskKey(("F2",), _later("Ready, or not ready with a reason; in a call: what comes after it")),
    DeskKey(("F4",), _later("Answer the call")),
    DeskKey(("F6",), _later("Hold and take back; while somebody is asked: swap")),
    DeskKey(("F7",), _later("Mute and unmute")),
    DeskKey(("F8",), _later("Hand the caller over")),
    DeskKey(("F9",), _later("Hang up or decline")),
    DeskKey(("Alt", "C"), _later("Call a number")),
    DeskKey(("Alt", "A"), _later("More time for the wrap-up, where it may be")),
    DeskKey(("Alt", "M"), _later("Three-way, while somebody is asked")),
    DeskKey(("Alt", "B"), _later("Back to the caller")),
    DeskKey(("Alt", "D"), _later("Keys to the other side")),
    DeskKey(("Alt", "R"), _later("Pause the recording, and record on")),
    DeskKey(("Alt", "1…9"), _later("Choose an answer or a disposition")),
    DeskKey(("Alt", "0"), _later("One script page back")),
    DeskKey(("Alt", "N"), _later("To the note")),
    DeskKey(("Alt", "S"), _later("The caller's problem is solved: unlock the offer")),
    DeskKey(("Alt", "Y"), _later("The offer is accepted")),
    DeskKey(("Alt", "X"), _later("The offer is declined")),
    DeskKey(("Alt", "L"), _later("No offer now, perhaps later")),
    DeskKey(("Ctrl", "Enter"), _later("Save the wrap-up")),
    DeskKey(("Ctrl", "K"), _later("Search customers and commands")),
    DeskKey(("Alt", "K"), _later("Look up an article")),
    DeskKey(("Alt", "T"), _later("Open a ticket for this call")),
    DeskKey(("Alt", "P"), _later("Promise a follow-up")),
    DeskKey(("Alt", "H"), _later("Headset and line: choose and test")),
    DeskKey(("Alt", "J"), _later("My day")),
    DeskKey(("Alt", "W"), _later("My shifts")),
    DeskKey(("?",), _later("This map")),
)
