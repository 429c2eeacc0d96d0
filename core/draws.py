"""Chance that can be drawn again: what is drawn for a name is the same whenever and wherever it is asked. Pure."""

from hashlib import sha256

_RANGE = 2**64


def is_drawn(name: str, share: float) -> bool:
    """Whether `name` is among the share `share` (0 to 1) of all names. A larger share holds everybody of a smaller one."""
    return int.from_bytes(sha256(name.encode()).digest()[:8]) < share * _RANGE
