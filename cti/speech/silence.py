"""Tells silence from what may be speech: a caller who listens to a prompt is silent, and silence costs as much as words do."""

import numpy as np
from numpy.typing import NDArray

from ivr.speech.recognizer import BYTES_PER_S

# Root mean square of a frame of 16-bit samples. Speech lies at 1,000 to 5,000, whispers at 200, a quiet line below 50. Where a
# line's own noise is above, everything is heard.
QUIETEST_SPEECH = 80.0
# A word begins softly: so much from before the first loud frame is heard, too.
LEAD_S = 0.4
# And so much after the last one; longer while a word, or a number, is not over.
TAIL_S = 1.0
FRAME_BYTES = 320  # 20 ms
_LEAST_ENERGY = QUIETEST_SPEECH**2 * FRAME_BYTES / 2  # the sum of squares of the quietest loud frame


class Silence:
    """Looks at all sound of one question, piece by piece, and keeps the end of what need not be heard."""

    def __init__(self) -> None:
        self._quiet_s = TAIL_S
        self._lead = b""

    def covers(self, sound: bytes) -> bool:
        """Whether nothing near this piece may be speech."""
        self._quiet_s = 0.0 if is_loud(sound) else self._quiet_s + len(sound) / BYTES_PER_S
        return self._quiet_s >= TAIL_S

    def keep(self, sound: bytes) -> None:
        """This piece is not heard now."""
        self._lead = (self._lead + sound)[-int(LEAD_S * BYTES_PER_S) :]

    def with_lead(self, sound: bytes) -> bytes:
        """This piece, and what was kept from just before it."""
        whole, self._lead = self._lead + sound, b""
        return whole


def is_loud(sound: bytes) -> bool:
    """Whether any 20 ms of it may be speech; what is left at the end, shorter than that, counts as one."""
    whole = len(sound) // FRAME_BYTES * FRAME_BYTES
    if whole == len(sound) and _energy(sound) < _LEAST_ENERGY:
        return False  # however it is spread over the frames: nearly all silence ends here, at a tenth of the cost
    return bool(np.any(levels(sound[:whole]) >= QUIETEST_SPEECH)) or _level(sound[whole : len(sound) // 2 * 2]) >= QUIETEST_SPEECH


def levels(sound: bytes) -> NDArray[np.float32]:
    """The root mean square of each whole frame of 16-bit little-endian samples, shape (frames,)."""
    whole = len(sound) // FRAME_BYTES * FRAME_BYTES
    frames = np.frombuffer(sound[:whole], dtype="<i2").reshape(-1, FRAME_BYTES // 2).astype(np.float32)
    root: NDArray[np.float32] = np.sqrt(np.mean(frames * frames, axis=1)) if len(frames) else np.zeros(0, np.float32)
    return root


def _level(sound: bytes) -> float:
    return float(np.sqrt(_energy(sound) / (len(sound) // 2))) if sound else 0.0


def _energy(sound: bytes) -> float:
    samples = np.frombuffer(sound, dtype="<i2").astype(np.float32)
    return float(np.dot(samples, samples))
