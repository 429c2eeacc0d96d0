"""The shipped voice: espeak-ng speaks, sox makes it fit for a telephone line."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ivr.voice import SAMPLE_RATE_HZ, VoiceFailed

_TIMEOUT_S = 10.0
_NEXT_STEP = "Check that espeak-ng and sox are installed: run ./halo doctor."
_VOICES: Mapping[str, str] = {"id": "id", "en": "en-gb"}
_SPEED_WPM = 162  # a calm speaker; slower makes a menu long, faster makes a number hard to write down
_PITCH = 40
_GAP = 1  # in 10 ms between words

# Trim espeak's own silence at both ends, keep to the telephone band, lift quiet syllables so that the mean level is about
# -20 dB with 3 dB of headroom, and leave a short pause so that sentences played one after the other don't run together.
_EFFECTS = (
    *("silence", "1", "0.01", "0.3%", "reverse", "silence", "1", "0.01", "0.3%"),
    *("fade", "t", "0.01", "reverse", "fade", "t", "0.005"),
    *("rate", "-m", str(SAMPLE_RATE_HZ), "highpass", "180", "lowpass", "3500"),
    *("compand", "0.005,0.1", "6:-60,-60,-30,-15,0,-6", "norm", "-3", "pad", "0.02", "0.2"),
)


class EspeakSynthesizer:
    """espeak-ng in Indonesian and British English."""

    @property
    def name(self) -> str:
        """Voices and settings in short."""
        return f"espeak-ng {sorted(_VOICES.items())} {_SPEED_WPM} {_PITCH} {_GAP} {_EFFECTS}"

    def speak(self, text: str, language: str, file: Path) -> None:
        """Write the spoken text to `file`; see Synthesizer. Takes about 50 ms for a sentence of ten seconds."""
        voice = _VOICES.get(language)
        if voice is None:
            raise VoiceFailed(f"espeak-ng has no voice for language {language!r}.", f"Use one of: {', '.join(_VOICES)}.")
        settings = ("-v", voice, "-s", str(_SPEED_WPM), "-p", str(_PITCH), "-g", str(_GAP))
        # On standard input, so that no text is taken for an option; "[[" would begin phoneme names.
        spoken = _run(("espeak-ng", *settings, "-b", "1", "--stdin", "--stdout"), text.replace("[[", " ").encode())
        shape = ("-b", "16", "-e", "signed-integer", "-c", "1", "-t", "wav", str(file))
        _run(("sox", "-V1", "-t", "wav", "-", *shape, *_EFFECTS), spoken)


def _run(command: Sequence[str], given: bytes) -> bytes:
    program = command[0]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except FileNotFoundError:
        raise VoiceFailed(f"{program} is not installed.", _NEXT_STEP) from None
    except subprocess.TimeoutExpired:
        raise VoiceFailed(f"{program} did not finish within {_TIMEOUT_S:.0f} s.", _NEXT_STEP) from None
    except OSError as problem:
        raise VoiceFailed(f"{program} could not be started: {problem}.", _NEXT_STEP) from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise VoiceFailed(f"{program} failed: {said[-1] if said else f'exit {done.returncode}'}.", _NEXT_STEP)
    return done.stdout
