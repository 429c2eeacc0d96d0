"""Telephone sound (8 kHz) for models that were trained on 16 kHz."""

import numpy as np

_TAPS = 63
_MIDDLE = _TAPS // 2


def _low_pass() -> np.ndarray:
    """A half-band low-pass (windowed sinc), twice as loud because every second sample it works on is zero."""
    place = np.arange(_TAPS) - _MIDDLE
    return np.sinc(place / 2) * np.hamming(_TAPS)


class Upsampler:
    """Doubles the rate of a stream of 16-bit samples, piece by piece, 2 ms late. For one stream."""

    def __init__(self) -> None:
        self._filter = _low_pass()
        self._before = np.zeros(_TAPS - 1)

    def double(self, sound: bytes) -> bytes:
        """The next piece at 16 kHz; little-endian on both sides. `sound` holds whole samples."""
        samples = np.frombuffer(sound, dtype="<i2").astype(np.float64)
        stuffed = np.zeros(2 * len(samples))
        stuffed[::2] = samples
        whole = np.concatenate([self._before, stuffed])
        self._before = whole[len(whole) - (_TAPS - 1) :]
        doubled = np.convolve(whole, self._filter, "valid")
        return bytes(np.clip(np.round(doubled), -32768, 32767).astype("<i2").tobytes())
