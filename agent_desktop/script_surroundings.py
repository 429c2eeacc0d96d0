"""What call scripts must go with on this installation."""

from collections.abc import Iterable

from ivr.reasons import Reason
from scripts.checks import Surroundings


def surroundings(queues: Iterable[str]) -> Surroundings:
    """These queues, and the codes of why callers call."""
    return Surroundings(list(queues), [reason.value for reason in Reason])
