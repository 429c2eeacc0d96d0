"""Keeps the newest drawing of today's rows for each language, for all who look."""

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from core.clock import Clock

if TYPE_CHECKING:
    from agent_desktop.day_rows import DrawnDay  # it needs the services, which hold this

_REDRAW_AFTER = timedelta(seconds=1)


class DrawnDays:
    """Thread-safe. Whoever comes first draws, the others wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._drawing = defaultdict[str, threading.Lock](threading.Lock)
        self._newest: dict[str, DrawnDay] = {}

    def newest(self, language: str, version: int, draw: "Callable[[DrawnDay | None], DrawnDay]") -> "DrawnDay":
        """The rows of `version` or later, at most a second old; `draw` gets those before, some of which may be as they were."""
        with self._drawing[language]:
            known = self._newest.get(language)
            if known is None or known.version < version or self._clock.now() - known.at >= _REDRAW_AFTER:
                self._newest[language] = draw(known)
            return self._newest[language]
