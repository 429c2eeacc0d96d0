"""Something wrong with a text that somebody wrote for Halo, told to whoever wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be mended (`serious`: before the text can be in force), and how. `place` has file and line."""

    place: str
    message: str
    next_step: str
    serious: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.message} {self.next_step}"

    @property
    def line(self) -> int:
        """The line of the file, from 1."""
        return int(self.place.rsplit(" ", 1)[-1])


class Faults(BadInput):
    """A text that can't be read or published; the message names each of its problems with its line."""

    def __init__(self, problems: Sequence[Problem], next_step: str) -> None:
        super().__init__("\n".join(map(str, problems)), next_step)
        self.problems = tuple(problems)
