"""How long a way is: in seconds and in turns of the caller."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Length:
    """`seconds_s` comes first: it is what a caller feels. A turn is what a caller does, or fails to do, at a question."""

    seconds_s: float
    turns: int

    def __add__(self, other: "Length") -> "Length":
        return Length(self.seconds_s + other.seconds_s, self.turns + other.turns)


NOWHERE = Length(0.0, 0)
