"""Which speech engine listens to a caller: the one with the fewest callers among those that answer.

A caller's thread chooses among the fronts of Asterisk's speech so, and a front among its recognisers.
"""

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from core.clock import stopwatch_s
from core.log import get_log

# How long a recogniser that did not answer is asked last. Its manager needs about a second to start it again.
SET_ASIDE_S = 2.0
_READY_WAIT_S = 0.3
_LONGEST_LIFE = 100
# What is done between two AGI commands must be short (see VoiceLine): one that answered a moment ago is not asked again.
_READY_FOR_S = 1.0

_log = get_log(__name__)


class SpeechEngines:
    """Speech engines, by name, and their ports. Shared by all callers' threads.

    `is_ready` tells whether the engine at a port answers; `life` the name of the process that does, "" for none.
    """

    def __init__(
        self, ports: Mapping[str, int], is_ready: Callable[[int], bool] | None = None, life: Callable[[int], str] | None = None
    ) -> None:
        self._ports = dict(ports)
        self._is_ready, self._life_at = is_ready or answers_at, life or life_at
        self._lives: dict[str, tuple[float, str]] = {}
        self._callers = dict.fromkeys(ports, 0)
        self._failed_at_s: dict[str, float] = {}
        self._ready_at_s: dict[str, float] = {}
        self._all_dead = False
        self._lock = threading.Lock()

    def in_order(self) -> list[str]:
        """All of them, the one to try first first: those set aside last, else by how many callers each has."""
        now_s = stopwatch_s()
        with self._lock:
            return sorted(self._callers, key=lambda name: (self._is_aside(name, now_s), self._callers[name]))

    def is_ready(self, name: str) -> bool:
        """Whether this one answers just now. To be asked before Asterisk connects: for one that is stopped but not dead,
        which takes connections and says nothing, Asterisk would have the caller wait in silence for a minute."""
        ready_at_s = self._ready_at_s.get(name)
        if ready_at_s is not None and stopwatch_s() - ready_at_s < _READY_FOR_S:
            return True
        is_ready = self._is_ready(self._ports[name])
        if is_ready:
            with self._lock:
                self._ready_at_s[name] = stopwatch_s()
        return is_ready

    def life(self, name: str) -> str:
        """Which process this one is, as of a second ago at most; "" while none answers."""
        known = self._lives.get(name)
        if known is None or stopwatch_s() - known[0] >= _READY_FOR_S:
            known = self._lives[name] = (stopwatch_s(), self._life_at(self._ports[name]))
        return known[1]

    @contextmanager
    def listening(self, name: str) -> Iterator[None]:
        """This engine has one more caller for as long as the block lasts."""
        with self._lock:
            self._callers[name] += 1
        try:
            yield
        finally:
            with self._lock:
                self._callers[name] -= 1

    def failed(self, name: str) -> None:
        """This one could not be reached, or died in the middle."""
        _log.info("speech_engine_failed", engine=name)
        with self._lock:
            self._failed_at_s[name] = stopwatch_s()
            self._ready_at_s.pop(name, None)

    def answers(self, name: str) -> None:
        """This one does answer."""
        with self._lock:
            self._failed_at_s.pop(name, None)
            came_back, self._all_dead = self._all_dead, False
        if came_back:
            _log.info("speech_is_back")

    def none_answers(self) -> None:
        """Not one could be reached: callers go by key alone. Said once, until one is back."""
        with self._lock:
            first, self._all_dead = bool(self._callers) and not self._all_dead, True
        if first:
            _log.error("no_speech_engine_answers", next_step="callers go by key alone; run ./halo status")

    def _is_aside(self, name: str, now_s: float) -> bool:
        failed_at_s = self._failed_at_s.get(name)
        return failed_at_s is not None and now_s - failed_at_s < SET_ASIDE_S


def answers_at(port: int) -> bool:
    """Whether the recogniser at this port answers in time; takes 1 to 2 ms."""
    return bool(life_at(port))


def life_at(port: int) -> str:
    """The name of the process that answers at this port in time; "" for none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_READY_WAIT_S)
    try:
        connection.request("GET", "/ready")
        answer = connection.getresponse()
        return answer.read(_LONGEST_LIFE).decode("ascii", "replace").strip() if answer.status == http.client.OK else ""
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
