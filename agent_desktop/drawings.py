"""The wallboard as HTML, drawn once for all who look at it in the same language."""

import json
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock

REDRAW_AFTER = timedelta(seconds=2)  # some numbers change by time alone: who has waited past the target, the last hour


@dataclass(frozen=True, slots=True)
class Drawing:
    """One state of the board. `html_json` is `html` as a JSON text, ready to be sent."""

    version: int
    at: datetime
    html: str
    html_json: str


class Drawings:
    """Keeps the newest drawing for each language; thread-safe. `draw` gives the board's version and its HTML."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._drawing = defaultdict[str, threading.Lock](threading.Lock)
        self._newest: dict[str, Drawing] = {}

    def newest(self, language: str, version: Callable[[], int], draw: Callable[[], tuple[int, str]]) -> Drawing:
        """The board at `version()` or later, drawn at most REDRAW_AFTER ago. Whoever comes first draws, the others wait."""
        with self._drawing[language]:
            known, now = self._newest.get(language), self._clock.now()
            if known is not None and known.version >= version() and now - known.at < REDRAW_AFTER:
                return known
            drawn_version, html = draw()
            self._newest[language] = Drawing(drawn_version, now, html, json.dumps(html))
            return self._newest[language]
