"""A conversation that must go as it is written: who calls into which world, what is heard, what they do, where it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ivr.catalogue import text_of
from ivr.line import Prompt


class Records(StrEnum):
    """How the customer records behave in a conversation."""

    GOOD = "good"
    SLOW = "slow"  # each answer comes after the word that fills the wait
    SILENT = "silent"  # no answer ever comes
    DEAD = "dead"  # every question fails at once


class Hours(StrEnum):
    """How the flow's hours are when the call comes."""

    OPEN = "open"
    CLOSED = "closed"  # until tomorrow
    EMERGENCY = "emergency"  # closed by hand, until somebody opens again


class Does(StrEnum):
    """What a caller can do when it is their turn."""

    PRESS = "presses"
    SAY = "says"
    SAY_DOUBTFULLY = "says doubtfully"  # the recogniser is not sure of it
    SPEAK_UNCLEARLY = "speaks unclearly"
    LEAVE_MESSAGE = "leaves a message"
    LEAVE_MESSAGE_AND_GO = "leaves a message and hangs up"
    KEEP_SILENT = "is silent"
    HANG_UP = "hangs up"


@dataclass(frozen=True, slots=True)
class Hears:
    """A sentence that must be heard (`never`: must not be) before the caller's next turn.

    It is given by its `key` and, perhaps, by words that its fields must hold, or by a part of its `words`.
    """

    line: int
    key: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    never: bool = False

    def fits(self, prompt: Prompt) -> bool:
        """Whether this is the sentence."""
        if self.key:
            return prompt.key == self.key and all(
                plain(words) in plain(prompt.values.get(name, "")) for name, words in self.fields.items()
            )
        return plain(self.words) in plain(text_of(prompt))

    @property
    def shown(self) -> str:
        """The sentence as its file gives it."""
        return self.key + "".join(f' {name}="{words}"' for name, words in self.fields.items()) if self.key else f'"{self.words}"'

    def __str__(self) -> str:
        return f"not {self.shown}" if self.never else self.shown


@dataclass(frozen=True, slots=True)
class Acts:
    """The caller's turn: keys or words in `what`. `at_once`: over what is being said, without waiting for the question."""

    line: int
    does: Does
    what: str = ""
    at_once: bool = False

    def __str__(self) -> str:
        shown = self.does.value if not self.what else f"{self.does.value} {self.what}"
        return f"{shown} at once" if self.at_once else shown


@dataclass(frozen=True, slots=True)
class Ends:
    """Where it must end: in a `queue`, with a `callback` of a queue promised, "contained", or "gone". "" may be anything."""

    line: int
    how: str
    queue: str = ""
    reason: str = ""
    language: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation. `at` is local time of the contact center (naive); None: the day on which the data set stands.
    `closed_queues` are closed until tomorrow by hours of their own. With `in_line` the caller stands in the line of that queue and
    has pressed 1 to be called back; `open_hours` are the hours of every day in which it calls, None: at any.

    `source` is its file; `not_by_phone` says why no phone can hold it, "" where that is nothing of its own.
    """

    source: str
    title: str
    steps: tuple[Hears | Acts, ...]
    ends: Ends
    flow: str = "hotline"
    caller: str = "stranger"
    at: datetime | None = None
    language: str = ""
    dialled: str = "1500400"
    segment: str = ""
    records: Records = Records.GOOD
    listening: bool = True
    hours: Hours = Hours.OPEN
    closed_queues: frozenset[str] = frozenset()
    in_line: str = ""
    open_hours: tuple[int, int] | None = None
    not_by_phone: str = ""

    def place(self, line: int) -> str:
        """The place of a line, as people find it."""
        return f"{self.source}, line {line}"


def plain(words: str) -> str:
    """Words without what the ear does not hear: capitals and double spaces."""
    return " ".join(words.lower().split())
