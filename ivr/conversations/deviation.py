"""Where a conversation went otherwise than written: which way, at which line, with what was wanted and what came instead."""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """The ways in which a conversation can go otherwise."""

    HEARD_OTHER = "heard_other"  # another sentence than the one that is wanted
    HEARD_NOTHING = "heard_nothing"
    HEARD_UNWANTED = "heard_unwanted"  # the sentence that must not be heard
    ENDED_EARLY = "ended_early"  # before the caller's turn that is wanted
    NOT_ENDED = "not_ended"  # the caller is asked something more
    OTHER_END = "other_end"


_ENGLISH = {
    Way.HEARD_OTHER: "expected {wanted}; heard instead: {instead}.",
    Way.HEARD_NOTHING: "expected {wanted}; heard instead: nothing.",
    Way.HEARD_UNWANTED: "expected not {wanted}; heard instead: {instead}.",
    Way.ENDED_EARLY: "expected the caller {wanted}; heard instead: the call ended: {instead}.",
    Way.NOT_ENDED: "expected the end of the call; heard instead: a question: {instead}.",
    Way.OTHER_END: "expected the end {wanted}; it ended: {instead}.",
}


@dataclass(frozen=True, slots=True)
class Deviation:
    """`wanted` and `instead` are written as in a conversation's file, sentences with their words behind their key."""

    way: Way
    file: str
    line: int
    wanted: str
    instead: str

    def __str__(self) -> str:
        said = _ENGLISH[self.way].format(wanted=self.wanted, instead=self.instead or "nothing")
        return f"{self.file}, line {self.line}: {said}"

    def fields(self) -> dict[str, str]:
        """Everything but the way, as text."""
        return {"file": self.file, "line": str(self.line), "wanted": self.wanted, "instead": self.instead}
