"""A caller who listens: what was heard so far in a call, and until when a sentence lasts."""

import numpy as np

from core.clock import stopwatch_s
from launch.demo.carrier import Call
from launch.demo.hearing import ANYWHERE, RATE, Sound, found_at_s, is_whole, samples

EARLY_S = 0.3  # how much earlier a sentence may be found than it began: the search is that exact
_LOOK_EVERY_S = 0.05
_CLOSES_WITHIN_S = 10.0


class Listener:
    """Follows the recording of one call as it grows; Asterisk writes it two seconds at a time."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.sound: Sound = np.zeros(0)
        self._grew_at_s = stopwatch_s()

    @property
    def length_s(self) -> float:
        """How much was heard."""
        return len(self.sound) / RATE

    def wait_for(self, sentence: Sound, after_s: float, timeout_s: float) -> float | None:
        """Wait until the sentence is heard that begins at `after_s` or later; returns where it begins, None when it never does:
        the time is over, or the call."""
        end_s = stopwatch_s() + timeout_s
        while True:
            if self._listen() and (found := self._begins_of(sentence, after_s)):
                return found[0]
            if self._call.ended.is_set():
                self.hear_out()
                return next(iter(self._begins_of(sentence, after_s)), None)
            if stopwatch_s() > end_s:
                return None
            self._call.ended.wait(_LOOK_EVERY_S)

    def wait_until(self, position_s: float) -> bool:
        """Wait until the call has come to this place of the recording; False when it ended before."""
        left_s = self._grew_at_s + position_s - self.length_s - stopwatch_s()
        return not self._call.ended.wait(max(0.0, left_s))

    def hear_out(self) -> None:
        """Wait until the recording of an ended call is whole."""
        end_s = stopwatch_s() + _CLOSES_WITHIN_S
        while not (self._call.heard.exists() and is_whole(self._call.heard)) and stopwatch_s() < end_s:
            self._call.ended.wait(_LOOK_EVERY_S)
        self._listen()

    def _begins_of(self, sentence: Sound, after_s: float) -> list[float]:
        return found_at_s(self.sound, sentence, max(0.0, after_s - EARLY_S), ANYWHERE)

    def _listen(self) -> bool:
        """Read on; whether there is more than before."""
        if not self._call.heard.exists() or self._call.heard.stat().st_size <= 44 + 2 * len(self.sound):
            return False
        sound = samples(self._call.heard)
        grew = len(sound) > len(self.sound)
        if grew:
            self.sound, self._grew_at_s = sound, stopwatch_s()
        return grew
