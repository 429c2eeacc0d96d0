"""What a recorded caller said, in writing: the port, and how caught words become text that can't be mistaken for all of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

UNKNOWN = "[unk]"
GAP = "…"
# In a few sentences of synthetic voices, words of the menus came with 0.9 or more, and so did some that were never said; below,
# nearly all were wrong. How many is not known, of human voices least of all: whoever reads keywords must be told that they may
# be misheard.
SURE_ENOUGH = 0.85


@dataclass(frozen=True, slots=True)
class CaughtWord:
    """A word as a recogniser wrote it, with its confidence from 0 to 1."""

    word: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """`text` of one recording; None when the file can't be listened to. `keywords_only`: most words are missing from it."""

    text: str | None
    keywords_only: bool


class Transcriber(Protocol):
    """Listens to recordings, bounded in time and memory."""

    @property
    def languages(self) -> frozenset[str]:
        """Those for which a model is there."""
        ...

    def transcribe(self, files: Sequence[Path], language: str) -> Iterator[Transcript]:
        """A transcript for each file in turn, which may be fewer: the rest is for another time.

        Raises Unavailable when this language can't be listened to now.
        """
        ...


def keyword_text(words: Iterable[CaughtWord]) -> str:
    """The words that were caught for sure, with "…" for each stretch between them; "" when there was none."""
    parts: list[str] = []
    for word in words:
        part = GAP if word.word == UNKNOWN or word.confidence < SURE_ENOUGH else word.word
        if part != GAP or parts[-1:] != [GAP]:
            parts.append(part)
    return " ".join(parts) if set(parts) - {GAP} else ""


def full_text(words: Iterable[CaughtWord]) -> str:
    """Everything, as the recogniser wrote it."""
    return " ".join(GAP if word.word in (UNKNOWN, "<unk>") else word.word for word in words)
