"""What Asterisk has recorded of a caller: whether somebody spoke in it at all."""

import wave
from pathlib import Path

import numpy as np

from ivr.line import Recording

FRAME_S = 0.02
LOUD = 300.0  # root mean square of a frame of speech on a telephone line; its noise stays under 100
SHORTEST_SPEECH_S = 0.2


def spoken_in(file: Path) -> Recording | None:
    """The recording in this file; None, and the file is gone, when there is none or nobody spoke."""
    try:
        with wave.open(str(file), "rb") as sound:
            rate, samples = sound.getframerate(), np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    except FileNotFoundError:
        return None
    except (wave.Error, EOFError):
        rate, samples = 1, np.zeros(0, np.int16)
    if loud_s(samples, rate) < SHORTEST_SPEECH_S:
        file.unlink(missing_ok=True)
        return None
    return Recording(file, len(samples) / rate)


def loud_s(samples: np.ndarray[tuple[int], np.dtype[np.int16]], rate: int) -> float:
    """How many seconds of it are as loud as speech."""
    frame = max(1, int(rate * FRAME_S))
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame).astype(np.float64)
    return float(np.count_nonzero(np.sqrt((frames**2).mean(axis=1)) > LOUD)) * FRAME_S if len(frames) else 0.0
