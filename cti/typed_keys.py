"""Keys that callers press while no command of ours reads them: Asterisk drops these, but its manager interface tells of each."""

import threading
from dataclasses import dataclass
from weakref import WeakValueDictionary

from core.clock import Clock
from cti.ami import Row

END_KEY = "#"
# Who pressed a key, heard nothing come of it for so long and pressed it again has answered once.
_PRESSED_AGAIN_AFTER_S = 1.5
# Asterisk's manager interface tells of a key in its own good time, and gives that time: mostly a millisecond after the command that
# read the key has ended. What it has not told of for so long it never will: the connection was away.
_TOLD_WITHIN_S = 2.0
_MOST_WAITING = 64  # nobody types further ahead; a machine that never stops must not fill our memory
_SHORTEST_PRESS_S = 0.05  # a key is told of at its end: one that ends sooner after a sentence was begun over it


@dataclass(frozen=True, slots=True)
class _Press:
    key: str
    at_s: float


class CallerKeys:
    """The keys of one caller, in the order in which they were pressed: those that nobody read wait for the next question.

    A caller's thread takes them; the manager interface's thread brings them. Each key is told of by that, and once more by the
    command that read it, in either order.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: list[_Press] = []
        self._read: list[_Press] = []  # by a command, and not told of by the manager interface yet
        self._answered: _Press | None = None  # the last key of the answer before, when nothing was spoken since
        self._since_s = self._now_s()

    def pressed(self, key: str, at_s: float) -> None:
        """The manager interface tells of a key; `at_s` is when it does, by Asterisk's clock, in seconds since 1970."""
        with self._lock:
            while self._read and self._read[0].at_s + _TOLD_WITHIN_S < at_s:
                del self._read[0]
            read = next((index for index, press in enumerate(self._read) if press.key == key), None)
            if read is not None:
                del self._read[: read + 1]
            elif at_s >= self._since_s and len(self._waiting) < _MOST_WAITING:
                self._waiting.append(_Press(key, at_s))

    def take_first(self) -> str:
        """The key that answers a question before it is spoken; "" for none. The last key of the answer before, pressed again after
        a while in which nothing was heard, means what it meant then.
        """
        with self._lock:
            while self._waiting and self._is_again(self._waiting[0]):
                self._answered = self._waiting.pop(0)
            taken = self._take(1)
            if not taken:
                self._answered = None
            return taken

    def take(self, most: int) -> str:
        """The keys that wait, `most` at most, none behind the first "#"."""
        with self._lock:
            return self._take(most)

    def wait(self) -> bool:
        """Whether any wait."""
        return bool(self._waiting)

    def after(self, read: str, most: int) -> str:
        """The answer to a question whose command has read these keys ("" for none): with keys that were pressed before it began.

        What is more than `most` keys, or behind a "#", waits for the next question.
        """
        with self._lock:
            if read:
                self._waiting = [*self._lost_before(read[0]), *(_Press(key, self._now_s()) for key in read), *self._not_among(read)]
            return self._take(most)

    def forget(self) -> None:
        """What was pressed until now answers nothing: something was said to its end."""
        with self._lock:
            self._since_s = self._now_s() + _SHORTEST_PRESS_S
            self._waiting.clear()
            self._answered = None

    def _take(self, most: int) -> str:
        taken = "".join(press.key for press in self._waiting[:most])
        before, end, _ = taken.partition(END_KEY)
        taken = before + end
        if taken:
            self._answered = self._waiting[len(taken) - 1]
        del self._waiting[: len(taken)]
        return taken

    def _is_again(self, press: _Press) -> bool:
        before = self._answered
        return before is not None and press.key == before.key and press.at_s - before.at_s >= _PRESSED_AGAIN_AFTER_S

    def _lost_before(self, key: str) -> list[_Press]:
        """The keys that wait and were pressed just before this one, which was read; they wait no more."""
        at = next((index for index, press in enumerate(self._waiting) if press.key == key), len(self._waiting))
        earlier, self._waiting = self._waiting[:at], self._waiting[at:]
        read_s = self._waiting[0].at_s if self._waiting else self._now_s()
        return [press for press in earlier if read_s - press.at_s < _PRESSED_AGAIN_AFTER_S]

    def _not_among(self, read: str) -> list[_Press]:
        """The keys that wait without those that were read; what is not among them is still to be told of."""
        waiting = list(self._waiting)
        for key in read:
            told = next((press for press in waiting if press.key == key), None)
            if told is None:
                self._read.append(_Press(key, self._now_s()))
            else:
                waiting.remove(told)
        return waiting

    def _now_s(self) -> float:
        return self._clock.now().timestamp()


class TypedKeys:
    """The keys of all callers that are in a script."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._of: WeakValueDictionary[str, CallerKeys] = WeakValueDictionary()

    def of(self, unique_id: str) -> CallerKeys:
        """Those of the channel with this id, from now on; they are let go by when nobody holds this any more."""
        self._of[unique_id] = keys = CallerKeys(self._clock)
        return keys

    def told(self, row: Row) -> None:
        """The manager interface's DTMFEnd: a key has come to its end on a channel."""
        keys = self._of.get(row.get("uniqueid", ""))
        if keys is not None and row.get("direction") == "Received" and row.get("digit"):
            keys.pressed(row["digit"], float(row["timestamp"]))
