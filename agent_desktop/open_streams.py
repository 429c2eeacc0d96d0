"""How many pushed pages each person has open: every one holds a thread of the desk, so nobody may have them without end."""

import threading
from collections import Counter

from core.errors import HaloError

MOST_OF_ONE = 32  # a wall of boards with one log-in, and every tab of a person


class TooMany(HaloError):
    """One page asks too often, or one person has too many open."""

    code = "too_many"
    retryable = True


class OpenStreams:
    """Counts them by user, in this process."""

    def __init__(self, most_of_one: int = MOST_OF_ONE) -> None:
        self._most, self._open, self._lock = most_of_one, Counter[int](), threading.Lock()

    def opened(self, user_id: int) -> None:
        """One more. Raises TooMany, and counts nothing, when it would be too many."""
        with self._lock:
            if self._open[user_id] >= self._most:
                raise TooMany("This person has too many pages open.", "Close some.")
            self._open[user_id] += 1

    def closed(self, user_id: int) -> None:
        """One less."""
        with self._lock:
            self._open[user_id] -= 1
            if not self._open[user_id]:
                del self._open[user_id]
