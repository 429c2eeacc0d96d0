"""A message for callers from a sound file that somebody brings or spoke: made fit for the telephone, checked, and kept."""

import subprocess
import wave
from pathlib import Path

from core.errors import BadInput
from core.ids import new_id
from ivr.closings import closings_folder
from ivr.voice import SAMPLE_RATE_HZ, recording_problem

LONGEST_S = 180.0
_SHORTEST_S = 0.5
_TIMEOUT_S = 20.0
_NEXT_STEP = "Bring a WAV file of at most three minutes, or have the text spoken."


def keep_recording(home: Path, source: Path) -> str:
    """Keep a copy of the WAV file `source` for closings; returns its name in `closings_folder`.

    A file of another rate or with two channels is converted. Raises BadInput for what is no sound, too short or too long.
    """
    folder = closings_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{new_id()}.wav"
    part = kept.with_suffix(".part")
    try:
        _convert(source, part)
        problem = recording_problem(part)
        length_s = 0.0 if problem else recording_length_s(part)
        if problem or not _SHORTEST_S <= length_s <= LONGEST_S:
            raise BadInput(f"The recording can't be used: {problem or f'it lasts {length_s:.1f} s'}.", _NEXT_STEP)
        part.replace(kept)
    finally:
        part.unlink(missing_ok=True)
    return kept.name


def recording_length_s(file: Path) -> float:
    """How long a plain WAV file plays."""
    with wave.open(str(file), "rb") as sound:
        return sound.getnframes() / sound.getframerate()


def _convert(source: Path, target: Path) -> None:
    """To one channel, 16 bit, 8 kHz; stops after a little more than LONGEST_S, however long the source claims to be."""
    command = ["sox", "-t", "wav", str(source), "-t", "wav", "-b", "16", "-e", "signed-integer", "-c", "1", str(target)]
    effects = ["rate", "-m", str(SAMPLE_RATE_HZ), "trim", "0", str(LONGEST_S + 1)]
    try:
        subprocess.run([*command, *effects], check=True, capture_output=True, timeout=_TIMEOUT_S)
    except FileNotFoundError:
        raise BadInput("The recording can't be converted: sox is missing.", "Run ./halo doctor.") from None
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise BadInput("The recording is no WAV file that can be read.", _NEXT_STEP) from None
