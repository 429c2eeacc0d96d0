"""Who leads which partition: whoever has least to do. A rule, and what a process tells of itself to the others."""

from dataclasses import dataclass

OTHERS_FIRST_S = 0.3  # so much later than others the main leader asks for a partition that nobody leads
EACH_S, MOST_S = 0.05, 0.3  # and everybody so much later for each partition that they lead already


@dataclass(frozen=True, slots=True)
class Duties:
    """What a process leads: whether the main partition, and how many others."""

    main: bool
    partitions: int

    def asks_after_s(self) -> float:
        """How long to leave a lease that nobody has to those who do less, in seconds."""
        return self.main * OTHERS_FIRST_S + min(self.partitions * EACH_S, MOST_S)

    def should_hand_over_to(self, other: "Duties") -> bool:
        """Whether one of these partitions is better led by another process that waits for it.

        The main leader keeps none while others are there, and of two others nobody leads two more than the other.
        """
        if self.main != other.main:
            return self.main
        return other.partitions + 1 < self.partitions

    def to_text(self) -> str:
        """As it stands in Redis."""
        return f"{int(self.main)} {self.partitions}"

    @classmethod
    def from_text(cls, text: str) -> "Duties":
        """What `to_text` wrote. Raises ValueError on anything else."""
        main, partitions = text.split()
        return cls(main == "1", int(partitions))
