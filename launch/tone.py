"""The tone after which callers speak; Asterisk plays it by itself before it records."""

import math
import struct
import wave
from pathlib import Path

from ivr.voice import SAMPLE_RATE_HZ

TONE_HZ, LENGTH_S, LEVEL = 1000, 0.25, 0.3
_FADE_S = 0.01


def make_tone(file: Path) -> None:
    """Write it, unless it is there."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with wave.open(str(fresh), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE_HZ)
        sound.writeframes(b"".join(struct.pack("<h", _sample(number)) for number in range(int(LENGTH_S * SAMPLE_RATE_HZ))))
    fresh.replace(file)


def _sample(number: int) -> int:
    """Faded in and out, so that it does not click."""
    at_s = number / SAMPLE_RATE_HZ
    fade = min(1.0, at_s / _FADE_S, (LENGTH_S - at_s) / _FADE_S)
    return round(32767 * LEVEL * fade * math.sin(2 * math.pi * TONE_HZ * at_s))
