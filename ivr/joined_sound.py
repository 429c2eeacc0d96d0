"""Several sounds as one file, for players that take only one. Made in a millisecond or two, kept by content."""

import hashlib
import os
import wave
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core.ids import new_id
from ivr.voice import SAMPLE_RATE_HZ

_SILENCE_S = 0.02


def joined_sound(files: Sequence[Path], folder: Path) -> Path:
    """One plain WAV file in `folder` with the sounds one after the other; a blink of silence for none, itself for one.

    The same files, unchanged, give the same file again. All must be 16-bit PCM, one channel, 8 kHz. Raises OSError when one
    is gone or the folder can't be written.
    """
    if len(files) == 1:
        return files[0]
    parts = [f"{file}|{found.st_mtime_ns}|{found.st_size}" for file in files for found in (file.stat(),)]
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    target = folder / f"joined-{name}.wav"
    with suppress(FileNotFoundError):
        os.utime(target)  # in use: the last to be cleaned away
        return target
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"joined-{name}.{new_id()}.part"
    try:
        with wave.open(str(part), "wb") as output:
            output.setnchannels(1)
            output.setsampwidth(2)
            output.setframerate(SAMPLE_RATE_HZ)
            for file in files:
                with wave.open(str(file), "rb") as sound:
                    output.writeframes(sound.readframes(sound.getnframes()))
            if not files:
                output.writeframes(bytes(round(_SILENCE_S * SAMPLE_RATE_HZ) * 2))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def length_s(file: Path) -> float:
    """How long a WAV file plays."""
    with wave.open(str(file), "rb") as sound:
        return sound.getnframes() / sound.getframerate()
