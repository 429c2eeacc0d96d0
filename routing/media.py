"""What an agent can have in hand at once: a call takes the whole agent, of others several fit in."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

VOICE, CHAT = "voice", "chat"
CALLS_ONLY: Mapping[str, int] = {VOICE: 1}


def load_of(capacity: Mapping[str, int], in_hand: Mapping[str, int]) -> Fraction:
    """How much of an agent is taken, 0 to 1 of what fits: each interaction takes 1 / (as many of its medium as fit at once).

    What is in hand though its medium is none of theirs any more takes the whole agent.
    """
    return sum((Fraction(count, capacity.get(medium) or 1) for medium, count in in_hand.items()), Fraction(0))


def open_media(capacity: Mapping[str, int], in_hand: Mapping[str, int]) -> Iterator[str]:
    """For which media one more fits in. `capacity` is how many of each fit at once when there is nothing else."""
    load = load_of(capacity, in_hand)
    return (medium for medium, most in capacity.items() if most > 0 and load + Fraction(1, most) <= 1)
