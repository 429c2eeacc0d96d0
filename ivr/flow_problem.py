"""Something wrong with a flow, told to whoever wrote it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that an administrator must mend (`serious`: before it can be published) and how. `place` has file and line."""

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
