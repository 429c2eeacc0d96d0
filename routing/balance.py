"""How a queue's calls are shared out over the agents who are able to take them."""

from dataclasses import dataclass
from enum import StrEnum


class Balance(StrEnum):
    """How a queue shares out its calls."""

    LONGEST_IDLE = "longest_idle"
    LEAST_OCCUPIED = "least_occupied"
    MOST_PROFICIENT = "most_proficient"


@dataclass(frozen=True, slots=True)
class Choice:
    """How one of several is chosen: first whoever's other skills are least scarce, if so wanted, then by the balance."""

    balance: Balance = Balance.LONGEST_IDLE
    keep_scarce_free: bool = False


LONGEST_IDLE = Choice()
